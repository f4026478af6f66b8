package io.github.lsgspark.jobs;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.github.lsgspark.config.ExperimentSettings;
import io.github.lsgspark.config.ExperimentSettings.Trial;
import io.github.lsgspark.config.LabelBudget;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One training to be done: a method of the compare block with one seed, a run of the experiment
 * block's grid, or the configuration itself.
 *
 * @param method name in its block; {@value #ONLY} without one
 * @param budget of the grid; empty outside one
 * @param seed of its repetition
 * @param loaded settings with the method's overlay, the budget and the seed in them
 */
record RunSpec(String method, Optional<LabelBudget> budget, long seed, Loaded loaded) {
  static final String ONLY = "run";

  /**
   * What the guided method is called in compare blocks, and what the graphs without meaning are.
   */
  static final String MAIN_METHOD = "lsg";

  static final List<String> CONTROLS = List.of("one-hot", "shuffled");

  Settings settings() {
    return loaded.settings();
  }

  /** Its repetition: runs of one are compared. */
  Trial trial() {
    return new Trial(seed, settings().data().fold());
  }

  /** As in "lsg, seed 1", or "lsg, 15% labels, fold 2, seed 1" in a grid. */
  @Override
  public String toString() {
    return method + budget.map(b -> ", " + b + " labels").orElse("") + ", " + trial();
  }

  /** All variants of a configuration: methods in file order, seeds within a method. */
  static List<RunSpec> of(Loaded base) {
    if (base.compare().isEmpty()) {
      return List.of(
          new RunSpec(
              ONLY,
              Optional.empty(),
              base.settings().seed(),
              SettingsLoader.overlay(base, ConfigFactory.empty())));
    }
    Config compare = base.compare().get();
    List<Long> seeds =
        compare.hasPath("seeds") ? compare.getLongList("seeds") : List.of(base.settings().seed());
    if (seeds.isEmpty() || seeds.stream().distinct().count() < seeds.size()) {
      throw LsgException.usage(
          "compare.seeds must hold different seeds, at least one, but was: " + seeds);
    }
    List<String> seeded =
        compare.hasPath("seeded") ? compare.getStringList("seeded") : List.of("seed");
    List<RunSpec> variants = new ArrayList<>();
    for (Map.Entry<String, Config> method : SettingsLoader.methods(compare, "compare").entrySet()) {
      for (long seed : seeds) {
        Map<String, Object> place = new LinkedHashMap<>();
        seeded.forEach(key -> place.put(key, seed));
        variants.add(
            new RunSpec(
                method.getKey(), Optional.empty(), seed, overlay(base, method.getValue(), place)));
      }
    }
    return variants;
  }

  /**
   * All runs of a grid. Seeds change last, so that an experiment that was cut short has whole
   * comparisons; methods change first, since they share the samples.
   */
  static List<RunSpec> of(Loaded base, ExperimentSettings grid) {
    List<RunSpec> variants = new ArrayList<>();
    for (Trial trial : grid.trials()) {
      for (LabelBudget budget : grid.budgets()) {
        Map<String, Object> place =
            Map.of(
                "seed",
                trial.seed(),
                "data.fold",
                trial.fold(),
                "data.label-budget",
                budget.toString());
        for (String method : grid.methods().keySet()) {
          Loaded loaded = overlay(base, grid.overlay(method, budget), place);
          variants.add(new RunSpec(method, Optional.of(budget), trial.seed(), loaded));
        }
      }
    }
    return variants;
  }

  private static Loaded overlay(Loaded base, Config method, Map<String, Object> place) {
    return SettingsLoader.overlay(
        base, ConfigFactory.parseMap(place, "the place in the grid").withFallback(method));
  }

  /** The variant whose stages head run.json: the last of method "lsg", or the last. */
  static RunSpec main(List<RunSpec> variants) {
    return variants.stream()
        .filter(variant -> variant.method().equals(MAIN_METHOD))
        .reduce((first, second) -> second)
        .orElse(variants.get(variants.size() - 1));
  }

  /**
   * The settings of the network that {@code train.weights = pretrain} starts from: the pretrain
   * block over the file's own keys, from a drawn classifier, without guidance, unlabelled samples
   * and methods of transfer learning; classes without labels, names for classes and what is tuned
   * of the network are the file's own affair, unless the block has some. The seed is the file's, so
   * that all variants share it.
   */
  static Loaded pretraining(Loaded base) {
    Config block =
        base.pretrain()
            .orElseThrow(
                () ->
                    LsgException.usage(
                        "train.weights = pretrain needs a pretrain block in the configuration"));
    Config plain =
        ConfigFactory.parseString(
                "lsg.enabled = false, ssl.strategy = none, train.transfer.methods = [],"
                    + " train.enabled = true, train.start = random, train.keep = trained")
            .withFallback(block)
            .withFallback(
                ConfigFactory.parseString(
                    "train.weights = \"\", labels.names = \"\","
                        + " train.tuning { method = all, layer-decay = 1.0 },"
                        + " data.unseen-classes { count = 0, file = \"\" }"));
    return SettingsLoader.overlay(base, plain);
  }
}
