package io.github.lsgspark.jobs.submit;

import io.github.lsgspark.config.LsgException;
import java.util.Locale;

/** What stands behind a Spark master. */
enum ClusterKind {
  LOCAL,
  STANDALONE,
  YARN,
  KUBERNETES;

  /**
   * @throws LsgException exit 2 if no such master is known
   */
  static ClusterKind of(String master) {
    if (master.equals("local") || master.startsWith("local[")) {
      return LOCAL;
    }
    if (master.startsWith("spark://")) {
      return STANDALONE;
    }
    if (master.equals("yarn")) {
      return YARN;
    }
    if (master.startsWith("k8s://")) {
      return KUBERNETES;
    }
    throw LsgException.usage(
        "unknown master "
            + master
            + ": expected local[N], yarn, spark://host:port or k8s://https://host:port");
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
