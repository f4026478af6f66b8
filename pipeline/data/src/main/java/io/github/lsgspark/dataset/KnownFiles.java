package io.github.lsgspark.dataset;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.modality.FileEndings;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.RelativePath;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * Which files there are below a folder. Each folder that is asked about is listed once, so that a
 * list of many lines costs one call for each of its folders.
 */
final class KnownFiles {
  private final FileSystem fileSystem;
  private final Path base;
  private final Map<String, Set<String>> folders = new HashMap<>();

  KnownFiles(HadoopFiles files, Path base) {
    this.fileSystem = files.fileSystem(base.toString());
    this.base = base;
  }

  /** Whether asking costs next to nothing. */
  boolean areNear() {
    return fileSystem instanceof LocalFileSystem;
  }

  /**
   * Whether a file is there.
   *
   * @param relative path below the folder, with slashes
   */
  boolean has(String relative) {
    int slash = relative.lastIndexOf('/');
    return folders
        .computeIfAbsent(relative.substring(0, Math.max(0, slash)), this::list)
        .contains(relative.substring(slash + 1));
  }

  /**
   * What a file is called that a list means: as the list has it; or else the one file of that name
   * in another Unicode form, as macOS writes accents; or the one of that name with an ending of
   * samples, as lists of ids leave it out. The name itself if there is none, or several. What is
   * far away is only looked at where a name may be such a one.
   *
   * @param ids whether no name of the list has an ending of samples
   */
  String meant(String relative, boolean ids) {
    if (!areNear() && !ids && isPlain(relative) || has(relative)) {
      return relative;
    }
    int slash = relative.lastIndexOf('/');
    String folder = relative.substring(0, slash + 1);
    String name = normal(relative.substring(slash + 1));
    Set<String> names = folders.get(relative.substring(0, Math.max(0, slash)));
    List<String> alike = names.stream().filter(file -> normal(file).equals(name)).toList();
    if (alike.isEmpty() && !FileEndings.isOfAny(name)) {
      alike =
          names.stream()
              .filter(FileEndings::isOfAny)
              .filter(file -> normal(file.substring(0, file.lastIndexOf('.'))).equals(name))
              .toList();
    }
    return alike.size() == 1 ? folder + alike.get(0) : relative;
  }

  private static boolean isPlain(String name) {
    return name.chars().allMatch(sign -> sign < 128);
  }

  private static String normal(String name) {
    return isPlain(name) ? name : Normalizer.normalize(name, Normalizer.Form.NFC);
  }

  /** The files of the folders that were asked about, by their paths. */
  Stream<String> listed() {
    return folders.entrySet().stream()
        .flatMap(
            folder ->
                folder.getValue().stream()
                    .map(name -> folder.getKey().isEmpty() ? name : folder.getKey() + "/" + name));
  }

  private Set<String> list(String folder) {
    Set<String> names = new HashSet<>();
    if (!folder.isEmpty() && !mayExist(folder)) {
      return names;
    }
    if (fileSystem instanceof LocalFileSystem local) {
      return near(local.pathToFile(base).toPath(), folder);
    }
    Path path = folder.isEmpty() ? base : new Path(base + "/" + folder);
    try {
      RemoteIterator<FileStatus> found = fileSystem.listStatusIterator(path);
      while (found.hasNext()) {
        FileStatus status = found.next();
        if (!status.isDirectory()) {
          names.add(status.getPath().getName());
        }
      }
    } catch (FileNotFoundException e) {
      return names;
    } catch (IOException e) {
      throw new UncheckedIOException(path + ": " + e.getMessage(), e);
    }
    return names;
  }

  private static Set<String> near(java.nio.file.Path base, String folder) {
    Set<String> names = new HashSet<>();
    try (DirectoryStream<java.nio.file.Path> files =
        Files.newDirectoryStream(base.resolve(folder), file -> !Files.isDirectory(file))) {
      files.forEach(file -> names.add(file.getFileName().toString()));
    } catch (NoSuchFileException | NotDirectoryException | InvalidPathException e) {
      return names;
    } catch (DirectoryIteratorException | IOException e) {
      throw LsgException.input(
          RelativePath.printable(base + "/" + folder + ": cannot be listed: " + e), e);
    }
    return names;
  }

  /**
   * A path that leads out, or holds what no other file system of Hadoop has in a name, is not
   * looked at.
   */
  private boolean mayExist(String folder) {
    return !folder.startsWith("/")
        && !folder.contains("//")
        && !List.of(folder.split("/")).contains("..")
        && (areNear() || folder.codePoints().noneMatch(Character::isISOControl));
  }
}
