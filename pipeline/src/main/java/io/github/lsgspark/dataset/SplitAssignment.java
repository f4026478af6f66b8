package io.github.lsgspark.dataset;

import io.github.lsgspark.config.LabelBudget;
import io.github.lsgspark.config.Seeds;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Draws, per class, which training samples are set aside for validation and which of the others
 * keep their label. A sample's rank is a hash of (seed, purpose, id), so the draw depends on
 * neither order nor partitions; only one threshold per class and purpose travels to executors.
 */
final class SplitAssignment implements Serializable {
  private static final long serialVersionUID = 1L;

  private final long seed;
  private final Map<Integer, Long> validationUpTo;
  private final Map<Integer, Long> labelledUpTo;

  private SplitAssignment(long seed, Map<Integer, Long> validation, Map<Integer, Long> labelled) {
    this.seed = seed;
    this.validationUpTo = validation;
    this.labelledUpTo = labelled;
  }

  /**
   * @param idsByClass ids of all readable training samples of each class
   */
  static SplitAssignment draw(
      Map<Integer, List<String>> idsByClass,
      double validationFraction,
      LabelBudget budget,
      long seed) {
    Map<Integer, Long> validation = new TreeMap<>();
    Map<Integer, Long> labelled = new TreeMap<>();
    idsByClass.forEach(
        (label, ids) -> {
          int held = (int) Math.round(validationFraction * ids.size());
          held = Math.min(held, ids.size() - 1);
          long[] ranks = ids.stream().mapToLong(id -> validationRank(seed, id)).sorted().toArray();
          long limit = held > 0 ? ranks[held - 1] : Long.MIN_VALUE;
          if (held > 0) {
            validation.put(label, limit);
          }
          boolean none = held == 0;
          long[] rest =
              ids.stream()
                  .filter(id -> none || validationRank(seed, id) > limit)
                  .mapToLong(id -> labelRank(seed, id))
                  .sorted()
                  .toArray();
          labelled.put(label, rest[budget.of(rest.length) - 1]);
          assert Arrays.stream(rest).distinct().count() == rest.length;
        });
    return new SplitAssignment(seed, validation, labelled);
  }

  /** The split of a training sample. */
  String of(int label, String id) {
    Long validation = validationUpTo.get(label);
    if (validation != null && validationRank(seed, id) <= validation) {
      return SampleTable.VALIDATION;
    }
    Long labelled = labelledUpTo.get(label);
    return labelled != null && labelRank(seed, id) <= labelled
        ? SampleTable.TRAIN
        : SampleTable.UNLABELLED;
  }

  private static long validationRank(long seed, String id) {
    return Seeds.derive(seed, "validation", id);
  }

  private static long labelRank(long seed, String id) {
    return Seeds.derive(seed, "label budget", id);
  }
}
