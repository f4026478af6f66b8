package io.github.lsgspark.jobs.checks;

/** What of a configuration is read, or made. */
public enum Part {
  PREPARE,
  EMBED,
  GCN,
  TRAIN,
  PREDICT
}
