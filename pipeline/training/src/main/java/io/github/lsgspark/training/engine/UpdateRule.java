package io.github.lsgspark.training.engine;

import java.util.List;

/**
 * The step of SGD that an engine takes with the sum g of the gradients of all replicas, for the
 * weights w, the velocity v and a rate: g shortened to the clip if it is longer; g = g + decay w; v
 * = momentum v + g; w = w - rate factor (g + momentum v).
 *
 * @param clip largest norm of g; 0: none
 * @param parts one after the other, all weights
 */
public record UpdateRule(double momentum, double decay, double clip, List<Part> parts) {

  /** Neighbouring weights that share the factor of the rate. */
  public record Part(int length, double factor) {}

  /** Weights in all. */
  public int size() {
    return parts.stream().mapToInt(Part::length).sum();
  }

  /** The factor of each weight of a slice. */
  public float[] factors(int start, int length) {
    float[] factors = new float[length];
    int at = 0;
    for (Part part : parts) {
      int from = Math.max(at, start);
      int to = Math.min(at + part.length(), start + length);
      for (int i = from; i < to; i++) {
        factors[i - start] = (float) part.factor();
      }
      at += part.length();
    }
    return factors;
  }
}
