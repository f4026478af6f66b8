package io.github.lsgspark.jobs;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
    return start(heap, log, List.of(), arguments);
  }

  /**
   * Starts a command with jars beside the program's, and without the classes of tests.
   *
   * @param heap like {@code 1g}
   * @param log takes both output streams
   */
  static Process start(String heap, Path log, Path jar, String... arguments) throws IOException {
    return start(heap, log, List.of(jar), arguments);
  }

  private static Process start(String heap, Path log, List<Path> jars, String... arguments)
      throws IOException {
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
            classPath(jars),
            Lsg.class.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  private static String classPath(List<Path> jars) {
    String own = System.getProperty("java.class.path");
    if (jars.isEmpty()) {
      return own;
    }
    return Stream.concat(
            Arrays.stream(own.split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes")),
            jars.stream().map(Path::toString))
        .collect(Collectors.joining(File.pathSeparator));
  }
}
