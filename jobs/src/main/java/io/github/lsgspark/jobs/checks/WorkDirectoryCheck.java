package io.github.lsgspark.jobs.checks;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.StorageFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Whether outputs can be written: a file is, and taken away again. The folders made for it stay for
 * the run, unless none follows or it is refused: then those that are empty go, too.
 */
final class WorkDirectoryCheck implements Check {
  private static final int PROBE_BYTES = 4096;

  @Override
  public void run(Plan plan, Findings findings) {
    if (findings.isSound(plan.workDir())) {
      // A plan that fetches nothing is only looked at.
      boolean stays = plan.fetches() && findings.exitCode() == 0;
      findings.look(plan.workDir(), () -> tryToWrite(plan.workDir(), plan.files(), stays));
    }
  }

  private static void tryToWrite(String workDir, HadoopFiles files, boolean stays) {
    FileSystem storage = files.fileSystem(workDir);
    Path folder = storage.makeQualified(new Path(workDir));
    Path probe = new Path(folder, "_may-write-" + UUID.randomUUID());
    Deque<Path> made = new ArrayDeque<>();
    try {
      for (Path above = folder; above != null; above = above.getParent()) {
        if (storage.exists(above)) {
          if (!storage.getFileStatus(above).isDirectory()) {
            throw LsgException.input(
                "--work-dir " + workDir + " cannot be made: " + plain(above) + " is a file");
          }
          break;
        }
        made.add(above);
      }
      try {
        // A disk that is full has room for a file of nothing.
        files.write(probe.toString(), new byte[PROBE_BYTES]);
      } finally {
        storage.delete(probe, false);
      }
      if (!stays) {
        remove(made, storage);
      }
    } catch (IOException | UncheckedIOException e) {
      throw refused(workDir, reason(storage, folder, e));
    }
  }

  /** Of a folder Hadoop says no more than that it could not be made; the kernel says why. */
  private static Exception reason(FileSystem storage, Path folder, Exception failure) {
    if (storage instanceof LocalFileSystem local) {
      try {
        Files.createDirectories(local.pathToFile(folder).toPath());
      } catch (IOException e) {
        return StorageFault.of(e).isPresent() ? e : failure;
      }
    }
    return failure;
  }

  private static LsgException refused(String workDir, Exception failure) {
    Optional<LsgException> told = StorageFault.of(failure);
    String sentence = "--work-dir " + workDir + " cannot be written: ";
    if (told.isPresent() && told.get().exitCode() == LsgException.ENVIRONMENT) {
      return LsgException.environment(sentence + told.get().getMessage(), failure);
    }
    return LsgException.input(
        sentence
            + String.valueOf(failure.getMessage()).lines().findFirst().orElse("")
            + "; give this user the right to, or name another",
        failure);
  }

  private static void remove(Deque<Path> made, FileSystem storage) {
    try {
      while (!made.isEmpty()) {
        storage.delete(made.poll(), false);
      }
    } catch (IOException e) {
      // Another run writes there now.
    }
  }

  private static String plain(Path path) {
    return path.toString().replaceFirst("^file:/+", "/");
  }
}
