package io.github.lsgspark.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.lsgspark.config.ExperimentSettings.Split;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.evaluation.UnseenFigure;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import java.util.Optional;

/**
 * What one run came to.
 *
 * @param labelled training samples with a label
 * @param classes of the samples
 * @param labelledClasses those of them that have labels
 * @param trainingSeconds as the train stage measured them when it was made
 * @param head figures of the classifier alone
 * @param prototypes figures of classifier and class prototypes together, if the model has them
 * @param unseen figures of classes without labels; a missing node if there are none
 */
record RunResult(
    ExperimentInput.Run run,
    int labelled,
    int classes,
    int labelledClasses,
    double trainingSeconds,
    JsonNode head,
    Optional<JsonNode> prototypes,
    JsonNode unseen) {

  /**
   * Reads the outputs of a run.
   *
   * @param split whose figures are wanted; those of classes without labels are of the test split
   *     alone
   * @throws LsgException exit 3 if a file or a number in it is missing
   */
  static RunResult read(ExperimentInput.Run run, Split split, HadoopFiles files) {
    // Where nothing is trained the head is the model.
    String model = run.stages().containsKey("train") ? "train" : "head";
    JsonNode training = metrics(run, model, files);
    JsonNode evaluation = metrics(run, "evaluate", files);
    JsonNode prepared = metrics(run, "prepare", files);
    JsonNode figures = split == Split.TEST ? evaluation : evaluation.path("validation");
    if (!figures.path("head").isObject()) {
      throw LsgException.input(
          path(run, "evaluate") + ": holds no figures of the " + split + " split");
    }
    JsonNode prototypes = figures.path("ensemble");
    int classes = (int) number(run, "prepare", prepared, "classes");
    return new RunResult(
        run,
        (int) number(run, model, training, "labelled"),
        classes,
        classes - prepared.path("classes_without_training_sample").size(),
        number(run, model, training, model.equals("train") ? "training_seconds" : "seconds"),
        figures.path("head"),
        prototypes.isObject() ? Optional.of(prototypes) : Optional.empty(),
        split == Split.TEST ? evaluation.path("unseen") : MissingNode.getInstance());
  }

  private static String path(ExperimentInput.Run run, String stage) {
    return HadoopFiles.path(run.stages().get(stage), "metrics.json");
  }

  private static JsonNode metrics(ExperimentInput.Run run, String stage, HadoopFiles files) {
    return Json.read(files, path(run, stage));
  }

  private static double number(
      ExperimentInput.Run run, String stage, JsonNode metrics, String key) {
    if (!metrics.path(key).isNumber()) {
      throw LsgException.input(path(run, stage) + ": holds no number " + key);
    }
    return metrics.get(key).asDouble();
  }

  /** Mean over the classes that have labels. */
  double labelsPerClass() {
    return (double) labelled / labelledClasses;
  }

  /**
   * A figure as the table shows it.
   *
   * @param withPrototypes of classifier and prototypes together, or of the classifier alone
   * @return empty if it was not measured
   */
  Optional<Double> value(Figure figure, boolean withPrototypes) {
    return number(figure.key(), withPrototypes).map(value -> figure.factor() * value);
  }

  /** A fraction of classes without labels, by a classifier; empty if it was not measured. */
  Optional<Double> unseen(String classifier, UnseenFigure figure) {
    return Optional.of(unseen.path(classifier).path(figure.key()))
        .filter(JsonNode::isNumber)
        .map(JsonNode::asDouble);
  }

  /** A number as the evaluation wrote it; empty if it did not. */
  Optional<Double> number(String key, boolean withPrototypes) {
    return (withPrototypes ? prototypes : Optional.of(head))
        .map(figures -> figures.path(key))
        .filter(JsonNode::isNumber)
        .map(JsonNode::asDouble);
  }
}
