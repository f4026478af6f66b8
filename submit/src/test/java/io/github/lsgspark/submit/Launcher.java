package io.github.lsgspark.submit;

import io.github.lsgspark.submit.Shell.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs the launcher as a user does, in the folder of a test. */
final class Launcher {
  private final Path folder;

  Launcher(Path folder) {
    this.folder = folder;
  }

  /** Runs the launcher. */
  Outcome lsg(String... arguments) throws Exception {
    return lsg(Map.of(), arguments);
  }

  /** Runs the launcher, with more in its environment. */
  Outcome lsg(Map<String, String> environment, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(Shell.HOME.resolve("submit/lsg").toString()));
    command.addAll(List.of(arguments));
    Map<String, String> all = new HashMap<>(Map.of("SPARK_HOME", "", "LSG_DRIVER_MEMORY", ""));
    all.putAll(environment);
    return Shell.run(folder, all, command.toArray(String[]::new));
  }

  /** The path of a configuration that is written. */
  String config(String text) throws Exception {
    return Files.writeString(folder.resolve("my run.conf"), text).toString();
  }

  /** A work directory that is not there yet. */
  String work() {
    return folder.resolve("w").toUri().toString();
  }
}
