package io.github.lsgspark.jobs.gpucheck;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * How a small program ended.
 *
 * @param out its standard output
 * @param error its standard error
 */
record ShellOutput(int code, String out, String error) {
  private static final int WAIT_SECONDS = 30;

  /**
   * Runs a program.
   *
   * @param environment over this process's
   * @return empty if there is no such program, or it did not end in time
   */
  static Optional<ShellOutput> of(Map<String, String> environment, String... command) {
    try {
      Path out = Files.createTempFile("lsg-gpu-check", ".out");
      Path error = Files.createTempFile("lsg-gpu-check", ".err");
      try {
        ProcessBuilder builder =
            new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(error.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(WAIT_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          return Optional.empty();
        }
        return Optional.of(new ShellOutput(process.exitValue(), text(out), text(error)));
      } finally {
        Files.deleteIfExists(out);
        Files.deleteIfExists(error);
      }
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
