package io.github.lsgspark.report.explanation;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The accuracy of one class under two methods.
 *
 * @param label class number
 * @param samples of it in the test split
 * @param accuracy percent
 */
record ClassGain(int label, long samples, Paired accuracy) {

  /**
   * Every class that has test samples with some seed, greatest gain first; of equal gains the lower
   * class number comes first.
   */
  static List<ClassGain> of(List<SeedPair> pairs, int classes) {
    return IntStream.range(0, classes)
        .mapToObj(
            label ->
                new ClassGain(
                    label,
                    pairs.stream().mapToLong(p -> p.method().count(label)).max().orElse(0),
                    Paired.of(pairs, run -> run.accuracy(label))))
        .filter(gain -> gain.accuracy().isMeasured())
        .sorted(
            Comparator.comparingDouble((ClassGain gain) -> -gain.accuracy().difference().mean())
                .thenComparingInt(ClassGain::label))
        .toList();
  }

  double mean() {
    return accuracy.difference().mean();
  }
}
