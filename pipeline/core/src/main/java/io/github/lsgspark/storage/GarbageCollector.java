package io.github.lsgspark.storage;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.config.LsgException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What of a work directory nothing needs any more: outputs that were finished long ago, that the
 * latest run does not name and that no younger output was made of; and what runs that broke down
 * have left. What a run that lives needs stays, however old ({@link LiveRun}), as does what a claim
 * that is still written is on.
 */
public final class GarbageCollector {
  private static final Logger LOG = LoggerFactory.getLogger(GarbageCollector.class);
  private static final String RUN = "run.json";
  private static final Pattern ENTRY =
      Pattern.compile("(?:_(staging|running|claim)-)?([0-9a-f]{16})(?:-.*)?");

  /**
   * One folder.
   *
   * @param path below the work directory, like {@code train/0123456789abcdef}
   * @param what it is, for people
   * @param time when it was finished or written last
   * @param removable whether it may be removed; else it is only to be known of
   */
  public record Item(String path, String what, Instant time, long bytes, boolean removable) {}

  /** An output with its manifest. */
  private record Output(
      String path, String fingerprint, Instant finished, List<String> inputs, String text) {}

  private final HadoopFiles files;
  private final String workDir;
  private final Instant before;
  private final Set<String> live;
  private final List<Output> outputs = new ArrayList<>();
  private final List<Item> leftovers = new ArrayList<>();

  private GarbageCollector(HadoopFiles files, String workDir, Instant before) {
    this.files = files;
    this.workDir = workDir;
    this.before = before;
    this.live = LiveRun.needed(files, workDir);
  }

  /** A removal under way, which runs that begin meanwhile wait for. */
  public interface Removal extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Makes a removal known; what {@link #find} lists from then on until it is closed, no run begins
   * to use.
   */
  public static Removal begin(HadoopFiles files, String workDir) {
    requireThere(files, workDir);
    return LiveNote.write(files, workDir, LiveRun.REMOVAL, Map::of)::close;
  }

  private static void requireThere(HadoopFiles files, String workDir) {
    if (!files.exists(workDir)) {
      throw LsgException.input(workDir + ": no such work directory");
    }
  }

  /**
   * Looks through a work directory, and changes nothing.
   *
   * @param before what is younger stays
   * @return by path
   * @throws LsgException exit 3 if there is no such work directory
   */
  public static List<Item> find(HadoopFiles files, String workDir, Instant before) {
    requireThere(files, workDir);
    return new GarbageCollector(files, workDir, before).find();
  }

  private List<Item> find() {
    for (FileStatus stage : children(workDir)) {
      String name = stage.getPath().getName();
      if (stage.isDirectory() && !name.equals("inputs") && !name.equals("submitted")) {
        List<FileStatus> entries = children(stage.getPath().toString());
        Set<String> claimed = claimed(entries);
        entries.forEach(entry -> sort(name, entry, claimed));
      }
    }
    Set<String> needed = needed();
    List<Item> old = new ArrayList<>(leftovers);
    List<Output> kept = new ArrayList<>();
    for (Output output : outputs) {
      if (needed.contains(output.fingerprint())) {
        kept.add(output);
      } else {
        old.add(new Item(output.path(), "output", output.finished(), size(output.path()), true));
      }
    }
    uploads(kept).forEach(old::add);
    old.sort(Comparator.comparing(Item::path));
    return old;
  }

  /** Fingerprints on which there are claims that are still written. */
  private Set<String> claimed(List<FileStatus> entries) {
    Set<String> claimed = new HashSet<>();
    for (FileStatus entry : entries) {
      boolean young = !Instant.ofEpochMilli(entry.getModificationTime()).isBefore(before);
      if (young && entry.getPath().getName().startsWith("_claim-")) {
        claimed.add(fingerprint(entry.getPath().getName()));
      }
    }
    return claimed;
  }

  /** Of an entry of a stage's folder; empty if it is of none. */
  private static String fingerprint(String name) {
    Matcher matcher = ENTRY.matcher(name);
    return matcher.matches() ? matcher.group(2) : "";
  }

