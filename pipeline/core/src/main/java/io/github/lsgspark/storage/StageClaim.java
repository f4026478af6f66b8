package io.github.lsgspark.storage;

import io.github.lsgspark.config.LsgException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to make one output: of several runs that need the same, one makes it and the others
 * wait for it, on any Hadoop file system, object stores included.
 *
 * <p>A claim is a small file. Whoever wants the right writes one and then lists all claims: if it
 * sees its own alone, it has the right, for as long as the file is there. Two that write at the
 * same time both see two, take theirs back and try again after a random while. That needs of a file
 * system only that a file, once written, is listed. The owner writes its claim again and again; one
 * that has not been written for a while was left by a run that broke down, and is removed, as is
 * one of a process of this machine that has ended.
 */
public final class StageClaim implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StageClaim.class);

  /**
   * How claims are kept and watched.
   *
   * @param heartbeat between two writings of a claim
   * @param stale without a writing, after which a claim counts as left behind
   * @param poll about how often a run that waits looks again
   * @param reminder between two messages of a run that waits
   */
  record Timing(Duration heartbeat, Duration stale, Duration poll, Duration reminder) {
    static final Timing USUAL =
        new Timing(
            Duration.ofSeconds(5),
            Duration.ofSeconds(60),
            Duration.ofSeconds(2),
            Duration.ofMinutes(5));
  }

  /** Paths of the claims of this process. */
  private static final Set<String> HELD = ConcurrentHashMap.newKeySet();

  private final HadoopFiles files;
  private final String folder;
  private final String prefix;
  private final String path;
  private final String content;
  private final Timing timing;
  private final ScheduledExecutorService heart;
  private volatile boolean lost;
  private volatile long beaten = System.nanoTime();

  private StageClaim(
      HadoopFiles files, String folder, String prefix, String name, String content, Timing timing) {
    this.files = files;
    this.folder = folder;
    this.prefix = prefix;
    this.path = HadoopFiles.path(folder, name);
    this.content = content;
    this.timing = timing;
    HELD.add(path);
    this.heart =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread thread = new Thread(work, "stage-claim");
              thread.setDaemon(true);
              return thread;
            });
    long beat = timing.heartbeat().toMillis();
    var unused = heart.scheduleAtFixedRate(this::beat, beat, beat, TimeUnit.MILLISECONDS);
  }

  /**
   * Waits for the right to make an output.
   *
   * @param folder of the claims
   * @param prefix of the names of those on this output
   * @param made whether the output is there
   * @param waits is told who is making it, if it is not there yet, and again from time to time
   * @return empty if the output is there, made by another
   */
  static Optional<StageClaim> take(
      HadoopFiles files,
      String folder,
      String prefix,
      Timing timing,
      BooleanSupplier made,
      Consumer<String> waits) {
    Others others = new Others(files, folder, prefix, timing);
    long remind = System.nanoTime();
    while (!made.getAsBoolean()) {
      Optional<String> other = others.firstLive("");
      if (other.isEmpty()) {
        String name = prefix + UUID.randomUUID();
        String path = HadoopFiles.path(folder, name);
        String content = ClaimOwner.thisProcess().text();
        files.writeText(path, content);
        other = others.firstLive(name);
        if (other.isEmpty()) {
          StageClaim claim = new StageClaim(files, folder, prefix, name, content, timing);
          // Another may have published and left between the two looks.
          if (made.getAsBoolean()) {
            claim.close();
            break;
          }
          return Optional.of(claim);
        }
        files.delete(path);
      }
      if (System.nanoTime() - remind >= 0) {
        waits.accept(other.get());
        remind = System.nanoTime() + timing.reminder().toNanos();
      }
      pause(timing.poll());
    }
    return Optional.empty();
  }

  /** The claims of other runs, as one that waits sees them. */
  private static final class Others {
    /** A claim as it was first seen with its present time. */
    private record Seen(long written, long since, Optional<ClaimOwner> owner) {}

    private final HadoopFiles files;
    private final String folder;
    private final String prefix;
    private final Timing timing;
    private final Map<String, Seen> seen = new HashMap<>();

    Others(HadoopFiles files, String folder, String prefix, Timing timing) {
      this.files = files;
      this.folder = folder;
      this.prefix = prefix;
      this.timing = timing;
    }

    /** Who else has a claim; those that were left behind are removed. */
    Optional<String> firstLive(String own) {
      Map<String, Long> times = files.times(folder, prefix);
      times.remove(own);
      seen.keySet().retainAll(times.keySet());
      times.forEach(this::look);
      return seen.values().stream()
          .map(claim -> claim.owner().map(ClaimOwner::toString).orElse("another run"))
          .findFirst();
    }

    private void look(String name, long written) {
      Seen before = seen.get(name);
      if (before == null || before.written() != written || before.owner().isEmpty()) {
        long since =
            before != null && before.written() == written ? before.since() : System.nanoTime();
        before = new Seen(written, since, owner(name));
        seen.put(name, before);
      }
      boolean still = System.nanoTime() - before.since() > timing.stale().toNanos();
      if (still || before.owner().map(ClaimOwner::hasEnded).orElse(false)) {
        LOG.info("{} was left behind by a run that has ended: removed", name);
        files.delete(HadoopFiles.path(folder, name));
        seen.remove(name);
      }
    }

    /** Empty while the claim is being written. */
    private Optional<ClaimOwner> owner(String name) {
      try {
        return files.readIfThere(HadoopFiles.path(folder, name)).flatMap(ClaimOwner::read);
      } catch (java.io.UncheckedIOException e) {
        return Optional.empty();
      }
    }
  }

  private void beat() {
    try {
      if (!lost && files.exists(path)) {
        files.writeText(path, content);
        yieldIfSilent();
        beaten = System.nanoTime();
      } else {
        lost = true;
      }
    } catch (RuntimeException e) {
      LOG.warn("the claim {} could not be renewed: {}", path, e.toString());
    }
  }

  /**
   * One that stood still for long between looking for its claim and writing it may have written it
   * again after another run had removed it: then the other's counts.
   */
  private void yieldIfSilent() {
    boolean silent = System.nanoTime() - beaten > timing.stale().toNanos() / 2;
    if (silent && files.times(folder, prefix).size() > 1) {
      lost = true;
      files.delete(path);
    }
  }

  /** The claim of this process whose path begins so, if it has one. */
  static Optional<String> heldHere(String start) {
    return HELD.stream().filter(path -> path.startsWith(start)).findFirst();
  }

  /** Whether the right is still this run's: another may have taken it for broken down. */
  boolean isHeld() {
    return !lost && files.exists(path);
  }

  /**
   * @throws LsgException exit 1 if another run has taken this one for broken down
   */
  void requireHeld() {
    if (!isHeld()) {
      throw gone(path);
    }
  }

  /** What ends a run whose claim is not there any more. */
  static LsgException gone(String path) {
    return LsgException.failed(
        path
            + " is gone: this run stood still for so long that another took it for broken down."
            + " The same command goes on");
  }

  @Override
  public void close() {
    HELD.remove(path);
    heart.shutdown();
    try {
      // A beat that is under way must not write the file again.
      if (!heart.awaitTermination(1, TimeUnit.MINUTES)) {
        LOG.warn("the claim {} is still being renewed", path);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    files.delete(path);
  }

  private static void pause(Duration about) {
    try {
      Thread.sleep((long) (about.toMillis() * (0.5 + ThreadLocalRandom.current().nextDouble())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while another run makes the output", e);
    }
  }
}
