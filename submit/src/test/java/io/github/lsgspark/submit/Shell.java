package io.github.lsgspark.submit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs the project's own scripts as a user does, in a process of their own. */
final class Shell {
  /** The project's folder. */
  static final Path HOME = Path.of(System.getProperty("lsg.home"));

  /** Where, in a module's folder, is what was built for the Spark of these tests. */
  static final String TARGET = System.getProperty("lsg.target");

  private Shell() {}

  /**
   * How a command ended.
   *
   * @param out its standard output
   * @param log its standard error
   */
  record Outcome(int code, String out, String log) {}

  /**
   * Runs a command in the project's folder, to its end.
   *
   * @param folder for its output
   * @param environment over this process's; an empty value takes a variable away
   */
  static Outcome run(Path folder, Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path log = Files.createTempFile(folder, "log", ".txt");
    Process process = start(environment, out, log, command);
    if (!process.waitFor(15, TimeUnit.MINUTES)) {
      process.destroy();
      throw new IllegalStateException(
          String.join(" ", command) + " did not end: " + Files.readString(log));
    }
    return new Outcome(process.exitValue(), read(out), read(log));
  }

  /** Starts a command in the project's folder. */
  static Process start(Map<String, String> environment, Path out, Path log, String... command)
      throws IOException {
    List<String> words = new ArrayList<>(List.of(command));
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(HOME.toFile())
            .redirectOutput(out.toFile())
            .redirectError(log.toFile());
    environment.forEach(
        (name, value) -> {
          if (value.isEmpty()) {
            builder.environment().remove(name);
          } else {
            builder.environment().put(name, value);
          }
        });
    if (!environment.containsKey("JAVA_HOME")) {
      builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    }
    return builder.start();
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }
}
