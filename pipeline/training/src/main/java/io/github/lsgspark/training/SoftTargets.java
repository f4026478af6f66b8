package io.github.lsgspark.training;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.head.SoftLabelTable;
import io.github.lsgspark.head.SoftLabelTable.Sparse;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.sql.SparkSession;

/**
 * What another stage takes unlabelled samples for, in the order of a training's list of them.
 *
 * @param labels null for a sample of which it knows nothing
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
record SoftTargets(Sparse[] labels) implements Serializable {
  static final SoftTargets NONE = new SoftTargets(new Sparse[0]);

  /**
   * Reads what the stage head or vote wrote.
   *
   * @throws LsgException exit 3 if it has none, or knows none of the samples
   */
  static SoftTargets read(SparkSession spark, String dir, List<Sample> samples) {
    if (!SoftLabelTable.isIn(spark, dir)) {
      throw LsgException.input(
          dir + ": has no soft labels; the stage head writes some with head.unlabelled");
    }
    Map<String, Sparse> all = SoftLabelTable.read(spark, dir);
    Sparse[] labels = samples.stream().map(sample -> all.get(sample.id())).toArray(Sparse[]::new);
    if (samples.stream().map(Sample::id).map(all::get).noneMatch(Objects::nonNull)) {
      throw LsgException.input(
          dir + ": has no soft label of any of the " + samples.size() + " unlabelled samples");
    }
    return new SoftTargets(labels);
  }

  /** Probabilities [C] times the weight of a sample; zeros where nothing is known of it. */
  float[] weighted(int sample, int classes) {
    float[] row = new float[classes];
    Sparse label = labels[sample];
    if (label != null) {
      for (int i = 0; i < label.classes().length; i++) {
        row[label.classes()[i]] = label.probabilities()[i] * label.weight();
      }
    }
    return row;
  }
}
