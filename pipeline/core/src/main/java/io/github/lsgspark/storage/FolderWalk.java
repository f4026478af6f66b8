package io.github.lsgspark.storage;

import io.github.lsgspark.config.LsgException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;

/**
 * All files below a folder, however deep, hidden ones too. On this machine no process is started
 * for any file, links are followed, and no folder is entered twice, whatever links lead to it: what
 * lies in the folder itself comes first, then what links lead to, in the order of their names.
 */
public final class FolderWalk {
  private static final char REPLACEMENT = '\uFFFD';

  /**
   * A file.
   *
   * @param relative its path from the folder, separated by slashes
   * @param location by which Hadoop opens it
   * @param length in bytes
   * @param modified when it was last written, in milliseconds
   */
  public record Found(String relative, String location, long length, long modified) {

    /** As Hadoop has it, without owner, permissions and blocks. */
    public FileStatus status() {
      return new FileStatus(length, false, 1, 0, modified, new org.apache.hadoop.fs.Path(location));
    }
  }

  /** Why something is not among the files. */
  public enum Obstacle {
    /** A link to a folder that is entered elsewhere, or to one that the walk came through. */
    ENTERED_BEFORE,
    /** A link that leads nowhere. */
    BROKEN_LINK,
    /** A pipe, socket or device. */
    NOT_A_FILE,
    /** The name is not of this locale's encoding, so that no file can be asked for by it. */
    UNREADABLE_NAME
  }

  /** What is not among the files. */
  public record Skipped(String relative, Obstacle obstacle, String detail) {}

  /** A folder or link that is to be entered. */
  private record Door(Path path, String relative) {}

  private final List<Found> found = new ArrayList<>();
  private final List<Skipped> skipped = new ArrayList<>();

  private FolderWalk() {}

  /**
   * Walks through a folder.
   *
   * @throws LsgException exit 3 if it or a folder in it cannot be listed
   */
  public static FolderWalk of(HadoopFiles files, String folder) {
    FolderWalk walk = new FolderWalk();
    FileSystem fileSystem = files.fileSystem(folder);
    org.apache.hadoop.fs.Path path =
        fileSystem.makeQualified(new org.apache.hadoop.fs.Path(folder));
    if (fileSystem instanceof LocalFileSystem) {
      walk.local(Path.of(path.toUri().getPath()));
    } else {
      walk.remote(fileSystem, path);
    }
    return walk;
  }

  /** The files, ordered by their relative paths. */
  public List<Found> files() {
    return Collections.unmodifiableList(found);
  }

  /** What is not among the files, ordered by their relative paths. */
  public List<Skipped> skipped() {
    return Collections.unmodifiableList(skipped);
  }

  private void remote(FileSystem fileSystem, org.apache.hadoop.fs.Path root) {
    try {
      int start = root.toUri().getPath().length();
      for (FileStatus file : FileStatuses.below(fileSystem, root)) {
        found.add(
            new Found(
                file.getPath().toUri().getPath().substring(start).replaceFirst("^/+", ""),
                file.getPath().toString(),
                file.getLen(),
                file.getModificationTime()));
      }
    } catch (FileNotFoundException e) {
      throw LsgException.input(root + ": no such file or folder", e);
    } catch (IOException e) {
      throw new UncheckedIOException(root + ": " + e.getMessage(), e);
    }
    sort();
  }

  private void local(Path root) {
    Set<Path> entered = new HashSet<>();
    Deque<Door> folders = new ArrayDeque<>();
    List<Door> links = new ArrayList<>();
    Path real = real(root);
    folders.add(new Door(root, ""));
    entered.add(real);
    while (true) {
      while (!folders.isEmpty()) {
        enter(folders.remove(), folders, links, entered);
      }
      if (links.isEmpty()) {
        break;
      }
      links.sort(Comparator.comparing(Door::relative));
      Door link = links.remove(0);
      Path target = real(link.path());
      if (real.startsWith(target) || !entered.add(target)) {
        skip(link.relative(), Obstacle.ENTERED_BEFORE, "links to " + target);
      } else {
        folders.add(link);
      }
    }
    sort();
  }

  private void sort() {
    found.sort(Comparator.comparing(Found::relative));
    skipped.sort(Comparator.comparing(Skipped::relative));
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      throw LsgException.input(RelativePath.printable(path + ": no such file or folder"), e);
    }
  }

  private void enter(Door door, Deque<Door> folders, List<Door> links, Set<Path> entered) {
    Path realFolder = real(door.path());
    try (DirectoryStream<Path> children = Files.newDirectoryStream(door.path())) {
      for (Path child : children) {
        String name = child.getFileName().toString();
        String relative = door.relative().isEmpty() ? name : door.relative() + "/" + name;
        BasicFileAttributes own =
            Files.readAttributes(child, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (own.isDirectory()) {
          // The same folder by another link, or what a link led to before.
          if (entered.add(realFolder.resolve(child.getFileName()))) {
            folders.add(new Door(child, relative));
          } else {
            skip(relative, Obstacle.ENTERED_BEFORE, "its files are listed elsewhere");
          }
        } else {
          file(child, relative, own, links);
        }
      }
    } catch (DirectoryIteratorException | IOException e) {
      throw LsgException.input(
          RelativePath.printable(door.path() + ": cannot be listed: " + reason(e)), e);
    }
  }

  private static String reason(Exception e) {
    return e instanceof java.nio.file.AccessDeniedException ? "permission denied" : e.getMessage();
  }

  private void file(Path child, String relative, BasicFileAttributes own, List<Door> links) {
    BasicFileAttributes target = own;
    if (own.isSymbolicLink()) {
      try {
        target = Files.readAttributes(child, BasicFileAttributes.class);
      } catch (IOException e) {
        skip(relative, Obstacle.BROKEN_LINK, "a link that leads nowhere");
        return;
      }
    }
    if (target.isDirectory()) {
      links.add(new Door(child, relative));
    } else if (!target.isRegularFile()) {
      skip(relative, Obstacle.NOT_A_FILE, "a pipe, socket or device");
    } else if (relative.indexOf(REPLACEMENT) >= 0 && !isReadable(child.toString())) {
      skip(relative, Obstacle.UNREADABLE_NAME, "no name in the encoding of the locale");
    } else {
      found.add(
          new Found(
              relative, "file:" + child, target.size(), target.lastModifiedTime().toMillis()));
    }
  }

  private static boolean isReadable(String path) {
    try {
      return Files.exists(Path.of(path));
    } catch (InvalidPathException e) {
      return false; // the locale has no such sign
    }
  }

  private void skip(String relative, Obstacle obstacle, String detail) {
    skipped.add(new Skipped(relative, obstacle, detail));
  }
}
