package io.github.lsgspark.jobs.checks;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What of a configuration is read, or made. */
public enum Part {
  PREPARE,
  EMBED,
  GCN,
  FEATURES,
  HEAD,
  TRAIN,
  PREDICT;

  /** What a stage reads and makes, if checks ask for it; trials are trainings, too. */
  public static Optional<Part> of(String stage) {
    if (stage.equals("trials")) {
      return Optional.of(TRAIN);
    }
    return Arrays.stream(values())
        .filter(part -> part.name().toLowerCase(Locale.ROOT).equals(stage))
        .findFirst();
  }
}
