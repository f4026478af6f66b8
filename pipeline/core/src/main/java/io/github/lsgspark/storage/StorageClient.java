package io.github.lsgspark.storage;

import io.github.lsgspark.config.LsgException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/**
 * Whether the storage that an address names can be reached: its client is in the class path, its
 * host is named and known, and it answers.
 */
public final class StorageClient {
  /** Jars that bring the clients, as Hadoop's and their makers' documentation calls them. */
  private static final Map<String, String> JARS =
      Map.of(
          "s3a", "hadoop-aws of Hadoop's version and the AWS SDK bundle that it asks for",
          "gs", "the gcs-connector of Hadoop's version",
          "abfs", "hadoop-azure of Hadoop's version",
          "abfss", "hadoop-azure of Hadoop's version",
          "wasb", "hadoop-azure of Hadoop's version",
          "wasbs", "hadoop-azure of Hadoop's version",
          "oss", "hadoop-aliyun of Hadoop's version",
          "cosn", "hadoop-cos of Hadoop's version");

  /** What other programs call a store of which Hadoop has one client. */
  private static final Map<String, String> MEANT = Map.of("s3", "s3a", "s3n", "s3a");

  private StorageClient() {}

  /**
   * The client for a path.
   *
   * @throws LsgException exit 4 if there is no client, or its host is missing or unknown; exit 2 if
   *     the path is none
   */
  static FileSystem of(String path, Configuration hadoop) {
    Path parsed = parsed(path);
    try {
      return parsed.getFileSystem(hadoop);
    } catch (IOException | RuntimeException e) {
      throw failure(path, parsed, e);
    }
  }

  /**
   * Asks the storage for a sign of life, with a client of its own that does not wait long.
   *
   * @throws LsgException exit 4 if none comes; otherwise as {@link #of}
   */
  public static void require(String path, Configuration hadoop) {
    Path parsed = parsed(path);
    String scheme = of(path, hadoop).getScheme();
    if (scheme.equals("file") || scheme.equals("har") || scheme.equals("viewfs")) {
      return;
    }
    Configuration impatient = new Configuration(hadoop);
    impatient.setInt("ipc.client.connect.timeout", 5000);
    impatient.setInt("ipc.client.connect.max.retries", 2);
    impatient.setInt("ipc.client.connect.max.retries.on.timeouts", 1);
    impatient.setInt("dfs.client.failover.max.attempts", 3);
    impatient.setInt("fs.s3a.attempts.maximum", 2);
    impatient.setInt("fs.s3a.retry.limit", 2);
    impatient.setInt("fs.s3a.connection.establish.timeout", 5000);
    Path whole = of(path, hadoop).makeQualified(parsed);
    try (FileSystem client = FileSystem.newInstance(whole.toUri(), impatient)) {
      client.exists(whole);
    } catch (IOException | RuntimeException e) {
      // Whatever else is wrong, such as a missing right, is an answer.
      if (failure(path, parsed, e) instanceof LsgException silent) {
        throw silent;
      }
    }
  }

  private static Path parsed(String path) {
    try {
      return new Path(path);
    } catch (IllegalArgumentException e) {
      throw LsgException.usage(
          "\""
              + path
              + "\" is neither a path nor an address like hdfs://host:port/path: "
              + e.getMessage());
    }
  }

  private static RuntimeException failure(String path, Path parsed, Exception e) {
    String scheme =
        Optional.ofNullable(parsed.toUri().getScheme()).orElse("").toLowerCase(Locale.ROOT);
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof LsgException foreseen) {
        return foreseen;
      }
      Optional<String> reason = reason(cause, scheme);
      if (reason.isPresent()) {
        return LsgException.environment(path + ": " + reason.get(), e);
      }
    }
    return e instanceof IOException io
        ? new UncheckedIOException(path + ": " + e.getMessage(), io)
        : (RuntimeException) e;
  }

  private static Optional<String> reason(Throwable cause, String scheme) {
    String message = String.valueOf(cause.getMessage());
    if (cause instanceof UnsupportedFileSystemException
        || cause instanceof ClassNotFoundException
        || cause instanceof NoClassDefFoundError) {
      return Optional.of(noClient(scheme));
    }
    if (message.startsWith("Incomplete HDFS URI")) {
      return Optional.of(
          "names no host, and no default file system says one: write hdfs://host:port/path, or set"
              + " HADOOP_CONF_DIR to the cluster's configuration, whose fs.defaultFS names it");
    }
    if (cause instanceof UnknownHostException) {
      return Optional.of(
          "unknown host "
              + message
              + ": see whether it is written right and known to this machine, or a name that"
              + " HADOOP_CONF_DIR must explain");
    }
    if (cause instanceof ConnectException
        || cause instanceof NoRouteToHostException
        || cause instanceof SocketTimeoutException) {
      return Optional.of(
          "the storage does not answer ("
              + message.lines().findFirst().orElse("").replaceFirst(";? *For more details.*", "")
              + "): see whether it runs, and whether host and port are right");
    }
    return Optional.empty();
  }

  private static String noClient(String scheme) {
    if (MEANT.containsKey(scheme)) {
      return "there is no client for "
          + scheme
          + "://: write "
          + MEANT.get(scheme)
          + "://, which Hadoop's client for it is called";
    }
    String jar = JARS.get(scheme);
    return jar == null
        ? "no client for this kind of file system ("
            + scheme
            + "://) is in the class path: see whether the address is written right, or add its"
            + " client's jars (LSG_CLASSPATH in local mode, --conf spark.jars on a cluster)"
        : "no client for "
            + scheme
            + ":// is in the class path: add "
            + jar
            + " (LSG_CLASSPATH=dir/* in local mode, Spark's jars/ folder on a cluster;"
            + " docs/clusters.md)";
  }
}
