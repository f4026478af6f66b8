package io.github.lsgspark.jobs;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One training to be done: a method of the compare block with one seed, or the configuration
 * itself.
 *
 * @param method name in the compare block; {@value #ONLY} without one
 * @param loaded settings with the method's overlay and the seed in them
 */
record Variant(String method, Loaded loaded) {
  static final String ONLY = "run";
  private static final String MAIN_METHOD = "lsg";

  Settings settings() {
    return loaded.settings();
  }

  long seed() {
    return settings().seed();
  }

  /** As in "lsg, seed 1". */
  @Override
  public String toString() {
    return method + ", seed " + seed();
  }

  /** All variants of a configuration: methods in file order, seeds within a method. */
  static List<Variant> of(Loaded base) {
    if (base.compare().isEmpty()) {
      return List.of(new Variant(ONLY, SettingsLoader.overlay(base, ConfigFactory.empty())));
    }
    Config compare = base.compare().get();
    List<Long> seeds =
        compare.hasPath("seeds") ? compare.getLongList("seeds") : List.of(base.settings().seed());
    if (seeds.isEmpty() || seeds.stream().distinct().count() < seeds.size()) {
      throw LsgException.usage(
          "compare.seeds must hold different seeds, at least one, but was: " + seeds);
    }
    List<Variant> variants = new ArrayList<>();
    for (Map.Entry<String, Config> method : methods(compare).entrySet()) {
      for (long seed : seeds) {
        Config overlay = ConfigFactory.parseMap(Map.of("seed", seed), "compare.seeds");
        variants.add(
            new Variant(
                method.getKey(),
                SettingsLoader.overlay(base, overlay.withFallback(method.getValue()))));
      }
    }
    return variants;
  }

  private static Map<String, Config> methods(Config compare) {
    Map<String, Config> methods = new LinkedHashMap<>();
    if (compare.hasPath("methods")) {
      compare.getObject("methods").entrySet().stream()
          .sorted(java.util.Comparator.comparingInt(e -> e.getValue().origin().lineNumber()))
          .forEach(e -> methods.put(e.getKey(), SettingsLoader.method(compare, e.getKey())));
    }
    if (methods.isEmpty()) {
      throw LsgException.usage("compare.methods must name at least one method");
    }
    return methods;
  }

  /** The variant whose stages head run.json: the last of method "lsg", or the last. */
  static Variant main(List<Variant> variants) {
    return variants.stream()
        .filter(variant -> variant.method().equals(MAIN_METHOD))
        .reduce((first, second) -> second)
        .orElse(variants.get(variants.size() - 1));
  }

  /**
   * The settings of the network that {@code train.weights = pretrain} starts from: the pretrain
   * block over the file's own keys, without guidance, unlabelled samples and methods of transfer
   * learning. The seed is the file's, so that all variants share it.
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
                "lsg.enabled = false, ssl.strategy = none, train.transfer.methods = []")
            .withFallback(block)
            .withFallback(ConfigFactory.parseString("train.weights = \"\""));
    return SettingsLoader.overlay(base, plain);
  }
}
