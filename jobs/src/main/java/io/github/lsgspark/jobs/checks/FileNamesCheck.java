package io.github.lsgspark.jobs.checks;

import io.github.lsgspark.config.LsgException;
import java.io.File;
import java.nio.charset.StandardCharsets;
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
              path, () -> require(input.key(), local.pathToFile(new Path(path)), encoding));
        }
      }
    }
  }

  /**
   * @throws LsgException exit 4 that names a folder with a name that cannot be read
   */
  static void require(String key, File file, String encoding) {
    File[] children = file.listFiles();
    if (children == null) {
      return;
    }
    for (File child : children) {
      if (child.getName().indexOf(REPLACEMENT) >= 0) {
        throw LsgException.environment(
            key
                + ": "
                + file
                + " holds names that this Java cannot read, since the locale's encoding is "
                + encoding
                + ": set LC_ALL=C.UTF-8 before it starts (submit/lsg does so), and"
                + " spark.executorEnv.LC_ALL for executors",
            null);
      }
      require(key, child, encoding);
    }
  }
}
