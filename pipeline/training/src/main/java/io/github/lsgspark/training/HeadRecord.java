package io.github.lsgspark.training;

import io.github.lsgspark.config.HeadSettings;
import io.github.lsgspark.head.Candidate;
import io.github.lsgspark.head.FittedHead;
import io.github.lsgspark.head.HeadKind;
import io.github.lsgspark.head.Heads;
import io.github.lsgspark.head.TextMap;
import io.github.lsgspark.training.HeadTraining.Trained;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** What is said of a head: its metrics.json, its candidates.csv, and lines of the log. */
final class HeadRecord {
  private HeadRecord() {}

  static String sentence(TextMap map) {
    StringJoiner tried = new StringJoiner(", ");
    map.tried()
        .forEach(
            one ->
                tried.add(
                    String.format(
                        Locale.ROOT, "%.3g: %.1f %%", one.lambda(), 100 * one.accuracy())));
    return String.format(
        Locale.ROOT,
        "head: features mapped to the texts of the classes, λ %.3g%s",
        map.lambda(),
        map.tried().isEmpty()
            ? ""
            : String.format(
                Locale.ROOT,
                " by classes left out (%s found; guessing %.1f %%)",
                tried,
                100 * map.tried().get(0).guessing()));
  }

  static String parameters(Candidate best) {
    return String.format(
        Locale.ROOT, "parameter %.3g, temperature %.3g", best.parameter(), best.temperature());
  }

  static String candidates(HeadSettings settings, FittedHead fitted) {
    String judgement = Heads.of(settings.closedForm()).judgement(settings);
    StringBuilder text = new StringBuilder();
    text.append("layers,parameter,temperature,accuracy,cross_entropy,text_prior,judged_by\n");
    for (FittedHead.Tried tried : fitted.tried()) {
      Candidate one = tried.candidate();
      text.append(
          String.format(
              Locale.ROOT,
              "%s,%.4g,%.4g,%.5f,%.5f,%.4g,%s%n",
              tried.layers(),
              one.parameter(),
              one.temperature(),
              one.accuracy(),
              one.crossEntropy(),
              one.prior(),
              judgement));
    }
    return text.toString();
  }

  static Map<String, Object> metrics(HeadSettings settings, FittedHead fitted, double seconds) {
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("kind", settings.kind());
    metrics.put("labelled", fitted.samples());
    metrics.put("layers", fitted.layers());
    metrics.put("dimension", fitted.transform().dimension());
    metrics.put("whitened", fitted.transform().whitens());
    metrics.put("parameter", fitted.best().parameter());
    metrics.put("temperature", fitted.best().temperature());
    metrics.put("text_prior", fitted.best().prior());
    String judgement = Heads.of(settings.closedForm()).judgement(settings);
    String by = judgement.equals(HeadKind.LEAVE_ONE_OUT) ? "leave_one_out" : "left_out_in_folds";
    metrics.put("judged_by", judgement);
    metrics.put(by + "_accuracy", fitted.best().accuracy());
    metrics.put(by + "_cross_entropy", fitted.best().crossEntropy());
    metrics.put("classes_without_labels", fitted.emptyClasses());
    metrics.put("candidates", fitted.tried().size());
    fitted
        .texts()
        .ifPresent(
            map -> {
              metrics.put("by_name_lambda", map.lambda());
              metrics.put("by_name_classes_left_out", map.tried());
            });
    metrics.put("seconds", seconds);
    return metrics;
  }

  /** Leave-one-out is of the ridge alone, and no figure of the trained head. */
  static Map<String, Object> metrics(
      HeadSettings head, FittedHead fitted, Trained trained, double seconds) {
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("kind", head.kind());
    metrics.put("labelled", fitted.samples());
    metrics.put("layers", fitted.layers());
    metrics.put("layers_and_start_of", head.closedForm());
    metrics.put("dimension", fitted.transform().dimension());
    metrics.put("whitened", fitted.transform().whitens());
    metrics.put("start", start(head));
    metrics.put("iterations", head.lsg().iterations());
    metrics.put("adapter", head.lsg().adapter());
    metrics.put("guided", trained.prototypes().isPresent());
    metrics.put("last_step", trained.numbers());
    metrics.put("classes_without_labels", fitted.emptyClasses());
    metrics.put("seconds", seconds);
    return metrics;
  }

  private static String start(HeadSettings head) {
    return head.lsg().start().name().toLowerCase(Locale.ROOT);
  }

  static String trainedLine(HeadSettings head, FittedHead fitted, double seconds) {
    return String.format(
        Locale.ROOT,
        "head: %s on %s of %,d labelled samples, %d steps from %s, %.1f s",
        head.kind(),
        fitted.layers(),
        fitted.samples(),
        head.lsg().iterations(),
        start(head),
        seconds);
  }

  static String closedLine(HeadSettings head, FittedHead fitted, double seconds) {
    return String.format(
        Locale.ROOT,
        "head: %s on %s of %,d labelled samples, %s, accuracy by %s %.2f %%, cross entropy %.3f,"
            + " %.1f s",
        head.kind(),
        fitted.layers(),
        fitted.samples(),
        parameters(fitted.best()),
        Heads.of(head.closedForm()).judgement(head),
        100 * fitted.best().accuracy(),
        fitted.best().crossEntropy(),
        seconds);
  }
}
