package io.github.lsgspark.evaluation;

import io.github.lsgspark.config.EvaluateSettings;
import io.github.lsgspark.text.LabelSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The content of an evaluation's {@code metrics.json}. At the top, figures of the last checkpoint
 * on the test split, by the classifier that {@code evaluate.prototypes} names; beside them the
 * objects {@code head} and, if the model has prototypes, {@code ensemble}; {@code validation}, the
 * same of the validation split; and {@code validation_picked}, all this of the checkpoint that was
 * best on the validation split. No choice is made by the test split.
 */
final class EvaluationRecord {
  private static final String TEST = "test";
  private static final String VALIDATION = "validation";

  private final LabelSet labels;
  private final ClassDistances distances;
  private final EvaluateSettings settings;

  EvaluationRecord(LabelSet labels, ClassDistances distances, EvaluateSettings settings) {
    this.labels = labels;
    this.distances = distances;
    this.settings = settings;
  }

  Map<String, Object> of(Tallies last, Optional<Tallies> validationPicked) {
    Tally headline = last.headline(TEST, settings.prototypes()).orElseThrow();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("checkpoint", "last");
    json.put(
        "classifier",
        last.ensemble(TEST).filter(t -> t == headline).isPresent() ? "ensemble" : "head");
    json.putAll(figures(last));
    validationPicked.ifPresent(tallies -> json.put("validation_picked", figures(tallies)));
    json.putAll(Metrics.details(headline, labels));
    return json;
  }

  private Map<String, Object> figures(Tallies tallies) {
    Map<String, Object> figures = split(tallies, TEST);
    if (tallies.head(VALIDATION).isPresent()) {
      figures.put(VALIDATION, split(tallies, VALIDATION));
    }
    return figures;
  }

  private Map<String, Object> split(Tallies tallies, String split) {
    Map<String, Object> figures = new LinkedHashMap<>();
    tallies
        .headline(split, settings.prototypes())
        .ifPresent(tally -> figures.putAll(scalars(tally)));
    tallies.head(split).ifPresent(tally -> figures.put("head", scalars(tally)));
    tallies.ensemble(split).ifPresent(tally -> figures.put("ensemble", scalars(tally)));
    return figures;
  }

  private Map<String, Object> scalars(Tally tally) {
    return Metrics.of(tally, distances).scalars();
  }
}
