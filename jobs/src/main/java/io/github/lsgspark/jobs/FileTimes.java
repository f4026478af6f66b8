package io.github.lsgspark.jobs;

import io.github.lsgspark.storage.FolderWalk;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.ParallelCalls;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * Sizes and times of many files in one digest, in the order in which they are named. Of those that
 * are missing it says so. Local files are asked one by one; on other file systems a folder that
 * holds several is listed. Files are forgotten when they have been looked at.
 */
final class FileTimes {
  private static final String ABSENT = "absent";
  private static final int AT_ONCE = 100_000;
  private static final int BATCH = 1000;

  /** From so many files of one folder on, the folder is listed. */
  private static final int WORTH_LISTING = 4;

  /** A folder of more than so many entries for each file wanted is not worth it. */
  private static final int ENTRIES_PER_FILE = 250;

  private final HadoopFiles files;
  private final MessageDigest digest;
  private final List<String> waiting = new ArrayList<>();
  private long count;

  FileTimes(HadoopFiles files) {
    this.files = files;
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  void add(String path) {
    count++;
    waiting.add(path);
    if (waiting.size() >= AT_ONCE) {
      look();
    }
  }

  boolean isEmpty() {
    return count == 0;
  }

  /** Of all files that were added. */
  String digest() {
    look();
    return HexFormat.of().formatHex(digest.digest(), 0, 16);
  }

  private void look() {
    Map<String, List<String>> byFolder = new HashMap<>();
    for (String path : waiting) {
      byFolder.computeIfAbsent(folder(path), unused -> new ArrayList<>()).add(path);
    }
    List<List<String>> batches = new ArrayList<>();
    byFolder.forEach(
        (folder, paths) -> {
          int size = isLocal(paths.get(0)) ? BATCH : paths.size();
          for (int from = 0; from < paths.size(); from += size) {
            batches.add(paths.subList(from, Math.min(paths.size(), from + size)));
          }
        });
    Map<String, String> facts = new HashMap<>();
    ParallelCalls.map(batches, this::facts).forEach(facts::putAll);
    for (String path : waiting) {
      digest.update((path + " " + facts.get(path) + "\n").getBytes(StandardCharsets.UTF_8));
    }
    waiting.clear();
  }

  private static String folder(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }

  private boolean isLocal(String path) {
    try {
      return files.fileSystem(path).getUri().getScheme().equals("file");
    } catch (IllegalArgumentException e) {
      return false; // no path at all
    }
  }

  /** Of files of one folder. */
  private Map<String, String> facts(List<String> paths) {
    Map<String, String> facts = new HashMap<>();
    if (isLocal(paths.get(0))) {
      paths.forEach(path -> facts.put(path, local(path)));
      return facts;
    }
    if (paths.size() >= WORTH_LISTING && isPath(folder(paths.get(0)))) {
      listed(paths, facts);
    }
    for (String path : paths) {
      facts.computeIfAbsent(path, this::asked);
    }
    return facts;
  }

  private static boolean isPath(String text) {
    try {
      return !new Path(text).toString().isEmpty();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private String local(String path) {
    try {
      java.nio.file.Path file =
          java.nio.file.Path.of(
              files.fileSystem(path).makeQualified(new Path(path)).toUri().getPath());
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      return found.isDirectory()
          ? below(path)
          : found.size() + " " + found.lastModifiedTime().toMillis();
    } catch (IOException | IllegalArgumentException e) {
      return ABSENT;
    }
  }

  /** All that a folder holds, if it is not too much; what it does not hold is missing. */
  private void listed(List<String> paths, Map<String, String> facts) {
    String folder = folder(paths.get(0));
    long most = (long) ENTRIES_PER_FILE * paths.size();
    Map<String, String> found = new HashMap<>();
    Set<String> wanted = new HashSet<>();
    paths.forEach(path -> wanted.add(path.substring(folder.length() + 1)));
    long seen = 0;
    try {
      RemoteIterator<FileStatus> entries =
          files.fileSystem(folder).listStatusIterator(new Path(folder));
      while (entries.hasNext()) {
        FileStatus entry = entries.next();
        String name = entry.getPath().getName();
        if (wanted.contains(name)) {
          found.put(name, entry.isFile() ? fact(entry) : below(entry.getPath().toString()));
        }
        if (++seen > most) {
          return;
        }
      }
    } catch (FileNotFoundException e) {
      found.clear();
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": " + e.getMessage(), e);
    }
    for (String path : paths) {
      facts.put(path, found.getOrDefault(path.substring(folder.length() + 1), ABSENT));
    }
  }

  private String asked(String path) {
    if (!isPath(path)) {
      return ABSENT;
    }
    try {
      FileSystem fileSystem = files.fileSystem(path);
      FileStatus status = fileSystem.getFileStatus(new Path(path));
      return status.isFile() ? fact(status) : below(path);
    } catch (FileNotFoundException e) {
      return ABSENT;
    } catch (IOException e) {
      throw new UncheckedIOException(path + ": " + e.getMessage(), e);
    }
  }

  /** Of a folder, such as one of frames. */
  private String below(String folder) {
    TreeSet<String> all = new TreeSet<>();
    for (FolderWalk.Found file : FolderWalk.of(files, folder).files()) {
      all.add(file.location() + " " + fact(file.status()));
    }
    return all.toString();
  }

  private static String fact(FileStatus file) {
    return file.getLen() + " " + file.getModificationTime();
  }
}
