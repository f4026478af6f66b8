package io.github.lsgspark.evaluation;

import java.util.List;
import org.apache.spark.sql.Row;

/** A model that is ready to score samples on this executor. For one thread. */
interface OpenModel extends AutoCloseable {

  /**
   * What the model gives for one sample.
   *
   * @param logits of the classifier [C]
   * @param cosines of the projected feature to each class prototype [C]; null without prototypes
   */
  record Scores(float[] logits, float[] cosines) {}

  /**
   * The evaluation view of a sample.
   *
   * @param sample a row of the sample table
   * @throws UnreadableSampleException if it is no image that can be read
   */
  float[] view(Row sample) throws UnreadableSampleException;

  /** Scores views in one forward pass, in their order. */
  List<Scores> score(List<float[]> views);

  @Override
  void close();
}
