package io.github.lsgspark.dataset;

import io.github.lsgspark.config.LsgException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;

/**
 * Names of files that this JVM can say to the operating system. It does so in the encoding of the
 * locale; what that does not have becomes another name, of which there is no file.
 */
final class NativeNames {
  private static final Charset ENCODING = encoding(System.getProperty("sun.jnu.encoding"));

  private NativeNames() {}

  private static Charset encoding(String name) {
    try {
      return name == null ? StandardCharsets.UTF_8 : Charset.forName(name);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return StandardCharsets.UTF_8;
    }
  }

  /**
   * @param path of a file of this machine
   * @throws LsgException exit 4 if no file of that name can be asked for
   */
  static void require(String path) {
    require(path, ENCODING);
  }

  static void require(String path, Charset encoding) {
    if (!encoding.equals(StandardCharsets.UTF_8) && !encoding.newEncoder().canEncode(path)) {
      throw LsgException.environment(
          path
              + " has a name that this Java cannot ask for, since the locale's encoding is "
              + encoding
              + ": set LC_ALL=C.UTF-8 before it starts, and spark.executorEnv.LC_ALL for executors"
              + " (submit/lsg does both)",
          null);
    }
  }
}
