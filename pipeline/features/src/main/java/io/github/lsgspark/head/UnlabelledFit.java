package io.github.lsgspark.head;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;

/**
 * A head that unlabelled samples have their part in.
 *
 * @param head on the features that the transform of the fit makes
 * @param temperature at which unlabelled samples are, in the mean, as sure as they were by the head
 *     of the labelled ones alone at its own
 * @param softLabels of the unlabelled samples; to be read before {@link #close()}
 * @param kept what the soft labels are computed from, in Spark's storage
 */
public record UnlabelledFit(
    LinearHead head, double temperature, JavaRDD<SoftLabel> softLabels, List<JavaRDD<?>> kept)
    implements AutoCloseable {

  @Override
  public void close() {
    kept.forEach(JavaRDD::unpersist);
  }
}
