package io.github.lsgspark.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.CharConversionException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.ObjectStreamException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.ZipException;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.InvalidRequestException;
import org.apache.hadoop.fs.PathIOException;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.security.AccessControlException;

/**
 * Which failures of a storage may pass: an {@link IOException} as the clients of Hadoop's file
 * systems throw it (a timeout of S3, a DataNode or a NameNode that is away, a network that is
 * down). What will be the same the next time is none of them: a file that is not there, a missing
 * right, a full disk, content that is damaged.
 */
public final class TransientFault {
  private static final List<Class<? extends IOException>> LASTING =
      List.of(
          FileNotFoundException.class,
          FileAlreadyExistsException.class,
          PathIOException.class,
          FileSystemException.class,
          AccessControlException.class,
          UnsupportedFileSystemException.class,
          InvalidRequestException.class,
          JsonProcessingException.class,
          // What cannot be sent to executors is the program's own fault.
          ObjectStreamException.class,
          ZipException.class,
          CharacterCodingException.class,
          CharConversionException.class);

  private static final List<String> LASTING_MESSAGES =
      List.of(
          "no space left on device",
          "quota exceeded",
          "exceeded the quota",
          "mkdirs failed",
          "is a directory",
          "not a directory",
          "permission denied");

  private TransientFault() {}

  /** Whether it may go well another time. */
  public static boolean mayPass(IOException failure) {
    String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    return LASTING.stream().noneMatch(type -> type.isInstance(failure))
        && LASTING_MESSAGES.stream().noneMatch(message::contains);
  }

  /** The fault that may pass, if a failure was caused by one. */
  public static Optional<IOException> in(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException fault) {
        return mayPass(fault) ? Optional.of(fault) : Optional.empty();
      }
    }
    return Optional.empty();
  }

  /**
   * What was done when it happened: the message that names the path, where there is one; its first
   * line, as a server's answer brings its stack along.
   */
  public static String message(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UncheckedIOException || cause instanceof IOException) {
        message = String.valueOf(cause.getMessage());
        break;
      }
    }
    return message.lines().findFirst().orElse("").replaceFirst(";? *For more details see:.*", "");
  }
}
