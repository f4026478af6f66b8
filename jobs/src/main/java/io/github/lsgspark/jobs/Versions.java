package io.github.lsgspark.jobs;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.IVersionProvider;

/** Versions of the program and of what it stands on. */
final class Versions implements IVersionProvider {

  static Map<String, String> all() {
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("lsg", own());
    versions.put(
        "java", System.getProperty("java.version") + ", " + System.getProperty("java.vendor"));
    versions.put("spark", org.apache.spark.package$.MODULE$.SPARK_VERSION());
    versions.put("scala", scala.util.Properties.versionNumberString());
    versions.put("built for", SparkCompatibility.read().toString());
    return versions;
  }

  /** The program's own. */
  static String own() {
    String own = Lsg.class.getPackage().getImplementationVersion();
    return own == null ? "development" : own;
  }

  @Override
  public String[] getVersion() {
    return all().entrySet().stream()
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .toArray(String[]::new);
  }
}
