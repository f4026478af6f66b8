package io.github.lsgspark.sparkml;

import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/**
 * The parameters that {@link LsgClassifier} and {@link LsgClassificationModel} share.
 *
 * @since 0.2.0
 */
public interface PredictionParams extends Params {

  /** The parameters themselves. */
  PredictionColumns columns();

  /** Column of encoded samples, of Spark's image source, or of vectors. */
  default Param<String> inputCol() {
    return columns().input;
  }

  /** Column of the predicted class's number. */
  default Param<String> predictionCol() {
    return columns().prediction;
  }

  /** Column of the probabilities of all classes. */
  default Param<String> probabilityCol() {
    return columns().probability;
  }

  /** Column of the scores of all classes. */
  default Param<String> rawPredictionCol() {
    return columns().rawPrediction;
  }

  /** What becomes of rows whose sample cannot be opened. */
  default Param<String> handleInvalid() {
    return columns().handleInvalid;
  }

  /** The column of samples. */
  default String getInputCol() {
    return getOrDefault(inputCol());
  }

  /** The column of predictions. */
  default String getPredictionCol() {
    return getOrDefault(predictionCol());
  }

  /** The column of probabilities. */
  default String getProbabilityCol() {
    return getOrDefault(probabilityCol());
  }

  /** The column of scores. */
  default String getRawPredictionCol() {
    return getOrDefault(rawPredictionCol());
  }

  /** What becomes of rows whose sample cannot be opened. */
  default String getHandleInvalid() {
    return getOrDefault(handleInvalid());
  }
}
