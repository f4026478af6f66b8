package io.github.lsgspark.dataset;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.Seeds;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * Draws, per class, which training samples are set aside for the test, where the source has no test
 * split, which for validation, and which of the others keep their label; of unseen classes none is
 * for validation or keeps its label. A sample's rank is a hash of (seed, purpose, id), so the draw
 * depends on neither order nor partitions; only one threshold per class and purpose travels to
 * executors.
 */
final class SplitAssignment implements Serializable {
  private static final long serialVersionUID = 1L;

  private final long testSeed;
  private final long seed;
  private final Map<Integer, Long> testUpTo = new TreeMap<>();
  private final Map<Integer, Long> validationUpTo = new TreeMap<>();
  private final Map<Integer, Long> labelledUpTo = new TreeMap<>();

  private SplitAssignment(long testSeed, long seed) {
    this.testSeed = testSeed;
    this.seed = seed;
  }

  /**
   * @param idsByClass ids of all readable training samples of each class
   * @param unseen classes that stay without a label
   * @param testFraction share of each class that becomes the test split
   * @param data shares and budget of what is left, and the seed of the test split
   * @param seed of validation samples and labels
   */
  static SplitAssignment draw(
      Map<Integer, List<String>> idsByClass,
      Set<Integer> unseen,
      double testFraction,
      DataSettings data,
      long seed) {
    SplitAssignment drawn = new SplitAssignment(data.testSeed(), seed);
    idsByClass.forEach(
        (label, ids) -> {
          List<String> rest = without(ids, testFraction, drawn::testRank, label, drawn.testUpTo);
          if (unseen.contains(label)) {
            return;
          }
          rest =
              without(
                  rest,
                  data.validationFraction(),
                  drawn::validationRank,
                  label,
                  drawn.validationUpTo);
          long[] ranks = rest.stream().mapToLong(drawn::labelRank).sorted().toArray();
          drawn.labelledUpTo.put(label, ranks[data.labelBudget().of(ranks.length) - 1]);
          assert Arrays.stream(ranks).distinct().count() == ranks.length;
        });
    return drawn;
  }

  /** What is left when the samples of lowest rank are set aside: one sample at least. */
  private static List<String> without(
      List<String> ids,
      double fraction,
      ToLongFunction<String> rank,
      int label,
      Map<Integer, Long> upTo) {
    int held = Math.min((int) Math.round(fraction * ids.size()), ids.size() - 1);
    if (held == 0) {
      return ids;
    }
    long limit = ids.stream().mapToLong(rank).sorted().skip(held - 1L).findFirst().orElseThrow();
    upTo.put(label, limit);
    return ids.stream().filter(id -> rank.applyAsLong(id) > limit).toList();
  }

  /** The split of a training sample. */
  String of(int label, String id) {
    if (isUpTo(testUpTo.get(label), testRank(id))) {
      return SampleTable.TEST;
    }
    if (isUpTo(validationUpTo.get(label), validationRank(id))) {
      return SampleTable.VALIDATION;
    }
    return isUpTo(labelledUpTo.get(label), labelRank(id))
        ? SampleTable.TRAIN
        : SampleTable.UNLABELLED;
  }

  private static boolean isUpTo(Long limit, long rank) {
    return limit != null && rank <= limit;
  }

  private long testRank(String id) {
    return Seeds.derive(testSeed, "test", id);
  }

  private long validationRank(String id) {
    return Seeds.derive(seed, "validation", id);
  }

  private long labelRank(String id) {
    return Seeds.derive(seed, "label budget", id);
  }
}
