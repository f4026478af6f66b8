package io.github.lsgspark.jobs.checks;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.StorageFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Whether this machine's own disk takes what a run keeps there: temporary files and, where all of
 * Spark is this process, what Spark spills. Spark ends the JVM where it cannot make a folder.
 */
final class ScratchCheck implements Check {
  private static final int PROBE_BYTES = 64 << 10;

  @Override
  public void run(Plan plan, Findings findings) {
    plan.scratch()
        .forEach(
            (key, folders) -> {
              Optional<LsgException> first = Optional.empty();
              for (String folder : folders) {
                Optional<LsgException> refused = tryToWrite(key, folder);
                if (refused.isEmpty()) {
                  return; // Spark does with those that it can write
                }
                first = first.or(() -> refused);
              }
              first.ifPresent(refused -> findings.add(refused.exitCode(), refused.getMessage()));
            });
  }

  private static Optional<LsgException> tryToWrite(String key, String folder) {
    try {
      Path probe =
          Files.createTempFile(Files.createDirectories(Path.of(folder)), "lsg-may-write-", "");
      try {
        Files.write(probe, new byte[PROBE_BYTES]);
      } finally {
        Files.delete(probe);
      }
      return Optional.empty();
    } catch (IOException e) {
      String why =
          StorageFault.of(e)
              .map(Throwable::getMessage)
              .orElse(e.getMessage() + ": give this user the right to, or name another");
      return Optional.of(
          LsgException.environment(key + " = " + folder + " cannot be written: " + why, e));
    }
  }
}
