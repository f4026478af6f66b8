package io.github.lsgspark.training.checkpoint;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.storage.PrivateFolder;
import io.github.lsgspark.torch.Finite;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Safetensors;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.FSError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checkpoints in a folder of any Hadoop file system. The data is a safetensors file of a name of
 * its own; a small marker beside it, written last, names the file, its length and its SHA-256. A
 * checkpoint without a marker, or whose data is not what the marker says, is none. Nothing is
 * renamed, so object stores serve as well. (Hadoop reports a full local disk by an {@code
 * FSError}.)
 */
public final class CheckpointStore {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);
  private static final String MARKER = ".json";
  private static final String DATA = ".safetensors";

  private final HadoopFiles files;
  private final String folder;

  public CheckpointStore(HadoopFiles files, String folder) {
    this.files = files;
    this.folder = folder;
  }

  /** What vouches for the data. */
  private record Marker(
      @JsonProperty("step") long step,
      @JsonProperty("file") String file,
      @JsonProperty("bytes") long bytes,
      @JsonProperty("sha256") String sha256) {}

  /** Length and hash of a stream's content. */
  private record Content(long bytes, String sha256) {}

  /**
   * Saves a checkpoint, reads it back, and drops older ones. A failure, such as a full disk, is
   * logged and leaves the earlier ones: it is not worth the training.
   *
   * @param keep how many of the newest stay
   * @return whether it was saved
   */
  public boolean save(Checkpoint checkpoint, int keep) {
    String name =
        String.format(
            Locale.ROOT,
            "step-%09d-%s",
            checkpoint.step(),
            UUID.randomUUID().toString().substring(0, 8));
    String data = HadoopFiles.path(folder, name + DATA);
    try {
      Content written = write(data, checkpoint);
      Content found = read(data, OutputStream.nullOutputStream());
      if (!found.equals(written)) {
        throw new IOException("what was read back is not what was written");
      }
      Json.write(
          files,
          HadoopFiles.path(folder, name + MARKER),
          new Marker(checkpoint.step(), name + DATA, written.bytes(), written.sha256()));
    } catch (IOException | UncheckedIOException | FSError e) {
      LOG.warn(
          "checkpoint of step {} could not be saved, the training goes on without it: {}",
          checkpoint.step(),
          e.getMessage());
      dropQuietly(data);
      return false;
    }
    dropOlder(keep);
    return true;
  }

  private Content write(String path, Checkpoint checkpoint) throws IOException {
    MessageDigest hash = sha256();
    try (OutputStream out = new DigestOutputStream(files.create(path), hash)) {
      Safetensors.write(out, checkpoint.arrays(), checkpoint.facts());
    }
    return new Content(files.length(path), HexFormat.of().formatHex(hash.digest()));
  }

  private Content read(String path, OutputStream copy) throws IOException {
    MessageDigest hash = sha256();
    try (InputStream in = new DigestInputStream(files.open(path), hash)) {
      long bytes = in.transferTo(copy);
      return new Content(bytes, HexFormat.of().formatHex(hash.digest()));
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  private void dropOlder(int keep) {
    try {
      for (String marker : markers().stream().skip(keep).toList()) {
        files.delete(HadoopFiles.path(folder, marker));
        files.delete(HadoopFiles.path(folder, marker.replace(MARKER, DATA)));
      }
    } catch (UncheckedIOException e) {
      LOG.warn("old checkpoints in {} could not be deleted: {}", folder, e.getMessage());
    }
  }

  private void dropQuietly(String path) {
    try {
      files.delete(path);
    } catch (UncheckedIOException e) {
      LOG.warn("{} could not be deleted: {}", path, e.getMessage());
    }
  }

  /** Names of all markers, newest first. */
  private List<String> markers() {
    return files.list(folder).stream()
        .filter(name -> name.startsWith("step-") && name.endsWith(MARKER))
        .sorted(Comparator.reverseOrder())
        .toList();
  }

  /**
   * The newest checkpoint that is sound; others are passed over with a warning.
   *
   * @param fact and its value: a checkpoint must agree in it
   */
  public Optional<Checkpoint> newest(Map.Entry<String, String> fact) {
    for (String marker : markers()) {
      Optional<Checkpoint> found = load(marker);
      if (found.isPresent()) {
        if (fact.getValue().equals(found.get().facts().get(fact.getKey()))) {
          return found;
        }
        LOG.warn("{}/{} is passed over: it is of another {}", folder, marker, fact.getKey());
      }
    }
    return Optional.empty();
  }

  private Optional<Checkpoint> load(String name) {
    try {
      Marker marker = Json.read(files, HadoopFiles.path(folder, name), Marker.class);
      if (marker == null) {
        throw new IOException("its marker holds nothing");
      }
      Path copy = PrivateFolder.file("checkpoint", DATA);
      try {
        String data = HadoopFiles.path(folder, String.valueOf(marker.file()));
        Content content;
        try (OutputStream out = Files.newOutputStream(copy)) {
          content = read(data, out);
        }
        if (!content.equals(new Content(marker.bytes(), marker.sha256()))) {
          throw new IOException(
              "its data of "
                  + content.bytes()
                  + " bytes is not the "
                  + marker.bytes()
                  + " bytes that were written");
        }
        Map<String, HostArray> arrays = Safetensors.map(copy);
        Optional<String> offender = Finite.offender(arrays);
        if (offender.isPresent()) {
          throw new IOException(offender.get() + " holds a value that is no finite number");
        }
        return Optional.of(new Checkpoint(marker.step(), arrays, Safetensors.metadata(copy)));
      } finally {
        // What is mapped stays readable.
        Files.delete(copy);
      }
    } catch (IOException | RuntimeException | FSError e) {
      LOG.warn("checkpoint {}/{} is passed over: {}", folder, name, e.getMessage());
      return Optional.empty();
    }
  }
}
