package io.github.lsgspark.storage;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.config.LsgException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small file below {@code <work-dir>/_live} by which a process says that it lives, written again
 * and again. One that has not been written for an hour, or whose process of this machine has ended,
 * says nothing: the hour is more than clocks differ.
 */
final class LiveNote implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LiveNote.class);
  private static final String FOLDER = "_live";
  private static final Duration BEAT = Duration.ofSeconds(20);
  private static final Duration STALE = Duration.ofHours(1);
  private static final int READS = 20;
  private static final long BETWEEN_READS_MILLIS = 100;

  private final HadoopFiles files;
  private final String path;
  private final Supplier<Map<String, Collection<String>>> facts;
  private final ScheduledExecutorService heart;

  private LiveNote(
      HadoopFiles files, String path, Supplier<Map<String, Collection<String>>> facts) {
    this.files = files;
    this.path = path;
    this.facts = facts;
    this.heart =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread thread = new Thread(work, "live-note");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * @param prefix of the file's name
   * @param facts that it holds, as they are when it is written
   */
  static LiveNote write(
      HadoopFiles files,
      String workDir,
      String prefix,
      Supplier<Map<String, Collection<String>>> facts) {
    String folder = HadoopFiles.path(workDir, FOLDER);
    LiveNote note =
        new LiveNote(files, HadoopFiles.path(folder, prefix + UUID.randomUUID()), facts);
    note.renew();
    long beat = BEAT.toMillis();
    var unused = note.heart.scheduleAtFixedRate(note::beat, beat, beat, TimeUnit.MILLISECONDS);
    return note;
  }

  /** Writes it with the present facts. */
  synchronized void renew() {
    ClaimOwner owner = ClaimOwner.thisProcess();
    Map<String, Object> content = new TreeMap<>(facts.get());
    content.put("host", owner.host());
    content.put("system", owner.system());
    content.put("pid", owner.pid());
    content.put("started", owner.started());
    files.writeText(path, Json.text(content));
  }

  private void beat() {
    try {
      // A work directory that was deleted is not made again.
      if (files.exists(path)) {
        renew();
      }
    } catch (RuntimeException e) {
      LOG.warn("{} could not be renewed: {}", path, e.toString());
    }
  }

  /**
   * What live processes say, by the names of their files; those that were left behind are removed.
   *
   * @throws LsgException exit 1 if one cannot be read
   */
  static Map<String, JsonNode> live(HadoopFiles files, String workDir, String prefix) {
    String folder = HadoopFiles.path(workDir, FOLDER);
    Map<String, JsonNode> live = new TreeMap<>();
    files
        .times(folder, prefix)
        .forEach(
            (name, written) -> {
              String path = HadoopFiles.path(folder, name);
              Optional<String> text = whole(files, path);
              if (text.isEmpty()) {
                return;
              }
              boolean silent = Instant.ofEpochMilli(written).isBefore(Instant.now().minus(STALE));
              if (silent || ClaimOwner.read(text.get()).map(ClaimOwner::hasEnded).orElse(false)) {
                files.delete(path);
              } else {
                live.put(name, Json.parse(text.get(), new TypeReference<JsonNode>() {}));
              }
            });
    return live;
  }

  /** Its text, once it is not being written; empty if it is gone. */
  private static Optional<String> whole(HadoopFiles files, String path) {
    for (int read = 0; read < READS; read++) {
      try {
        Optional<String> text = files.readIfThere(path);
        if (text.isEmpty() || ClaimOwner.read(text.get()).isPresent()) {
          return text;
        }
        Thread.sleep(BETWEEN_READS_MILLIS);
      } catch (UncheckedIOException e) {
        LOG.debug("{} is being written", path, e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while " + path + " is read", e);
      }
    }
    throw LsgException.failed(
        path + " cannot be read, so what a run needs is not known; delete it if no run is on");
  }

  @Override
  public void close() {
    heart.shutdown();
    try {
      // A beat that is under way must not write the file again.
      if (!heart.awaitTermination(1, TimeUnit.MINUTES)) {
        LOG.warn("{} is still being renewed", path);
      }
      files.delete(path);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.warn("{} could not be deleted: {}", path, e.toString());
    }
  }
}
