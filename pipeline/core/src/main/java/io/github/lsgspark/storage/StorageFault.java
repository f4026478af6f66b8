package io.github.lsgspark.storage;

import io.github.lsgspark.config.LsgException;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
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
  /** How Spark names the file that a task was reading, or the folder that it was writing to. */
  private static final Pattern FILE =
      Pattern.compile(
          "(?:while reading file|footer for file:|converted in file|while writing rows to)"
              + " (\\S+?)[.]?(\\s|$)");

  private static final String[] FULL = {"no space left on device", "disk quota exceeded"};
  private static final String READ_ONLY = "read-only file system";

  private StorageFault() {}

  /** Whether a file is not what was written to it, or is no longer there. */
  static boolean isDamage(Throwable failure) {
    return !isSilent(failure)
        && (failure instanceof EOFException
            || failure instanceof ChecksumException
            || failure instanceof FileNotFoundException
            || failure.getClass().getName().startsWith("org.apache.parquet.")
            || contains(failure, "is not a parquet file", "could not read footer", "corrupt"));
  }

  private static boolean isFull(Throwable failure) {
    return contains(failure, FULL) || failure.getClass().getSimpleName().contains("QuotaExceeded");
  }

  private static boolean isForbidden(Throwable failure) {
    return failure instanceof AccessDeniedException
        || failure instanceof AccessControlException
        || (failure instanceof IOException && contains(failure, "permission denied", READ_ONLY));
  }

  private static boolean isInTheWay(Throwable failure) {
    return failure instanceof ParentNotDirectoryException
        || failure instanceof FileAlreadyExistsException
        || failure instanceof PathIOException
        || (failure instanceof IOException
            && contains(failure, "not a directory", "mkdirs failed", "is a directory"));
  }

  /** Hadoop tells of a server that ended in the middle of a call by an end of file. */
  private static boolean isSilent(Throwable failure) {
    return failure instanceof ConnectException
        || (failure instanceof EOFException && contains(failure, "end of file exception between"))
        || failure instanceof NoRouteToHostException
        || failure instanceof SocketTimeoutException
        || failure instanceof UnknownHostException;
  }

  private static boolean contains(Throwable failure, String... parts) {
    return contains(String.valueOf(failure.getMessage()), parts);
  }

  private static boolean contains(String message, String... parts) {
    String lower = message.toLowerCase(Locale.ROOT);
    for (String part : parts) {
      if (lower.contains(part)) {
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
    List<Throwable> chain = chain(failure);
    // What wraps repeats what it wraps, and says more beside it.
    List<Throwable> inner = new ArrayList<>(chain);
    Collections.reverse(inner);
    for (Throwable cause : inner) {
      if (isFull(cause)) {
        return Optional.of(
            LsgException.environment(
                told(chain, cause, FULL)
                    + ". The disk is full: make room, or name another --work-dir (another"
                    + " spark.local.dir or java.io.tmpdir, if it is theirs)",
                failure));
      }
    }
    // A file that could not be read, as nobody answered, is called damaged by what wraps that.
    for (Throwable cause : inner) {
      if (isSilent(cause)) {
        return Optional.of(
            LsgException.environment(
                told(chain, cause)
                    + ": the storage does not answer. The same command goes on when it is back",
                failure));
      }
    }
    for (Throwable cause : chain) {
      if (isForbidden(cause)) {
        return Optional.of(
            LsgException.environment(
                told(chain, cause)
                    + (contains(cause, READ_ONLY)
                        ? ": nothing can be written there. Name another --work-dir (another"
                            + " spark.local.dir or java.io.tmpdir, if it is theirs)"
                        : ": this user may not read or write there"),
                failure));
      }
      if (isInTheWay(cause)) {
        return Optional.of(LsgException.input(told(chain, cause), failure));
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

  /**
   * The fault of a storage by which a failure may pass, so that the same may go well another time.
   *
   * @return empty for any other
   */
  public static Optional<IOException> passing(Throwable failure) {
    List<Throwable> chain = chain(failure);
    boolean silent = chain.stream().anyMatch(StorageFault::isSilent);
    boolean lasting =
        chain.stream()
            .anyMatch(
                cause ->
                    isFull(cause) || isForbidden(cause) || isInTheWay(cause) || isDamage(cause));
    return silent || !lasting ? TransientFault.in(failure) : Optional.empty();
  }

  private static List<Throwable> chain(Throwable failure) {
    List<Throwable> chain = new ArrayList<>();
    for (Throwable cause = failure;
        cause != null && !chain.contains(cause);
        cause = cause.getCause()) {
      chain.add(cause);
    }
    return chain;
  }

  /**
   * The file that Spark names, and what was said of it; in one line.
   *
   * @param parts one of which that line has, where there are several
   */
  private static String told(List<Throwable> chain, Throwable cause, String... parts) {
    String file = "";
    for (Throwable link : chain) {
      Matcher named = FILE.matcher(String.valueOf(link.getMessage()));
      if (file.isEmpty() && named.find()) {
        file = named.group(1);
      }
    }
    if (file.isEmpty() && parts.length > 0 && chain.stream().anyMatch(StorageFault::spills)) {
      file = "spark.local.dir";
    }
    // An exception that wraps says which path, and repeats what was said.
    Throwable outer = cause;
    for (Throwable link : chain) {
      if (link instanceof UncheckedIOException
          && String.valueOf(link.getMessage()).contains(String.valueOf(cause.getMessage()))) {
        outer = link;
        break;
      }
    }
    String message =
        outer.getMessage() == null
            ? outer.getClass().getSimpleName()
            : line(outer.getMessage(), parts);
    return file.isEmpty() || message.contains(file) ? message : file + ": " + message;
  }

  /** Whether Spark was writing to its own folder, whose files it does not name. */
  private static boolean spills(Throwable failure) {
    return Arrays.stream(failure.getStackTrace())
        .map(StackTraceElement::getClassName)
        .anyMatch(
            name ->
                name.startsWith("org.apache.spark.shuffle.")
                    || name.startsWith("org.apache.spark.storage.Disk")
                    || name.startsWith("org.apache.spark.util.collection.unsafe."));
  }

  private static String line(String message, String... parts) {
    return message
        .lines()
        .filter(line -> contains(line, parts))
        .findFirst()
        .or(() -> message.lines().findFirst())
        .orElse("")
        .replaceFirst(";? *For more details see:.*", "")
        .strip();
  }
}
