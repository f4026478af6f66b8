package io.github.lsgspark.head;

import io.github.lsgspark.features.FeatureSlice;
import java.util.List;
import java.util.Optional;

/**
 * A head, and how it was chosen.
 *
 * @param transform of the features of the chosen layers
 * @param head whose scores, divided by the best candidate's temperature, are logits
 * @param best what was chosen
 * @param tried everything that was tried, in order
 * @param samples labelled ones
 * @param emptyClasses names of classes without a labelled sample
 * @param texts the map to the texts of classes, where settings ask for one
 */
public record FittedHead(
    FeatureTransform transform,
    LinearHead head,
    Candidate best,
    List<Tried> tried,
    long samples,
    List<String> emptyClasses,
    Optional<TextMap> texts) {

  /**
   * A candidate on a set of layers.
   *
   * @param layers names, joined by +
   */
  public record Tried(String layers, Candidate candidate) {}

  /**
   * The same transform and choice with another head, at its own temperature.
   *
   * <p>What leave-one-out says stays that of the head it was asked of.
   */
  FittedHead with(LinearHead other, double temperature) {
    return new FittedHead(
        transform, other, best.withTemperature(temperature), tried, samples, emptyClasses, texts);
  }

  /** The same with a map to the texts of classes. */
  FittedHead with(TextMap map) {
    return new FittedHead(transform, head, best, tried, samples, emptyClasses, Optional.of(map));
  }

  /** The head with logits for scores. */
  public LinearHead logits() {
    return head.dividedBy(best.temperature());
  }

  /** Names of the chosen layers, joined by +. */
  public String layers() {
    return name(transform.slices());
  }

  static String name(List<FeatureSlice> slices) {
    return String.join("+", slices.stream().map(FeatureSlice::name).toList());
  }
}
