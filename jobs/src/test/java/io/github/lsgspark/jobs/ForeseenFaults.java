package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.jobs.checks.Findings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What is said of a configuration before its first stage. */
final class ForeseenFaults {
  private ForeseenFaults() {}

  static Findings of(Path folder, String hocon, Stage target) throws IOException {
    return of(folder, hocon, target, folder.resolve("w").toString());
  }

  static Findings of(Path folder, String hocon, Stage target, String workDir) throws IOException {
    Path file = Files.writeString(folder.resolve("run.conf"), hocon);
    Loaded loaded = SettingsLoader.load(file, Map.of());
    // No session is ever asked for: it would be of no such master.
    try (SparkLauncher spark = new SparkLauncher("local[no]", Map.of())) {
      PipelineRun run = new PipelineRun(loaded, workDir, spark);
      return new Preflight(loaded, run, spark).of(RunSpec.of(loaded), target);
    }
  }

  static void assertOnly(Findings findings, int code, String... parts) {
    assertThat(findings.sentences()).hasSize(1);
    assertThat(findings.sentences().get(0)).contains(parts).doesNotContain("\n");
    assertThat(findings.exitCode()).isEqualTo(code);
  }
}
