package io.github.lsgspark.embedding;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.text.LabelSet;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/** What can be known of a label encoder without Spark, and before a label is embedded. */
public final class EncoderCheck {
  private EncoderCheck() {}

  /**
   * Looks at the taxonomy, the model's folder or the file of vectors.
   *
   * @param labels if they are known
   * @throws LsgException exit 2 for settings that cannot be met, exit 3 for files that cannot be
   *     used or do not fit the labels
   */
  public static void require(Settings settings, Optional<LabelSet> labels, Configuration hadoop) {
    Taxonomy.load(settings.labels().taxonomy(), hadoop);
    LabelEncoders.of(settings).require(settings, labels, hadoop);
  }
}
