package io.github.lsgspark.jobs.checks;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.FolderWalk;
import io.github.lsgspark.storage.HadoopFiles;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Whether this JVM can read the names of files and folders of this machine: in a locale without
 * UTF-8 Java puts a replacement in the place of what it cannot read, and finds no such file.
 */
final class FileNamesCheck implements Check {
  private static final String ENCODING = "sun.jnu.encoding";
  private static final char REPLACEMENT = '\uFFFD';

  @Override
  public void run(Plan plan, Findings findings) {
    String encoding = System.getProperty(ENCODING, StandardCharsets.UTF_8.name());
    if (encoding.equalsIgnoreCase(StandardCharsets.UTF_8.name())) {
      return;
    }
    for (Planned planned : plan.planned()) {
      for (Input input : Input.of(planned)) {
        String path = input.path().apply(planned.settings());
        if (findings.isSound(path)
            && plan.files().fileSystem(path) instanceof LocalFileSystem local) {
          findings.look(
              path,
              () -> require(input.key(), local.pathToFile(new Path(path)), plan.files(), encoding));
        }
      }
    }
  }

  /**
   * @throws LsgException exit 4 that names a file with a name that cannot be read
   */
  static void require(String key, File folder, HadoopFiles files, String encoding) {
    if (!folder.isDirectory()) {
      return;
    }
    FolderWalk walk = FolderWalk.of(files, folder.toString());
    Stream.concat(
            walk.files().stream().map(FolderWalk.Found::relative),
            walk.skipped().stream().map(FolderWalk.Skipped::relative))
        .filter(name -> name.indexOf(REPLACEMENT) >= 0)
        .findFirst()
        .ifPresent(
            name -> {
              throw LsgException.environment(
                  key
                      + ": "
                      + folder
                      + " holds names that this Java cannot read, such as "
                      + name
                      + ", since the locale's encoding is "
                      + encoding
                      + ": set LC_ALL=C.UTF-8 before it starts (submit/lsg does so), and"
                      + " spark.executorEnv.LC_ALL for executors",
                  null);
            });
  }
}
