package io.github.lsgspark.jobs;

import io.github.lsgspark.jobs.init.Setup;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the commands take that look at samples. */
final class InitOptions {
  /** The folder of the program, which the launcher hands over. */
  private static final String ROOT = "lsg.root";

  @Parameters(
      paramLabel = "SAMPLES",
      description = "A folder (class/file or split/class/file), zip, list or Parquet table.")
  private String source;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description =
          "The configuration to write. Default: <name of SAMPLES>.conf in the current folder.")
  private String output = "";

  @Option(
      names = "--backbone",
      paramLabel = "DIR",
      description =
          "The directory of a published network (docs/backbones.md). Default: the SqueezeNet that"
              + " comes with the program.")
  private String backbone = "";

  @Option(
      names = "-D",
      paramLabel = "key=value",
      description = "Says one key of the configuration; may be repeated.")
  private Map<String, String> given = new LinkedHashMap<>();

  Setup.Request request() {
    return new Setup.Request(source, output, backbone, given, System.getProperty(ROOT, ""));
  }

  /** Looks at the samples, writes the configuration and tells of it. */
  void write(SparkLauncher spark) {
    System.out.print(new Setup(request(), spark::session, spark.hadoop()).write());
    System.out.printf("%nwritten: %s%n", request().file());
  }
}
