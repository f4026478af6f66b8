package io.github.lsgspark.jobs.checks;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.HadoopConfigText;
import io.github.lsgspark.storage.StorageClient;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.fs.Path;

/** Whether every storage that is named has a client here, a known host, and answers. */
final class StorageCheck implements Check {
  @Override
  public void run(Plan plan, Findings findings) {
    Map<String, String> keys = new LinkedHashMap<>(Map.of(plan.workDir(), "--work-dir"));
    for (Planned planned : plan.planned()) {
      for (Input input : Input.of(planned)) {
        keys.putIfAbsent(input.path().apply(planned.settings()), input.key());
      }
    }
    Map<String, Boolean> answers = new HashMap<>();
    keys.forEach(
        (path, key) -> {
          boolean sound =
              answers.computeIfAbsent(
                  store(path), unused -> findings.look(path, () -> require(key, path, plan)));
          if (!sound) {
            // Told with the first path of this storage.
            findings.giveUp(path);
          }
        });
  }

  private static void require(String key, String path, Plan plan) {
    try {
      StorageClient.require(path, plan.hadoop());
    } catch (LsgException e) {
      throw LsgException.of(e.exitCode(), key + ": " + e.getMessage());
    }
  }

  /** Scheme and host; empty: the default file system. */
  private static String store(String path) {
    if (!HadoopConfigText.hasScheme(path)) {
      return "";
    }
    try {
      Path parsed = new Path(path);
      return parsed.toUri().getScheme() + "://" + parsed.toUri().getAuthority();
    } catch (IllegalArgumentException e) {
      // No address: looked at, and told, by itself.
      return path;
    }
  }
}
