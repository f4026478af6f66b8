package io.github.lsgspark.config;

/** A failure with a message for the person who runs the program, and the exit code it ends with. */
public class LsgException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Wrong usage or configuration. */
  public static final int USAGE = 2;

  /** Bad input data. */
  public static final int INPUT = 3;

  /** The environment lacks something: device, native library, memory. */
  public static final int ENVIRONMENT = 4;

  /** Anything else. */
  public static final int FAILED = 1;

  private final int exitCode;

  private LsgException(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** Wrong usage or configuration (exit 2). */
  public static LsgException usage(String message) {
    return new LsgException(USAGE, message, null);
  }

  /** Bad input data (exit 3). */
  public static LsgException input(String message) {
    return new LsgException(INPUT, message, null);
  }

  /** Bad input data (exit 3). */
  public static LsgException input(String message, Throwable cause) {
    return new LsgException(INPUT, message, cause);
  }

  /** The environment lacks something (exit 4). */
  public static LsgException environment(String message, Throwable cause) {
    return new LsgException(ENVIRONMENT, message, cause);
  }

  /** A run that could not go on, for a reason that its message tells whole (exit 1). */
  public static LsgException failed(String message) {
    return new LsgException(FAILED, message, null);
  }

  /** A failure that was told elsewhere, with its exit code. */
  public static LsgException of(int exitCode, String message) {
    return new LsgException(exitCode, message, null);
  }

  /** The process exit code of the command line's contract. */
  public int exitCode() {
    return exitCode;
  }
}
