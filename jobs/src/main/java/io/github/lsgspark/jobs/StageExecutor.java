package io.github.lsgspark.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.storage.Fingerprint;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.JobDescription;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.storage.LiveRun;
import io.github.lsgspark.storage.LogContext;
import io.github.lsgspark.storage.Manifest;
import io.github.lsgspark.storage.StageClaim;
import io.github.lsgspark.storage.StageOutput;
import io.github.lsgspark.storage.StageStore;
import io.github.lsgspark.storage.StageWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a stage, or finds that it was done before; each fingerprint at most once. Safe for several
 * threads: one that needs what another is making waits for it, and fails as it fails.
 */
final class StageExecutor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StageExecutor.class);

  private final StageStore store;
  private final SparkLauncher spark;
  private final String variant;
  private final ConcurrentMap<String, CompletableFuture<StageRecord>> done;
  private final LiveRun live;
  private final Optional<Look> look;

  StageExecutor(StageStore store, SparkLauncher spark) {
    this(
        store,
        spark,
        "",
        new ConcurrentHashMap<>(),
        new LiveRun(store.files(), store.workDir()),
        Optional.empty());
  }

  private StageExecutor(
      StageStore store,
      SparkLauncher spark,
      String variant,
      ConcurrentMap<String, CompletableFuture<StageRecord>> done,
      LiveRun live,
      Optional<Look> look) {
    this.live = live;
    this.store = store;
    this.spark = spark;
    this.variant = variant;
    this.done = done;
    this.look = look;
  }

  /**
   * The executor of one variant, which shares with this one what was done.
   *
   * @param name for Spark's user interface
   */
  StageExecutor named(String name) {
    return new StageExecutor(store, spark, name, done, live, look);
  }

  /** Ends what the run says of itself: it needs nothing any more. */
  @Override
  public void close() {
    live.close();
  }

  /** What takes the place of making stages. */
  interface Look {
    /** An output that is there. */
    void found(Stage stage, StageOutput output);

    /** What is gone on with in the place of an output that is not. */
    StageRecord absent(Stage stage, Loaded loaded, StageOutput place);
  }

  /** An executor that makes nothing. */
  StageExecutor looking(Look instead) {
    return new StageExecutor(store, spark, variant, done, live, Optional.of(instead));
  }

  /** An executor that makes nothing: what is not there is a {@link NotMadeException}. */
  StageExecutor looking() {
    return looking(
        new Look() {
          @Override
          public void found(Stage stage, StageOutput output) {
            // It is handed on.
          }

          @Override
          public StageRecord absent(Stage stage, Loaded loaded, StageOutput place) {
            throw new NotMadeException(stage);
          }
        });
  }

  /** A stage whose output is not there. */
  static final class NotMadeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Stage stage;

    NotMadeException(Stage stage) {
      super(stage.name() + " is not made", null, false, false);
      this.stage = stage;
    }

    Stage stage() {
      return stage;
    }
  }

  /** The work of one stage: writes its output below the folder. */
  interface Work {
    void write(SparkSession spark, String folder);
  }

  /**
   * The stage's output, made now unless it is there.
   *
   * @param inputs the outputs it reads, by stage name, for the manifest
   */
  StageRecord obtain(
      Stage stage,
      Fingerprint fingerprint,
      Loaded loaded,
      Map<String, StageRecord> inputs,
      Work work) {
    if (look.isPresent()) {
      return seen(look.get(), stage, loaded, fingerprint);
    }
    String key = stage.name() + "/" + fingerprint;
    CompletableFuture<StageRecord> mine = new CompletableFuture<>();
    CompletableFuture<StageRecord> known = done.putIfAbsent(key, mine);
    if (known != null) {
      return known.join();
    }
    try {
      StageRecord record =
          StageAttempts.of(
              stage,
              loaded.settings().train().maxAttempts(),
              () -> findOrRun(stage, fingerprint, loaded, inputs, work));
      mine.complete(record);
      return record;
    } catch (Throwable e) {
      mine.completeExceptionally(e);
      throw e;
    }
  }

  private StageRecord seen(Look instead, Stage stage, Loaded loaded, Fingerprint fingerprint) {
    Optional<StageOutput> found = store.find(stage.name(), fingerprint);
    if (found.isEmpty()) {
      return instead.absent(stage, loaded, store.output(stage.name(), fingerprint));
    }
    instead.found(stage, found.get());
    return new StageRecord(found.get().path(), fingerprint, 0, true);
  }

  private StageRecord findOrRun(
      Stage stage,
      Fingerprint fingerprint,
      Loaded loaded,
      Map<String, StageRecord> inputs,
      Work work) {
    live.needs(fingerprint, loaded.effective().root().render());
    Optional<StageOutput> found = store.find(stage.name(), fingerprint);
    if (found.isPresent()) {
      return skip(stage, found.get());
    }
    Optional<StageClaim> claim =
        store.claim(
            stage.name(),
            fingerprint,
            other ->
                LOG.info("{} {} is being made by {}: waits", padded(stage), fingerprint, other));
    if (claim.isEmpty()) {
      return skip(stage, store.find(stage.name(), fingerprint).orElseThrow());
    }
    try (StageClaim held = claim.get()) {
      return run(stage, fingerprint, loaded, inputs, work, held);
    }
  }

  private static StageRecord skip(Stage stage, StageOutput output) {
    LOG.info("{} {} is there already: skipped", padded(stage), output.fingerprint());
    return new StageRecord(output.path(), output.fingerprint(), 0, true);
  }

  private StageRecord run(
      Stage stage,
      Fingerprint fingerprint,
      Loaded loaded,
      Map<String, StageRecord> inputs,
      Work work,
      StageClaim claim) {
    SparkSession session = spark.session();
    try (LogContext log = LogContext.of(session.sparkContext(), logFields(stage))) {
      return run(session, stage, fingerprint, loaded, inputs, work, claim);
    }
  }

  private StageRecord run(
      SparkSession session,
      Stage stage,
      Fingerprint fingerprint,
      Loaded loaded,
      Map<String, StageRecord> inputs,
      Work work,
      StageClaim claim) {
    LOG.info("{} {} starts", padded(stage), fingerprint);
    long start = System.nanoTime();
    try (StageWriter writer = store.begin(stage.name(), fingerprint, claim);
        JobDescription job = JobDescription.of(session.sparkContext(), title(stage))) {
      job.now("%s", stage.work());
      work.write(session, writer.path());
      double seconds = (System.nanoTime() - start) / 1e9;
      Map<String, String> fingerprints = new LinkedHashMap<>();
      inputs.forEach((name, input) -> fingerprints.put(name, input.fingerprint().hex()));
      StageOutput output =
          writer.publish(
              Manifest.of(
                  writer.target(),
                  fingerprints,
                  loaded.effective().root().unwrapped(),
                  loaded.settings().seed(),
                  counts(writer.path()),
                  seconds));
      if (stage.resumes()) {
        // What it kept to go on after a break.
        store.files().delete(store.running(stage.name(), fingerprint));
      }
      LOG.info("{} {} done in {} s", padded(stage), fingerprint, rounded(seconds));
      return new StageRecord(output.path(), fingerprint, seconds, false);
    }
  }

  /** The plain numbers of the stage's metrics.json, if it wrote one. */
  private Map<String, Object> counts(String folder) {
    Map<String, Object> counts = new LinkedHashMap<>();
    String metrics = HadoopFiles.path(folder, "metrics.json");
    if (store.files().exists(metrics)) {
      JsonNode tree = Json.read(store.files(), metrics);
      tree.properties().stream()
          .filter(entry -> entry.getValue().isNumber())
          .forEach(entry -> counts.put(entry.getKey(), entry.getValue().numberValue()));
    }
    return counts;
  }

  private Map<String, String> logFields(Stage stage) {
    return Map.of(
        LogContext.RUN, runName(), LogContext.VARIANT, variant, LogContext.STAGE, stage.name());
  }

  private String runName() {
    return new Path(store.workDir()).getName();
  }

  /** As in "train, demo, lsg, seed 1". */
  private String title(Stage stage) {
    String title = stage.name() + ", " + runName();
    return variant.isEmpty() ? title : title + ", " + variant;
  }

  private static String padded(Stage stage) {
    return String.format(Locale.ROOT, "%-8s", stage.name());
  }

  private static String rounded(double seconds) {
    return String.format(Locale.ROOT, "%.1f", seconds);
  }
}
