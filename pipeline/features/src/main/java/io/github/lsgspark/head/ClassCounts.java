package io.github.lsgspark.head;

import io.github.lsgspark.config.HeadSettings.ClassWeights;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How many labelled samples each class has.
 *
 * @param names of the classes [C]
 * @param counts of their samples [C]
 * @param weights of one sample of each class [C]; their mean over samples is 1
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
public record ClassCounts(List<String> names, long[] counts, double[] weights)
    implements Serializable {

  static ClassCounts of(List<String> names, long[] counts, ClassWeights kind) {
    double[] weights = new double[counts.length];
    long all = Arrays.stream(counts).sum();
    long seen = Arrays.stream(counts).filter(count -> count > 0).count();
    for (int c = 0; c < weights.length; c++) {
      weights[c] =
          kind == ClassWeights.BALANCED && counts[c] > 0 ? (double) all / seen / counts[c] : 1;
    }
    return new ClassCounts(List.copyOf(names), counts, weights);
  }

  /** C. */
  public int size() {
    return counts.length;
  }

  /** Samples of all classes. */
  public long samples() {
    return Arrays.stream(counts).sum();
  }

  /** Samples of a class that has some, on average. */
  double samplesOfEach() {
    return (double) samples() / Math.max(1, Arrays.stream(counts).filter(n -> n > 0).count());
  }

  /** Names of the classes that have no sample. */
  public List<String> empty() {
    List<String> empty = new ArrayList<>();
    for (int c = 0; c < counts.length; c++) {
      if (counts[c] == 0) {
        empty.add(names.get(c));
      }
    }
    return empty;
  }
}
