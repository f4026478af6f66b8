package io.github.lsgspark.storage;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What a folder held when it was finished, so that a file that was lost, cut off, added or
 * exchanged since is noticed. Names that begin with a dot or an underscore do not count: neither
 * does Spark read them. Checksums that Hadoop keeps beside local files do, if they are there.
 *
 * @param files by their paths in the folder
 * @param rows of each Parquet table, by its folder
 */
public record FolderContent(
    @JsonProperty Map<String, Entry> files, @JsonProperty Map<String, Long> rows) {

  /** What stages read where it lies, whether it was written there or not. */
  private static final Set<String> READ =
      Set.of("parquet", "safetensors", "json", "pt", "pack", "jsonl", "crc");

  /**
   * A file.
   *
   * @param time of its last change; as long as it is the same, the content is not read again
   * @param sha256 as {@link FileDigest#seal} makes it
   */
  public record Entry(
      @JsonProperty long bytes, @JsonProperty long time, @JsonProperty String sha256) {}

  /**
   * Reads all that lies in a folder.
   *
   * @throws io.github.lsgspark.config.LsgException exit 3 for a Parquet file that has no footer
   */
  public static FolderContent of(HadoopFiles files, String folder) {
    FileSystem fileSystem = plain(files, folder);
    Map<String, FileStatus> found = list(files, folder);
    List<String> names = List.copyOf(found.keySet());
    List<Entry> entries =
        ParallelCalls.map(
            names,
            name -> {
              FileStatus file = found.get(name);
              return new Entry(
                  file.getLen(), file.getModificationTime(), FileDigest.seal(fileSystem, file));
            });
    List<String> tables = names.stream().filter(ParquetFooter::isNamed).toList();
    List<Long> counts =
        ParallelCalls.map(tables, name -> ParquetFooter.rows(files, found.get(name)));
    Map<String, Entry> all = new TreeMap<>();
    for (int i = 0; i < names.size(); i++) {
      all.put(names.get(i), entries.get(i));
    }
    Map<String, Long> rows = new TreeMap<>();
    for (int i = 0; i < tables.size(); i++) {
      rows.merge(folderOf(tables.get(i)), counts.get(i), Long::sum);
    }
    return new FolderContent(all, rows);
  }

  /** Reads what was written as JSON; empty if it is something else. */
  static Optional<FolderContent> of(JsonNode json) {
    if (!json.path("files").isObject() || !json.path("rows").isObject()) {
      return Optional.empty();
    }
    Map<String, Entry> files = new TreeMap<>();
    json.path("files")
        .properties()
        .forEach(
            file ->
                files.put(
                    file.getKey(),
                    new Entry(
                        file.getValue().path("bytes").asLong(-1),
                        file.getValue().path("time").asLong(-1),
                        file.getValue().path("sha256").asText())));
    Map<String, Long> rows = new TreeMap<>();
    json.path("rows").properties().forEach(t -> rows.put(t.getKey(), t.getValue().asLong(-1)));
    return Optional.of(new FolderContent(files, rows));
  }

  /** Reads a record of its own file; empty if that is missing or damaged. */
  public static Optional<FolderContent> read(HadoopFiles files, String path) {
    try {
      Optional<String> text = files.readIfThere(path);
      return text.isEmpty() ? Optional.empty() : of(Json.tree(text.get()));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    } catch (UncheckedIOException e) {
      if (StorageFault.isDamage(e.getCause())) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * What is not as it was, for people: "samples/part-0.parquet is missing". One listing, as long as
   * the times of the files are those of the record.
   */
  public Optional<String> difference(HadoopFiles store, String folder) {
    Map<String, FileStatus> found = list(store, folder);
    for (String name : files.keySet()) {
      FileStatus file = found.get(name);
      if (file == null && isChecksum(name)) {
        continue;
      }
      if (file == null) {
        return Optional.of(name + " is missing");
      }
      if (file.getLen() != files.get(name).bytes()) {
        return Optional.of(
            name
                + " has "
                + file.getLen()
                + " bytes, but "
                + files.get(name).bytes()
                + " were written");
      }
    }
    Set<String> tables = rows.keySet();
    for (String name : found.keySet()) {
      String suffix = name.substring(name.lastIndexOf('.') + 1);
      if (!files.containsKey(name) && (READ.contains(suffix) || tables.contains(folderOf(name)))) {
        return Optional.of(name + " was added");
      }
    }
    List<String> touched =
        files.keySet().stream()
            .filter(found::containsKey)
            .filter(name -> found.get(name).getModificationTime() != files.get(name).time())
            .toList();
    FileSystem fileSystem = plain(store, folder);
    List<Boolean> same =
        ParallelCalls.map(touched, name -> isSame(fileSystem, found.get(name), files.get(name)));
    int first = same.indexOf(false);
    return first < 0
        ? Optional.empty()
        : Optional.of(touched.get(first) + " is not what was written");
  }

  private static boolean isSame(FileSystem fileSystem, FileStatus file, Entry entry) {
    try {
      return FileDigest.seal(fileSystem, file).equals(entry.sha256());
    } catch (UncheckedIOException e) {
      if (StorageFault.isDamage(e.getCause())) {
        return false;
      }
      throw e;
    }
  }

  private static String folderOf(String name) {
    return name.indexOf('/') < 0 ? "" : name.substring(0, name.lastIndexOf('/'));
  }

  private static Map<String, FileStatus> list(HadoopFiles files, String folder) {
    Map<String, FileStatus> found = new TreeMap<>();
    try {
      FileSystem fileSystem = plain(files, folder);
      Path path = fileSystem.makeQualified(new Path(folder));
      int start = path.toUri().getPath().length() + 1;
      for (FileStatus file : FileStatuses.below(fileSystem, path)) {
        String name = file.getPath().toUri().getPath().substring(start);
        if (!isHidden(name) && !name.equals(StageStore.MANIFEST)) {
          found.put(name, file);
        }
      }
      return found;
    } catch (FileNotFoundException e) {
      return new TreeMap<>();
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": " + e.getMessage(), e);
    }
  }

  private static boolean isHidden(String name) {
    for (String part : name.split("/")) {
      if (part.startsWith("_") || (part.startsWith(".") && !isChecksum(part))) {
        return true;
      }
    }
    return name.equals("." + StageStore.MANIFEST + ".crc");
  }

  /** Whether Hadoop has made a file to check another by, one that counts. */
  private static boolean isChecksum(String name) {
    return name.substring(name.lastIndexOf('/') + 1).matches("[.][^._].*[.]crc");
  }

  /** A file system that shows the checksums of local files as files. */
  private static FileSystem plain(HadoopFiles files, String folder) {
    FileSystem fileSystem = files.fileSystem(folder);
    return fileSystem instanceof LocalFileSystem local ? local.getRaw() : fileSystem;
  }
}
