package io.github.lsgspark.jobs.tracking;

import io.github.lsgspark.storage.Fingerprint;

/** Names of parameters and metrics that MLflow takes. */
final class MlflowNames {
  private static final int LONGEST_NAME = 250;

  private MlflowNames() {}

  /**
   * A name that MLflow takes: letters, digits, some signs, and no path that could be written
   * shorter. What had to be changed ends in a hash, so that no two names become one.
   */
  static String named(String name) {
    String fit =
        name.replaceAll("(?U)[^\\w\\-. /]", "_")
            .replaceAll("/{2,}", "/")
            .replaceAll("^/|/$", "")
            .replaceAll("(?<=^|/)\\.{1,2}(?=/|$)", "_");
    if (fit.equals(name) && fit.length() <= LONGEST_NAME) {
      return fit;
    }
    String hash = "-" + Fingerprint.ofText(name).hex().substring(0, 8);
    return fit.substring(0, Math.min(LONGEST_NAME - hash.length(), fit.length())) + hash;
  }
}
