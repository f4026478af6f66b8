package io.github.lsgspark.storage;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a stage output was made of: written last, so a folder with a manifest is whole.
 *
 * @param inputs name to fingerprint of what the stage read
 * @param configuration the settings in force
 * @param counts what the stage counted
 * @param seconds duration
 * @param content the files of the output; null until it is published
 */
public record Manifest(
    String stage,
    Fingerprint fingerprint,
    Map<String, String> inputs,
    Map<String, Object> configuration,
    Map<String, String> versions,
    long seed,
    Map<String, Object> counts,
    double seconds,
    Map<String, String> host,
    String finished,
    FolderContent content) {

  /** A manifest with this machine's versions and the present time. */
  public static Manifest of(
      StageOutput output,
      Map<String, String> inputs,
      Map<String, Object> configuration,
      long seed,
      Map<String, Object> counts,
      double seconds) {
    return new Manifest(
        output.stage(),
        output.fingerprint(),
        inputs,
        configuration,
        currentVersions(),
        seed,
        counts,
        seconds,
        thisHost(),
        Instant.now().toString(),
        null);
  }

  /** The same, of an output that holds these files. */
  Manifest with(FolderContent published) {
    return new Manifest(
        stage,
        fingerprint,
        inputs,
        configuration,
        versions,
        seed,
        counts,
        seconds,
        host,
        finished,
        published);
  }

  private static Map<String, String> currentVersions() {
    Map<String, String> versions = new LinkedHashMap<>();
    String own = Manifest.class.getPackage().getImplementationVersion();
    versions.put("lsg", own == null ? "development" : own);
    versions.put("java", System.getProperty("java.version"));
    versions.put("spark", org.apache.spark.package$.MODULE$.SPARK_VERSION());
    return versions;
  }

  /** Of this machine. */
  static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }

  private static Map<String, String> thisHost() {
    Map<String, String> host = new LinkedHashMap<>();
    host.put("name", hostName());
    host.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    host.put("arch", System.getProperty("os.arch"));
    host.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    return host;
  }
}