  private void sort(String stage, FileStatus entry, Set<String> claimed) {
    String name = entry.getPath().getName();
    String path = stage + "/" + name;
    if (name.matches("[0-9a-f]{16}")) {
      String manifest = HadoopFiles.path(workDir, path + "/" + StageStore.MANIFEST);
      if (files.exists(manifest)) {
        take(path, name, manifest);
        return;
      }
    } else if (!name.matches("_(staging|running|claim)-.*")) {
      return; // not of a stage: the encoders' cache, say
    }
    if (live.contains(fingerprint(name)) || claimed.contains(fingerprint(name))) {
      return;
    }
    Instant written = youngest(entry);
    if (written.isBefore(before)) {
      leftovers.add(new Item(path, "left by a run that broke down", written, size(path), true));
    }
  }

  /** One whose manifest cannot be read may be of use to a person: it is told of, and stays. */
  private void take(String path, String name, String manifest) {
    try {
      outputs.add(output(path, name, manifest));
    } catch (LsgException | UncheckedIOException e) {
      LOG.warn("{} is left alone: {}", path, e.getMessage());
      leftovers.add(
          new Item(path, "its manifest cannot be read: it stays", before, size(path), false));
    }
  }

  private Output output(String path, String fingerprint, String manifest) {
    JsonNode content = Json.read(files, manifest);
    List<String> inputs = new ArrayList<>();
    content.path("inputs").forEach(input -> inputs.add(input.asText()));
    Instant finished;
    try {
      finished = Instant.parse(content.path("finished").asText());
    } catch (java.time.format.DateTimeParseException e) {
      throw LsgException.input(manifest + ": finished is no time: " + content.path("finished"), e);
    }
    return new Output(path, fingerprint, finished, inputs, content.toString());
  }

  /** Fingerprints of young outputs, of those of the latest run, and of all they were made of. */
  private Set<String> needed() {
    Map<String, Output> known = new TreeMap<>();
    Deque<String> open = new ArrayDeque<>();
    String run = files.readIfThere(HadoopFiles.path(workDir, RUN)).orElse("");
    for (Output output : outputs) {
      known.put(output.fingerprint(), output);
      if (!output.finished().isBefore(before)
          || run.contains(output.fingerprint())
          || live.contains(output.fingerprint())) {
        open.add(output.fingerprint());
      }
    }
    Set<String> needed = new HashSet<>();
    while (!open.isEmpty()) {
      String fingerprint = open.remove();
      if (needed.add(fingerprint) && known.containsKey(fingerprint)) {
        open.addAll(known.get(fingerprint).inputs());
      }
    }
    return needed;
  }

  /** Inputs and configurations that were brought along, and that no output speaks of. */
  private List<Item> uploads(List<Output> kept) {
    List<Item> old = new ArrayList<>();
    for (String folder : List.of("inputs", "submitted")) {
      for (FileStatus entry : children(HadoopFiles.path(workDir, folder))) {
        String path = folder + "/" + entry.getPath().getName();
        Instant written = youngest(entry);
        boolean used =
            live.contains(path) || kept.stream().anyMatch(output -> output.text().contains(path));
        if (written.isBefore(before) && !used) {
          old.add(new Item(path, "brought along by submit/lsg", written, size(path), true));
        }
      }
    }
    return old;
  }

  private List<FileStatus> children(String folder) {
    try {
      FileSystem fileSystem = files.fileSystem(folder);
      Path path = new Path(folder);
      return fileSystem.exists(path) ? List.of(fileSystem.listStatus(path)) : List.of();
    } catch (FileNotFoundException e) {
      return List.of(); // it was removed meanwhile
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": " + e.getMessage(), e);
    }
  }

  private Instant youngest(FileStatus entry) {
    long time = entry.getModificationTime();
    for (FileStatus file : below(entry.getPath())) {
      time = Math.max(time, file.getModificationTime());
    }
    return Instant.ofEpochMilli(time);
  }

  private long size(String path) {
    return below(new Path(HadoopFiles.path(workDir, path))).stream()
        .mapToLong(FileStatus::getLen)
        .sum();
  }

  private List<FileStatus> below(Path path) {
    try {
      return FileStatuses.below(files.fileSystem(path.toString()), path);
    } catch (FileNotFoundException e) {
      return List.of(); // a run that is on has moved or removed it
    } catch (IOException e) {
      throw new UncheckedIOException(path + ": " + e.getMessage(), e);
    }
  }
}
