package io.github.lsgspark.jobs.checks;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.embedding.LabelEncoders;
import io.github.lsgspark.embedding.models.MavenModel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A setting that names a file or folder.
 *
 * @param key like labels.file
 * @param part that reads it
 * @param path the value
 * @param read whether the settings lead to its being read
 */
record Input(
    String key, Kind kind, Part part, Function<Settings, String> path, Predicate<Settings> read) {

  /** What must be there. */
  enum Kind {
    FILE,
    FOLDER,
    EITHER
  }

  /**
   * Each setting that {@link io.github.lsgspark.config.InputPath} marks; a test holds it to that.
   */
  static final List<Input> ALL =
      List.of(
          of("data.train", Kind.EITHER, Part.PREPARE, s -> s.data().train()),
          of("data.test", Kind.EITHER, Part.PREPARE, s -> s.data().test()),
          of("data.root", Kind.FOLDER, Part.PREPARE, s -> s.data().root()),
          of(
              "data.unseen-classes.file",
              Kind.FILE,
              Part.PREPARE,
              s -> s.data().unseenClasses().file()),
          of("labels.file", Kind.FILE, Part.PREPARE, s -> s.labels().file()),
          of("labels.file", Kind.FILE, Part.EMBED, s -> s.labels().file()),
          of("labels.names", Kind.FILE, Part.PREPARE, s -> s.labels().names()),
          new Input(
              "labels.taxonomy",
              Kind.FILE,
              Part.EMBED,
              s -> s.labels().taxonomy(),
              s -> !s.labels().isWordNetTaxonomy()),
          of("prompts.file", Kind.FILE, Part.EMBED, s -> s.prompts().file()),
          new Input(
              "embedding.model",
              Kind.FOLDER,
              Part.EMBED,
              s -> s.embedding().model(),
              s -> LabelEncoders.of(s).isPretrained() && MavenModel.of(s.embedding()).isEmpty()),
          new Input(
              "embedding.precomputed.path",
              Kind.FILE,
              Part.EMBED,
              s -> s.embedding().precomputed().path(),
              s -> s.embedding().encoder().equals(LabelEncoders.PRECOMPUTED)),
          new Input(
              "embedding.precomputed.labels",
              Kind.FILE,
              Part.EMBED,
              s -> s.embedding().precomputed().labels(),
              s -> s.embedding().encoder().equals(LabelEncoders.PRECOMPUTED)),
          of("gcn.init", Kind.FILE, Part.GCN, s -> s.gcn().init()),
          weights(Part.FEATURES),
          of("head.marginal-file", Kind.FILE, Part.HEAD, s -> s.head().marginalFile()),
          weights(Part.TRAIN),
          of("predict.input", Kind.EITHER, Part.PREDICT, s -> s.predict().input()));

  private static Input weights(Part part) {
    return new Input(
        "train.weights",
        Kind.EITHER,
        part,
        s -> s.train().weights(),
        s -> !s.train().weights().equals("pretrain"));
  }

  private static Input of(String key, Kind kind, Part part, Function<Settings, String> path) {
    return new Input(key, kind, part, path, settings -> true);
  }

  /** Those of a variant that name something; samples of the program's own making are nothing. */
  static List<Input> of(Planned planned) {
    List<Input> inputs = new ArrayList<>();
    for (Input input : ALL) {
      String path = input.path().apply(planned.settings());
      if (planned.reads().contains(input.part())
          && input.read().test(planned.settings())
          && !path.isEmpty()
          && !path.startsWith("drawn:")) {
        inputs.add(input);
      }
    }
    return inputs;
  }
}
