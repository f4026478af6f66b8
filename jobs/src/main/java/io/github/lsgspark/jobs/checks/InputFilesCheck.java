package io.github.lsgspark.jobs.checks;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.RelativeInputs;
import io.github.lsgspark.embedding.models.NamedEncoder;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/** Whether every file and folder that is named is there, is what it must be, and can be read. */
final class InputFilesCheck implements Check {
  private record Named(String key, String path) {}

  @Override
  public void run(Plan plan, Findings findings) {
    // Those of storage that answers; each setting is told of, also if two name the same file.
    Map<Named, Runnable> looks = new LinkedHashMap<>();
    for (Planned planned : plan.planned()) {
      for (Input input : Input.of(planned)) {
        String path = input.path().apply(planned.settings());
        if (findings.isSound(path)) {
          looks.putIfAbsent(new Named(input.key(), path), () -> look(plan, planned, input, path));
        }
      }
    }
    looks.forEach((named, look) -> findings.look(named.path(), look));
  }

  private static void look(Plan plan, Planned planned, Input input, String path) {
    FileSystem files = plan.files().fileSystem(path);
    try {
      FileStatus status = files.getFileStatus(new Path(path));
      if (input.kind() == Input.Kind.FILE && status.isDirectory()) {
        throw LsgException.input(input.key() + ": " + path + ": is a folder, not a file");
      }
      if (input.kind() == Input.Kind.FOLDER && status.isFile()) {
        throw LsgException.input(
            input.key() + ": " + path + ": is a file; give the folder that holds it");
      }
      if (status.isFile()
          && files instanceof LocalFileSystem local
          && !local.pathToFile(new Path(path)).isFile()) {
        // Opening a pipe waits for a program that writes to it.
        throw LsgException.input(
            input.key() + ": " + path + ": is a pipe, socket or device, not a file");
      }
      if (status.isDirectory()) {
        files.listStatusIterator(new Path(path)).hasNext();
      } else {
        try (InputStream in = open(files, new Path(path))) {
          var unused = in.read();
        }
      }
    } catch (AccessDeniedException e) {
      throw LsgException.input(input.key() + ": " + path + ": permission denied", e);
    } catch (FileNotFoundException e) {
      throw LsgException.input(missing(planned, input.key(), path), e);
    } catch (IOException e) {
      throw LsgException.input(
          input.key() + ": " + path + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** One of this machine is opened as it is: Hadoop's checksums know no names with a colon. */
  private static InputStream open(FileSystem files, Path path) throws IOException {
    return files instanceof LocalFileSystem local
        ? Files.newInputStream(local.pathToFile(path).toPath())
        : files.open(path);
  }

  private static String missing(Planned planned, String key, String path) {
    List<String> places = RelativeInputs.lookedFor(planned.effective(), key);
    if (key.equals("embedding.model") && !path.contains("/")) {
      return NamedEncoder.unknown(path);
    }
    return key
        + ": "
        + path
        + ": no such file or folder"
        + (places.equals(List.of(path)) ? "" : "; looked for " + String.join(" and ", places));
  }
}
