package io.github.lsgspark.embedding.transformer;

import io.github.lsgspark.config.LsgException;
import java.util.Locale;

/** What a native library threw while it ran a model, as a sentence that names the model. */
final class NativeFailure {
  private static final int MOST = 300;

  private NativeFailure() {}

  /**
   * The sentence for a failure of a model's native code.
   *
   * @param file the model's folder or file
   * @return exit 4 if memory or the device is what lacks, else exit 3; a failure that is a sentence
   *     already stays as it is
   */
  static LsgException of(String file, Throwable failure) {
    if (failure instanceof LsgException sentence) {
      return sentence;
    }
    String message = line(failure);
    String lower = message.toLowerCase(Locale.ROOT);
    if (lower.contains("out of memory")
        || lower.contains("not enough memory")
        || lower.contains("cuda")
        || lower.contains("bad_alloc")) {
      return LsgException.environment(file + ": cannot be run here: " + message, failure);
    }
    return LsgException.input(file + ": cannot be run: " + message, failure);
  }

  /** The first line: libtorch's messages go on with where in its source they come from. */
  static String line(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    String first = message.lines().filter(line -> !line.isBlank()).findFirst().orElse("").strip();
    if (first.isEmpty()) {
      return failure.getClass().getSimpleName();
    }
    return first.length() > MOST ? first.substring(0, MOST) + "…" : first;
  }
}
