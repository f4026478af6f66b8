package io.github.lsgspark.storage;

import io.github.lsgspark.config.LsgException;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.PathIOException;
import org.apache.hadoop.security.AccessControlException;

/**
 * What failures of storage come to for the person who runs the program: a damaged file, a full
 * disk, a missing right, a store that does not answer. They arrive wrapped by Spark, by Parquet's
 * reader or by Hadoop.
 */
public final class StorageFault {
  /** How Spark names the file that a task was reading. */
  private static final Pattern FILE =
      Pattern.compile(
          "(?:while reading file|footer for file:|converted in file) (\\S+?)[.]?(\\s|$)");

  private StorageFault() {}

  /** Whether a file is not what was written to it, or is no longer there. */
  static boolean isDamage(Throwable failure) {
    return failure instanceof EOFException
        || failure instanceof ChecksumException
        || failure instanceof FileNotFoundException
        || failure.getClass().getName().startsWith("org.apache.parquet.")
        || contains(failure, "is not a parquet file", "could not read footer", "corrupt");
  }

  private static boolean isFull(Throwable failure) {
    return contains(failure, "no space left on device", "disk quota exceeded")
        || failure.getClass().getSimpleName().contains("QuotaExceeded");
  }

  private static boolean isForbidden(Throwable failure) {
    return failure instanceof AccessDeniedException
        || failure instanceof AccessControlException
        || (failure instanceof java.io.IOException
            && contains(failure, "permission denied", "read-only file system"));
  }

  private static boolean isInTheWay(Throwable failure) {
    return failure instanceof ParentNotDirectoryException
        || failure instanceof FileAlreadyExistsException
        || failure instanceof PathIOException
        || (failure instanceof java.io.IOException
            && contains(failure, "not a directory", "mkdirs failed", "is a directory"));
  }

  private static boolean isSilent(Throwable failure) {
    return failure instanceof ConnectException
        || failure instanceof NoRouteToHostException
        || failure instanceof SocketTimeoutException
        || failure instanceof UnknownHostException;
  }

  private static boolean contains(Throwable failure, String... parts) {
    String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    for (String part : parts) {
      if (message.contains(part)) {
        return true;
      }
    }
    return false;
  }

  /**
   * A failure of storage, told in a sentence.
   *
   * @return empty if it is of another kind
   */
  public static Optional<LsgException> of(Throwable failure) {
    List<Throwable> chain = new ArrayList<>();
    for (Throwable cause = failure;
        cause != null && !chain.contains(cause);
        cause = cause.getCause()) {
      chain.add(cause);
    }
    for (Throwable cause : chain) {
      if (isFull(cause)) {
        return Optional.of(
            LsgException.environment(
                told(chain, cause)
                    + ". The disk is full: make room, or name another --work-dir (another"
                    + " spark.local.dir or java.io.tmpdir, if it is theirs)",
                failure));
      }
    }
    for (Throwable cause : chain) {
      if (isForbidden(cause)) {
        return Optional.of(
            LsgException.environment(
                told(chain, cause) + ": this user may not read or write there", failure));
      }
      if (isInTheWay(cause)) {
        return Optional.of(LsgException.input(told(chain, cause), failure));
      }
      if (isSilent(cause)) {
        return Optional.of(
            LsgException.environment(
                told(chain, cause) + ": the storage does not answer", failure));
      }
      if (isDamage(cause)) {
        return Optional.of(
            LsgException.input(
                told(chain, cause)
                    + ": the file is damaged, cut off or gone. One of your own must be replaced; of"
                    + " a work directory, the same command makes it anew",
                failure));
      }
    }
    return Optional.empty();
  }

  /** The file that Spark names, and what was said of it; in one line. */
  private static String told(List<Throwable> chain, Throwable cause) {
    String file = "";
    for (Throwable link : chain) {
      Matcher named = FILE.matcher(String.valueOf(link.getMessage()));
      if (file.isEmpty() && named.find()) {
        file = named.group(1);
      }
    }
    // An exception that wraps says which path, and repeats what was said.
    Throwable outer = cause;
    for (Throwable link : chain) {
      if (link instanceof java.io.UncheckedIOException
          && String.valueOf(link.getMessage()).contains(String.valueOf(cause.getMessage()))) {
        outer = link;
        break;
      }
    }
    String message =
        outer.getMessage() == null
            ? outer.getClass().getSimpleName()
            : outer.getMessage().lines().findFirst().orElse("");
    return file.isEmpty() || message.contains(file) ? message : file + ": " + message;
  }
}
