package io.github.lsgspark.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A grid of runs: every method with every label budget, every fold and every seed. Read from the
 * experiment block of a configuration (docs/experiments.md).
 *
 * @param budgets values of {@code data.label-budget}; without the key, the file's own
 * @param seeds values of {@code seed}; without the key, the file's own
 * @param folds values of {@code data.fold}; without the key, the file's own
 * @param methods what each method lays over the file's settings, in the order of the file; of those
 *     in the file, the ones that the key {@code only} names, if it is there
 * @param byBudget what all methods of a budget lay over the file's settings, under their own
 * @param concurrency runs at a time, at most
 * @param baseline the method that the others are compared with, or none; without the key {@code
 *     plain}, or the first method where none has this name
 * @param split whose figures the output shows
 */
public record ExperimentSettings(
    List<LabelBudget> budgets,
    List<Long> seeds,
    List<Integer> folds,
    Map<String, Config> methods,
    Map<LabelBudget, Config> byBudget,
    @RuntimeOnly("how many runs are made at a time") int concurrency,
    String baseline,
    Split split) {

  /** Samples that methods are measured on: validation to choose among them, test to report. */
  public enum Split {
    TEST,
    VALIDATION;

    /** As in configurations and sample tables. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The keys of the block. */
  static final List<String> KEYS =
      List.of(
          "budgets",
          "seeds",
          "folds",
          "methods",
          "only",
          "by-budget",
          "concurrency",
          "baseline",
          "split");

  private static final String BLOCK = "experiment";
  private static final String USUAL_BASELINE = "plain";
  private static final String NO_BASELINE = "none";

  /** What the grid itself sets for each run. */
  private static final Map<String, String> AXES =
      Map.of(
          "seed", "experiment.seeds",
          "data.fold", "experiment.folds",
          "data.label-budget", "experiment.budgets");

  /**
   * Reads the block.
   *
   * @param base the settings of the file
   * @throws LsgException exit 2 if a list is empty, a value comes twice or is out of range, a
   *     method sets what the grid sets, or the baseline or one of {@code only} is no method
   */
  static ExperimentSettings of(Config block, Settings base) {
    Map<String, Config> methods = SettingsLoader.methods(block, BLOCK);
    methods.forEach((method, overlay) -> requireNoAxis("methods." + method, overlay));
    if (block.hasPath("only")) {
      methods = only(block, methods);
    }
    List<LabelBudget> budgets =
        block.hasPath("budgets")
            ? distinct(block, "budgets", budgets(block))
            : List.of(base.data().labelBudget());
    List<Long> seeds =
        block.hasPath("seeds")
            ? distinct(block, "seeds", block.getLongList("seeds"))
            : List.of(base.seed());
    List<Integer> folds =
        block.hasPath("folds")
            ? distinct(block, "folds", block.getIntList("folds"))
            : List.of(base.data().fold());
    int concurrency = block.hasPath("concurrency") ? block.getInt("concurrency") : 1;
    if (concurrency < 1) {
      throw wrong(block, "concurrency", "must be at least 1, but was: " + concurrency);
    }
    String baseline = methods.keySet().iterator().next();
    if (block.hasPath("baseline")) {
      baseline = block.getString("baseline");
      if (!baseline.equals(NO_BASELINE)) {
        requireMethod(block, "baseline", baseline, methods);
      }
    } else if (methods.containsKey(USUAL_BASELINE)) {
      baseline = USUAL_BASELINE;
    }
    return new ExperimentSettings(
        budgets, seeds, folds, methods, byBudget(block), concurrency, baseline, split(block, base));
  }

  private static Map<String, Config> only(Config block, Map<String, Config> methods) {
    List<String> names = distinct(block, "only", block.getStringList("only"));
    for (String name : names) {
      requireMethod(block, "only", name, methods);
    }
    Map<String, Config> chosen = new LinkedHashMap<>(methods);
    chosen.keySet().retainAll(names);
    return chosen;
  }

  private static void requireMethod(
      Config block, String key, String name, Map<String, Config> methods) {
    if (!methods.containsKey(name)) {
      throw wrong(
          block,
          key,
          "must be one of the methods "
              + String.join(", ", methods.keySet())
              + ", but was: "
              + name);
    }
  }

  private static Map<LabelBudget, Config> byBudget(Config block) {
    Map<LabelBudget, Config> overlays = new LinkedHashMap<>();
    if (block.hasPath("by-budget")) {
      SettingsLoader.sections(block.getObject("by-budget"))
          .forEach(
              (name, overlay) -> {
                requireNoAxis("by-budget." + name, overlay);
                if (overlays.put(budget(block, "by-budget", name), overlay) != null) {
                  throw wrong(block, "by-budget", "holds " + name + " twice");
                }
              });
    }
    return overlays;
  }

  /** The budgets of {@code by-budget} that the grid does not have, as in a part of a grid. */
  public List<LabelBudget> budgetsWithoutRuns() {
    return byBudget.keySet().stream().filter(budget -> !budgets.contains(budget)).toList();
  }

  /** What a method lays over the file's settings at a budget. */
  public Config overlay(String method, LabelBudget budget) {
    return methods.get(method).withFallback(byBudget.getOrDefault(budget, ConfigFactory.empty()));
  }

  private static Split split(Config block, Settings base) {
    String text = block.hasPath("split") ? block.getString("split") : Split.TEST.toString();
    Split split =
        Arrays.stream(Split.values())
            .filter(known -> known.toString().equals(text))
            .findFirst()
            .orElseThrow(
                () -> wrong(block, "split", "must be test or validation, but was: " + text));
    if (split == Split.VALIDATION && base.data().validationFraction() == 0) {
      throw wrong(block, "split", "= validation needs data.validation-fraction above 0");
    }
    return split;
  }

  /** Whether methods are compared with one of them; they are not where each is another data set. */
  public boolean compares() {
    return !baseline.equals(NO_BASELINE) || methods.containsKey(NO_BASELINE);
  }

  /** How many runs the grid has. */
  public int runs() {
    return budgets.size() * trials().size() * methods.size();
  }

  /**
   * One repetition: methods are compared within it.
   *
   * @param fold that is the test split; 0: the source's own splits
   */
  public record Trial(long seed, int fold) {

    /** As in "seed 1" or "fold 2, seed 1". */
    @Override
    public String toString() {
      return (fold > 0 ? "fold " + fold + ", " : "") + "seed " + seed;
    }
  }

  /** Every seed with every fold; seeds change last. */
  public List<Trial> trials() {
    List<Trial> trials = new ArrayList<>();
    for (long seed : seeds) {
      for (int fold : folds) {
        trials.add(new Trial(seed, fold));
      }
    }
    return trials;
  }

  /**
   * A number that only this trial has: its seed where there is one fold, or its fold, or its place.
   */
  public long number(Trial trial) {
    if (folds.size() == 1) {
      return trial.seed();
    }
    return seeds.size() == 1 ? trial.fold() : 1 + trials().indexOf(trial);
  }

  /** What runs are repeated over, for people: seeds, folds, or both. */
  public String repeated() {
    if (folds.size() == 1) {
      return "seeds";
    }
    return seeds.size() == 1 ? "folds" : "folds and seeds";
  }

  private static List<LabelBudget> budgets(Config block) {
    List<LabelBudget> budgets = new ArrayList<>();
    for (String text : block.getStringList("budgets")) {
      budgets.add(budget(block, "budgets", text));
    }
    return budgets;
  }

  private static LabelBudget budget(Config block, String key, String text) {
    try {
      return LabelBudget.parse(text);
    } catch (IllegalArgumentException e) {
      throw wrong(block, key, e.getMessage());
    }
  }

  private static <T> List<T> distinct(Config block, String key, List<T> values) {
    if (values.isEmpty()) {
      throw wrong(block, key, "must hold at least one value");
    }
    Set<T> seen = new HashSet<>();
    for (T value : values) {
      if (!seen.add(value)) {
        throw wrong(block, key, "holds " + value + " twice");
      }
    }
    return List.copyOf(values);
  }

  private static void requireNoAxis(String section, Config overlay) {
    AXES.forEach(
        (key, axis) -> {
          if (overlay.hasPathOrNull(key)) {
            throw LsgException.usage(
                SettingsReader.place(overlay.getValue(key).origin())
                    + "experiment."
                    + section
                    + " must not set "
                    + key
                    + ": the grid does, by "
                    + axis);
          }
        });
  }

  private static LsgException wrong(Config block, String key, String what) {
    return LsgException.usage(
        SettingsReader.place(block.getValue(key).origin()) + BLOCK + "." + key + " " + what);
  }
}
