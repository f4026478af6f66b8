package io.github.lsgspark.storage;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a run says of itself while it lives, so that the removal of old outputs leaves alone what it
 * uses, however old: a small file {@code <work-dir>/_live/run-…} with the fingerprints that it
 * needs and the uploads that its configuration names.
 *
 * <p>A run writes a fingerprint down first, then looks for a removal under way, and waits for its
 * end; a removal makes itself known first, then looks at what runs need. So at least one of the two
 * sees the other. That needs of a file system only that a file, once written, is listed.
 */
public final class LiveRun implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LiveRun.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Pattern UPLOAD = Pattern.compile("(inputs|submitted)/[^/\"\\s]+");

  static final String RUN = "run-";
  static final String REMOVAL = "removal-";

  private final HadoopFiles files;
  private final String workDir;
  private final Set<String> needs = new ConcurrentSkipListSet<>();
  private final Set<String> uploads = new ConcurrentSkipListSet<>();
  private LiveNote note;

  /** Of a run in a work directory; nothing is written before the first need. */
  public LiveRun(HadoopFiles files, String workDir) {
    this.files = files;
    this.workDir = workDir;
  }

  /**
   * Says that the run needs an output, whether it is there or not; returns when it is safe to look.
   *
   * @param configuration that asks for it
   */
  public synchronized void needs(Fingerprint fingerprint, String configuration) {
    boolean news = needs.add(fingerprint.hex());
    Matcher matcher = UPLOAD.matcher(configuration);
    while (matcher.find()) {
      news |= uploads.add(matcher.group());
    }
    if (!news) {
      return;
    }
    if (note == null) {
      note = LiveNote.write(files, workDir, RUN, this::facts);
    } else {
      note.renew();
    }
    awaitRemovals();
  }

  private Map<String, Collection<String>> facts() {
    return Map.of("needs", new TreeSet<>(needs), "uploads", new TreeSet<>(uploads));
  }

  private void awaitRemovals() {
    boolean told = false;
    while (!LiveNote.live(files, workDir, REMOVAL).isEmpty()) {
      if (!told) {
        LOG.info("old outputs of {} are being removed: waits for the end of it", workDir);
        told = true;
      }
      try {
        Thread.sleep(POLL.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while old outputs are removed", e);
      }
    }
  }

  /** Fingerprints and uploads that live runs of a work directory need. */
  static Set<String> needed(HadoopFiles files, String workDir) {
    Set<String> needed = new TreeSet<>();
    LiveNote.live(files, workDir, RUN)
        .values()
        .forEach(
            facts -> {
              facts.path("needs").forEach(hex -> needed.add(hex.asText()));
              facts.path("uploads").forEach(path -> needed.add(path.asText()));
            });
    return needed;
  }

  @Override
  public synchronized void close() {
    if (note != null) {
      note.close();
      note = null;
    }
  }
}
