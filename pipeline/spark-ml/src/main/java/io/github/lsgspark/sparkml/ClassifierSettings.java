package io.github.lsgspark.sparkml;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.ml.param.Param;

/** The settings of the program that an estimator's parameters come to. */
final class ClassifierSettings {
  /** What the DataFrame stands for, or what is no matter of one training. */
  private static final List<String> NOT_HERE =
      List.of(
          "data.train",
          "data.test",
          "data.root",
          "data.format",
          "data.columns",
          "data.fold",
          "data.fold-pattern",
          "predict.input",
          // Closed forms and the choice among models are stages of the program.
          "features",
          "head",
          "train.enabled",
          "train.start",
          "train.from-head",
          "train.keep",
          "train.trials",
          "audit",
          "select",
          "pretrain",
          "compare",
          "experiment");

  /** The program's defaults choose among models, which here is the caller's affair. */
  private static final Map<String, String> ONE_TRAINING =
      Map.of("train.start", "random", "train.keep", "trained");

  /** What a head on vectors follows. */
  private static final List<String> OF_VECTORS =
      List.of(
          "seed",
          "head",
          "labels",
          "prompts",
          "embedding",
          "graph",
          "gcn",
          "lsg",
          "train.label-smoothing",
          "train.transfer");

  private ClassifierSettings() {}

  /**
   * The parameters that are set, over config, over the defaults.
   *
   * @param vectors whether a head is fitted to vectors, and no network trained
   * @throws LsgException exit 2 that names the key
   */
  static Loaded of(LsgClassifier classifier, boolean vectors) {
    String hocon = classifier.getOrDefault(classifier.config());
    if (vectors) {
      requireOfVectors(classifier, hocon);
    } else {
      requireOfOneTraining(hocon);
    }
    Map<String, Param<?>> keys = new LinkedHashMap<>();
    keys.put("seed", classifier.seed());
    keys.put("data.modality", classifier.modality());
    keys.put("train.backbone", classifier.backbone());
    keys.put("train.weights", classifier.weights());
    keys.put("train.iterations", classifier.iterations());
    keys.put("embedding.encoder", classifier.labelEncoder());
    keys.put("lsg.enabled", classifier.lsg());
    Map<String, String> given = new LinkedHashMap<>(ONE_TRAINING);
    keys.forEach(
        (key, param) -> {
          if (classifier.isSet(param)) {
            given.put(key, classifier.getOrDefault(param).toString());
          }
        });
    Loaded loaded = SettingsLoader.load(hocon, given);
    if (loaded.settings().train().weights().equals("pretrain")) {
      throw LsgException.usage(
          "weights = pretrain is for the program, which has a pretrain block; here the weights of"
              + " another training");
    }
    if (!loaded.settings().labels().file().isEmpty() && names(classifier).isPresent()) {
      throw LsgException.usage("labels and config's labels.file exclude each other");
    }
    return loaded;
  }

  /** The names that the classes are given, if they are not those found. */
  static Optional<List<String>> names(LsgClassifier classifier) {
    return classifier.isSet(classifier.labels())
        ? Optional.of(List.of(classifier.getOrDefault(classifier.labels())))
        : Optional.empty();
  }

  private static void requireOfVectors(LsgClassifier classifier, String hocon) {
    for (Param<?> param :
        List.of(
            classifier.modality(),
            classifier.backbone(),
            classifier.weights(),
            classifier.iterations())) {
      if (classifier.isSet(param)) {
        throw LsgException.usage(
            param.name()
                + " is for a network, but inputCol holds vectors, to which a head is fitted");
      }
    }
    try {
      ConfigFactory.parseString(hocon)
          .entrySet()
          .forEach(
              entry -> {
                if (OF_VECTORS.stream().noneMatch(part -> isIn(entry.getKey(), part))) {
                  throw LsgException.usage(
                      "config: "
                          + entry.getKey()
                          + " is not for vectors, to which a head is fitted: leave it out");
                }
              });
    } catch (ConfigException e) {
      throw LsgException.usage("config: " + e.getMessage());
    }
  }

  private static boolean isIn(String key, String part) {
    return key.equals(part) || key.startsWith(part + ".");
  }

  private static void requireOfOneTraining(String hocon) {
    Config config;
    try {
      config = ConfigFactory.parseString(hocon);
      for (String key : NOT_HERE) {
        if (config.hasPathOrNull(key)) {
          throw LsgException.usage(
              "config: " + key + " is not for a training on a DataFrame: leave it out");
        }
      }
    } catch (ConfigException e) {
      throw LsgException.usage("config: " + e.getMessage());
    }
  }

  /**
   * The same for a table of samples.
   *
   * @param labels file of the class names, or empty
   */
  static Loaded over(Loaded loaded, String table, String labels) {
    Map<String, Object> place = new LinkedHashMap<>();
    place.put("data.train", table);
    place.put("data.columns.content", TrainingTable.BYTES);
    place.put("data.columns.label", TrainingTable.LABEL);
    place.put("data.columns.id", TrainingTable.ID);
    place.put("data.columns.split", TrainingTable.SPLIT);
    if (!labels.isEmpty()) {
      place.put("labels.file", labels);
    }
    return SettingsLoader.overlay(loaded, ConfigFactory.parseMap(place, "the DataFrame"));
  }
}
