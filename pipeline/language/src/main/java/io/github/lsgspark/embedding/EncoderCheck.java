package io.github.lsgspark.embedding;

import io.github.lsgspark.config.GraphSettings;
import io.github.lsgspark.config.LabelSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.text.LabelSet;
import io.github.lsgspark.wordnet.LabelMeanings;
import io.github.lsgspark.wordnet.LabelSenses;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/** What can be known of a label encoder without Spark, and before a label is embedded. */
public final class EncoderCheck {
  private EncoderCheck() {}

  /**
   * Looks at the taxonomy, the meanings that are given by hand, the model's folder or the file of
   * vectors.
   *
   * @param labels if they are known
   * @throws LsgException exit 2 for settings that cannot be met, exit 3 for files that cannot be
   *     used or do not fit the labels
   */
  public static void require(Settings settings, Optional<LabelSet> labels, Configuration hadoop) {
    LabelSettings known = settings.labels();
    if (settings.graph().selection() == GraphSettings.Selection.TAXONOMY
        && known.taxonomy().isEmpty()) {
      throw LsgException.usage(
          "graph.selection = taxonomy joins labels by labels.taxonomy, which is not set: a file, or"
              + " wordnet");
    }
    if (!known.isWordNetTaxonomy()) {
      Taxonomy.load(known.taxonomy(), hadoop);
    }
    LabelSenses.require(known.senses());
    labels.ifPresent(names -> LabelMeanings.of(known, names));
    LabelEncoders.of(settings).require(settings, labels, hadoop);
  }
}
