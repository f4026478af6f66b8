package io.github.lsgspark.evaluation;

import static io.github.lsgspark.dataset.SampleTable.VALIDATION;

import io.github.lsgspark.config.EvaluateSettings;
import io.github.lsgspark.config.EvaluateSettings.Classifier;
import io.github.lsgspark.text.LabelSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The content of an evaluation's {@code metrics.json}. At the top, figures of the last checkpoint
 * on the test split (or the samples that were left out, then with {@code judged_by}), by the
 * classifier that the settings name; beside them the objects {@code head}, {@code ensemble} if the
 * model has prototypes, and the one that the settings name; {@code unseen} ({@link UnseenFigures})
 * if some classes have no labels; {@code validation}, the same of the validation split; and {@code
 * validation_picked}, all this of the checkpoint that was best on the validation split. No choice
 * is made by the test split.
 */
final class EvaluationRecord {
  private final LabelSet labels;
  private final ClassDistances distances;
  private final SeenClasses seen;
  private final EvaluateSettings settings;
  private final String split;

  /**
   * @param split that the figures at the top are of
   */
  EvaluationRecord(
      LabelSet labels,
      ClassDistances distances,
      SeenClasses seen,
      EvaluateSettings settings,
      String split) {
    this.split = split;
    this.labels = labels;
    this.distances = distances;
    this.seen = seen;
    this.settings = settings;
  }

  Map<String, Object> of(Tallies last, Optional<Tallies> validationPicked) {
    Classifier headline = headline(last, split);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("checkpoint", "last");
    json.put("classifier", headline.key());
    if (split.equals(PredictionTable.LEFT_OUT)) {
      json.put("judged_by", split);
    }
    json.putAll(figures(last));
    validationPicked.ifPresent(tallies -> json.put("validation_picked", figures(tallies)));
    json.putAll(Metrics.details(last.of(headline, split).orElseThrow(), labels));
    return json;
  }

  private Map<String, Object> figures(Tallies tallies) {
    Map<String, Object> figures = split(tallies, split);
    if (!seen.all()) {
      figures.put("unseen", UnseenFigures.of(tallies.unseen(), seen, settings));
    }
    if (tallies.of(Classifier.HEAD, VALIDATION).isPresent()) {
      figures.put(VALIDATION, split(tallies, VALIDATION));
    }
    return figures;
  }

  private Map<String, Object> split(Tallies tallies, String split) {
    Map<String, Object> figures = new LinkedHashMap<>();
    tallies.of(headline(tallies, split), split).ifPresent(tally -> figures.putAll(scalars(tally)));
    for (Classifier by : Classifier.values()) {
      tallies.of(by, split).ifPresent(tally -> figures.put(by.key(), scalars(tally)));
    }
    return figures;
  }

  /** What the settings name; the head where there are no prototypes. */
  private Classifier headline(Tallies tallies, String split) {
    return tallies.of(settings.headline(), split).isPresent()
        ? settings.headline()
        : Classifier.HEAD;
  }

  private Map<String, Object> scalars(ConfusionCounts tally) {
    return Metrics.of(tally, distances).scalars();
  }
}
