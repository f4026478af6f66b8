package io.github.lsgspark.embedding;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.text.LabelSet;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/**
 * A label encoder that {@code embedding.encoder} can name. A public class of this kind with a line
 * in {@code META-INF/services/io.github.lsgspark.embedding.LabelEncoderKind} is all that a new one
 * takes.
 */
public interface LabelEncoderKind {

  /**
   * What an encoder is opened for.
   *
   * @param labels of the run
   * @param cacheRoot folder of vectors that were computed before, of all encoders
   */
  record Context(SparkSession spark, Settings settings, LabelSet labels, String cacheRoot) {}

  /** As a configuration writes it. */
  String label();

  /** What it is, in one line. */
  String help();

  /** Whether it opens a pretrained language model, which {@code embedding.model} names. */
  default boolean isPretrained() {
    return false;
  }

  /**
   * Checks what can be known without Spark, before a label is embedded.
   *
   * @param labels if they are known
   * @throws LsgException exit 2 for settings that cannot be met, exit 3 for files that cannot be
   *     used or do not fit the labels
   */
  default void require(Settings settings, Optional<LabelSet> labels, Configuration hadoop) {}

  /**
   * Makes the encoder.
   *
   * @throws LsgException as {@link #require}
   */
  LabelEncoder open(Context context);
}
