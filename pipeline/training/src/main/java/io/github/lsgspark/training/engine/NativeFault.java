package io.github.lsgspark.training.engine;

import java.util.regex.Pattern;

/** Tells by what Spark says of a lost executor whether native code ended its process. */
final class NativeFault {
  /**
   * Exit codes of a JVM that native code ended: 128 and the number of SIGILL, SIGABRT (which the
   * JVM ends with itself, once it has written its log), SIGBUS, SIGFPE or SIGSEGV.
   */
  private static final Pattern CODE =
      Pattern.compile("(?i)(code|status)( of|:)? *(132|134|135|136|139)\\b");

  private NativeFault() {}

  /** The reason, and where the log of a fault in native code lies if it was one. */
  static String explained(String reason) {
    return CODE.matcher(reason).find()
        ? reason
            + " (a fault in native code: its log is hs_err_pid*.log in the executor's work folder,"
            + " and its stdout names the place)"
        : reason;
  }
}
