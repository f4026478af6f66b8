package io.github.lsgspark.jobs.init;

import io.github.lsgspark.dataset.SourceSurvey;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What models are to be judged on.
 *
 * @param key of the setting that says so, below {@code data}; empty where none is needed
 * @param value of that setting
 * @param sentence for people
 */
record TestPart(String key, String value, String sentence) {
  /** Classes of fewer samples, in the middle, are too small to lose a fifth. */
  private static final long SMALL_CLASS = 5;

  /** Fewer samples in all are too few to be divided. */
  private static final long FEW = 100;

  private static final Set<String> KEYS =
      Set.of("data.test", "data.test-fraction", "data.test-split", "data.fold", "data.format");

  /**
   * Proposes one.
   *
   * @param given settings that are not asked about any more
   */
  static TestPart of(SourceSurvey survey, Map<String, String> given) {
    if (given.keySet().stream().anyMatch(KEYS::contains)) {
      return new TestPart("", "", "as you set it");
    }
    long tested = shared(survey, "test");
    if (tested > 0) {
      return new TestPart("", "", "its own test part, %,d samples".formatted(tested));
    }
    boolean useless = survey.splits().containsKey("test");
    String why = useless ? "its test part has no label of these classes" : "it has no test part";
    long validated = shared(survey, "validation");
    if (validated > 0) {
      return new TestPart(
          "test-split",
          "validation",
          why + ", so the validation part is it: %,d samples".formatted(validated));
    }
    List<Long> sizes = trained(survey);
    long total = sizes.stream().mapToLong(Long::longValue).sum();
    if (useless || total < FEW || sizes.get(sizes.size() / 2) < SMALL_CLASS) {
      return new TestPart(
          "test-split",
          "none",
          why
              + (useless ? "" : ", and there are too few samples to set some aside")
              + ": each labelled sample is judged by a head fitted to all others (leave-one-out)");
    }
    return new TestPart(
        "test-fraction", "0.2", why + ", so a fifth of each class is set aside, always the same");
  }

  /** Samples of a split whose classes have training samples. */
  private static long shared(SourceSurvey survey, String split) {
    return survey.classes().values().stream()
        .filter(counts -> counts.containsKey("train"))
        .mapToLong(counts -> counts.getOrDefault(split, 0L))
        .sum();
  }

  /** Training samples of each class that has some, in order. */
  private static List<Long> trained(SourceSurvey survey) {
    return survey.classes().values().stream()
        .map(counts -> counts.getOrDefault("train", 0L))
        .filter(count -> count > 0)
        .sorted()
        .collect(Collectors.toList());
  }

  /** Whether no sample is set aside. */
  boolean leavesOut() {
    return value.equals("none");
  }
}
