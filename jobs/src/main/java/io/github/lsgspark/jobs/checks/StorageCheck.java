package io.github.lsgspark.jobs.checks;

import io.github.lsgspark.storage.HadoopConfigText;
import io.github.lsgspark.storage.StorageClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;

/** Whether every storage that is named has a client here, a known host, and answers. */
final class StorageCheck implements Check {
  @Override
  public void run(Plan plan, Findings findings) {
    List<String> paths = new ArrayList<>(List.of(plan.workDir()));
    for (Planned planned : plan.planned()) {
      Input.of(planned).forEach(input -> paths.add(input.path().apply(planned.settings())));
    }
    Map<String, Boolean> answers = new HashMap<>();
    for (String path : paths) {
      boolean sound =
          answers.computeIfAbsent(
              store(path),
              unused -> findings.look(path, () -> StorageClient.require(path, plan.hadoop())));
      if (!sound) {
        // Told with the first path of this storage.
        findings.giveUp(path);
      }
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
