package io.github.lsgspark.jobs.init;

import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.dataset.SourceSurvey;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A first configuration for some samples.
 *
 * @param source as it was named
 * @param file that the configuration is for
 * @param modality of the samples
 * @param survey what was found
 * @param testPart what models are judged on
 * @param network whose features are taken
 * @param namesFile value of labels.names; empty: the classes keep the names that they have
 * @param maxBadShare value of prepare.max-bad-fraction; 0: the default will do
 * @param given settings from the command line, which go before all others
 */
record Proposal(
    String source,
    Path file,
    Modality modality,
    SourceSurvey survey,
    TestPart testPart,
    NetworkChoice network,
    String namesFile,
    double maxBadShare,
    Map<String, String> given) {

  /** Training samples of classes, in the classes' order. */
  List<Long> trained() {
    return survey.classes().values().stream()
        .map(counts -> counts.getOrDefault("train", 0L))
        .toList();
  }

  /** What samples are called. */
  String samples() {
    return switch (modality) {
      case IMAGE -> "pictures";
      case AUDIO -> "sounds";
      case VIDEO -> "videos";
    };
  }
}
