package io.github.lsgspark.report.explanation;

import io.github.lsgspark.config.LsgSettings.LabelGraph;
import java.util.Locale;

/**
 * The semantic graph that guided a training.
 *
 * @param labelGraph which texts it was made of: the labels' own, or a control
 * @param graphDir output of the graph stage
 */
public record Guidance(LabelGraph labelGraph, String graphDir) {

  /** Whether its texts are not those of the classes. */
  boolean isControl() {
    return labelGraph != LabelGraph.TEXT;
  }

  /** As the key {@code lsg.label-graph} has it. */
  String key() {
    return labelGraph.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** As in "a graph of texts shuffled among the classes". */
  String words() {
    return switch (labelGraph) {
      case TEXT -> "a graph of the labels' own texts";
      case ONE_HOT -> "a graph of one-hot vectors in place of texts";
      case SHUFFLED -> "a graph of texts shuffled among the classes";
    };
  }
}
