package io.github.lsgspark.config;

import java.util.List;

/**
 * The BLAS of the operating system, which Spark's MLlib loads where there is one. Its functions
 * have the names of those in libtorch's own OpenBLAS and would take their place in this whole JVM:
 * matrix products became slow, and their last digits depended on what had run before. MLlib
 * computes in Java instead.
 */
public final class SystemBlas {
  private static final String NONE = "none";

  private SystemBlas() {}

  /**
   * Keeps it out of this JVM; MLlib must not have been used before. What is set by hand stays. The
   * launcher gives the same options to every JVM that it starts.
   */
  public static void keepOut() {
    for (String library : List.of("blas", "lapack", "arpack")) {
      String property = "dev.ludovic.netlib." + library + ".nativeLib";
      if (System.getProperty(property) == null) {
        System.setProperty(property, NONE);
      }
    }
  }
}
