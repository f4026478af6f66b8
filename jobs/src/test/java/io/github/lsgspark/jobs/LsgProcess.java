package io.github.lsgspark.jobs;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The program in a JVM of its own. */
final class LsgProcess {
  private LsgProcess() {}

  /**
   * Starts a command.
   *
   * @param heap like {@code 1g}
   * @param log takes both output streams
   */
  static Process start(String heap, Path log, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens"))
        .forEach(command::add);
    Path logging = Path.of("../conf/logging/log4j2.properties").toAbsolutePath().normalize();
    command.addAll(
        List.of(
            "-Xmx" + heap,
            "-Dlog4j2.configurationFile=file:" + logging,
            "-cp",
            System.getProperty("java.class.path"),
            Lsg.class.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }
}
