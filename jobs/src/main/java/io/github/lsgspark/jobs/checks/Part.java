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

  /** What a stage reads and makes, if checks ask for it. */
  public static Optional<Part> of(String stage) {
    return Arrays.stream(values())
        .filter(part -> part.name().toLowerCase(Locale.ROOT).equals(stage))
        .findFirst();
  }
}
