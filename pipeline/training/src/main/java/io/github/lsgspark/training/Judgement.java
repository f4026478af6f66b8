package io.github.lsgspark.training;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.lsgspark.config.TrainSettings.Keep;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Which model does best on labelled samples that none of them has seen.
 *
 * @param verdicts one for each sample, or of several trials for each sample of each
 * @param mean whether the two can be one model
 */
record Judgement(
    @JsonProperty("verdicts") List<Verdict> verdicts, @JsonProperty("mean") boolean mean) {

  /**
   * What the models make of a sample.
   *
   * @param head whether the closed form finds its class
   * @param trained whether the training does
   * @param mean whether both together do
   */
  record Verdict(
      @JsonProperty("head") boolean head,
      @JsonProperty("trained") boolean trained,
      @JsonProperty("mean") boolean mean)
      implements java.io.Serializable {}

  /**
   * How a model did.
   *
   * @param samples that judged it
   * @param accuracy share of the samples whose class it finds
   * @param error standard error of it
   * @param difference from the closed form's, over the same samples
   * @param differenceError standard error of it
   */
  record Candidate(
      @JsonProperty("model") Keep model,
      @JsonProperty("samples") int samples,
      @JsonProperty("accuracy") double accuracy,
      @JsonProperty("standard_error") double error,
      @JsonProperty("difference") double difference,
      @JsonProperty("difference_error") double differenceError) {

    /** A line of a table. */
    String line(String name) {
      return String.format(
          Locale.ROOT,
          "%n  %-21s %5.1f ± %.1f %% of %d, against the head %+.1f ± %.1f",
          name,
          100 * accuracy,
          100 * error,
          samples,
          100 * difference,
          100 * differenceError);
    }
  }

  /** The same models on more samples. */
  Judgement and(Judgement more) {
    List<Verdict> all = new ArrayList<>(verdicts);
    all.addAll(more.verdicts);
    return new Judgement(all, mean && more.mean);
  }

  /** The closed form first; what is more costly stands behind it. */
  List<Candidate> candidates() {
    List<Candidate> candidates = new ArrayList<>();
    models().forEach((model, finds) -> candidates.add(candidate(model, finds)));
    return candidates;
  }

  /** How each model's verdict on a sample is read. */
  Map<Keep, Predicate<Verdict>> models() {
    Map<Keep, Predicate<Verdict>> models = new LinkedHashMap<>();
    models.put(Keep.HEAD, Verdict::head);
    models.put(Keep.TRAINED, Verdict::trained);
    if (mean) {
      models.put(Keep.MEAN, Verdict::mean);
    }
    return models;
  }

  private Candidate candidate(Keep model, Predicate<Verdict> finds) {
    int n = verdicts.size();
    double accuracy = verdicts.stream().filter(finds).count() / (double) n;
    PairedDifference fromHead =
        PairedDifference.of(n, i -> finds.test(verdicts.get(i)), i -> verdicts.get(i).head());
    return new Candidate(
        model,
        n,
        accuracy,
        Math.sqrt(accuracy * (1 - accuracy) / n),
        fromHead.mean(),
        fromHead.error());
  }

  /**
   * The most accurate one; of equals the one that costs less. The head where nothing was judged.
   */
  Keep best() {
    Keep best = Keep.HEAD;
    double most = Double.NEGATIVE_INFINITY;
    for (Candidate candidate : candidates()) {
      if (candidate.accuracy() > most) {
        most = candidate.accuracy();
        best = candidate.model();
      }
    }
    return best;
  }

  /**
   * The accuracy of one model, or of the best.
   *
   * @return 0 where it cannot be, or nothing was judged
   */
  double most(Keep keep) {
    return verdicts.isEmpty()
        ? 0
        : candidates().stream()
            .filter(one -> keep == Keep.BEST || one.model() == keep)
            .mapToDouble(Candidate::accuracy)
            .max()
            .orElse(0);
  }

  /** A line for each model. */
  String table() {
    StringBuilder text = new StringBuilder();
    for (Candidate one : candidates()) {
      text.append(one.line(one.model().name().toLowerCase(Locale.ROOT)));
    }
    return text.toString();
  }
}
