package io.github.lsgspark.evaluation;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.dataset.UnlabelledSamples;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.storage.LogContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Labels files as they come into a folder, by Structured Streaming and the code of {@link
 * PredictStage}: samples, and zips and Parquet tables of samples.
 *
 * <p>Each file counts once, whatever ends in between: the checkpoint says which files a micro-batch
 * has, and a batch is written beside the table and renamed into it as a whole ({@code
 * predictions/batch=7}, {@code rejected/batch=7}); one that is made again takes the place of the
 * former. A file that is replaced under its name is not seen again.
 */
public final class PredictionStream {
  /** What the folder of a table holds beside its batches; readers of tables pass over these. */
  private static final String CHECKPOINT = "_checkpoint";

  private static final String STAGING = "_staging";
  private static final String BATCHES = "_batches";
  private static final String ORIGIN = "_stream.json";

  /** What Spark's file source would read as a pattern. */
  private static final Pattern PATTERN = Pattern.compile("[\\[\\]{}*?\\\\]");

  /** What the source gives of a file; content is not read where it is not selected. */
  private static final String FILES =
      "path string, modificationTime timestamp, length bigint, content binary";

  /** A file counts however old it is: the source's own limit is a week before the newest. */
  private static final String ANY_AGE = "36500d";

  private static final Logger LOG = LoggerFactory.getLogger(PredictionStream.class);

  private final SparkSession spark;
  private final Settings settings;
  private final Prediction prediction;
  private final HadoopFiles files;
  private final String model;
  private final String input;
  private final String table;

  private PredictionStream(
      SparkSession spark,
      Settings settings,
      Prediction prediction,
      String model,
      String input,
      String table) {
    this.spark = spark;
    this.settings = settings;
    this.prediction = prediction;
    this.files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    this.model = model;
    this.input = files.qualified(input).replaceFirst("/+$", "");
    this.table = table;
  }

  /**
   * Starts labelling.
   *
   * @param prepareDir output of the prepare stage, whose classes with labels count
   * @param modelDir output of the stage that made the model
   * @param embedDir output of the embed stage, for {@code evaluate.classifier = loki}
   * @param input the folder that files come into, also below it
   * @param table takes predictions and rejected; the same folder goes on where it ended
   * @param trigger when files are looked for
   * @param most files of a micro-batch
   * @throws LsgException exit 3 if the folder cannot be watched, exit 2 if the table is of another
   */
  public static StreamingQuery start(
      SparkSession spark,
      Settings settings,
      String prepareDir,
      String modelDir,
      Optional<String> embedDir,
      String input,
      String table,
      Trigger trigger,
      int most) {
    PredictionStream stream =
        new PredictionStream(
            spark,
            settings,
            PredictStage.prediction(spark, settings, prepareDir, modelDir, embedDir),
            modelDir,
            input,
            table);
    stream.require();
    return stream.start(trigger, most);
  }

  private void require() {
    if (PATTERN.matcher(input).find()) {
      throw LsgException.input(
          input + ": Spark's stream of files reads [ ] { } * ? in a folder's name as a pattern");
    }
    try {
      FileSystem system = files.fileSystem(input);
      if (!system.exists(new Path(input))) {
        throw LsgException.input(input + ": no such folder");
      }
      if (!system.getFileStatus(new Path(input)).isDirectory()) {
        throw LsgException.input(input + ": a stream takes a folder, but this is a file");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(input + ": " + e.getMessage(), e);
    }
    String origin = HadoopFiles.path(table, ORIGIN);
    if (files.exists(origin)) {
      String former = Json.read(files, origin).path("input").asText();
      if (!former.equals(input)) {
        throw LsgException.usage(table + " has predictions of " + former + ", not of " + input);
      }
    } else {
      Json.write(files, origin, Map.of("input", input));
    }
    unseen();
  }

  /** Spark's source passes over names that begin with an underscore, which cameras give. */
  private void unseen() {
    List<String> hidden =
        files.below(input).stream().filter(name -> name.matches("(.*/)?_.*")).sorted().toList();
    if (!hidden.isEmpty()) {
      LOG.warn(
          "{} files are not seen by a stream, as their names or folders begin with _: {}{}",
          hidden.size(),
          hidden.get(0),
          hidden.size() > 1 ? ", ..." : "");
    }
  }

  private StreamingQuery start(Trigger trigger, int most) {
    Dataset<Row> arriving =
        spark
            .readStream()
            .format("binaryFile")
            .schema(FILES)
            .option("recursiveFileLookup", "true")
            .option("maxFileAge", ANY_AGE)
            .option("maxFilesPerTrigger", most)
            .load(input)
            .select("path");
    VoidFunction2<Dataset<Row>, Long> batches = this::label;
    try {
      return arriving
          .writeStream()
          .queryName("lsg predict " + input)
          .trigger(trigger)
          .option("checkpointLocation", HadoopFiles.path(table, CHECKPOINT))
          .foreachBatch(batches)
          .start();
    } catch (TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  private void label(Dataset<Row> arrived, Long number) throws IOException {
    Map<String, String> fields =
        Map.of(LogContext.RUN, new Path(table).getName(), LogContext.STAGE, "predict");
    try (LogContext log = LogContext.of(spark.sparkContext(), fields)) {
      write(arrived, number);
    }
  }

  private void write(Dataset<Row> arrived, long number) throws IOException {
    List<String> names = arrived.as(Encoders.STRING()).collectAsList();
    if (names.isEmpty()) {
      return;
    }
    long start = System.nanoTime();
    String batch = "batch=" + number;
    String staging = HadoopFiles.path(table, STAGING + "/" + batch);
    files.delete(staging);
    UnlabelledSamples samples = new UnlabelledSamples(spark, settings, staging);
    Map<String, Object> metrics =
        new LinkedHashMap<>(
            prediction.run(
                samples.arrived(input, names.stream().sorted().toList()), staging, false));
    publish(staging, Prediction.REJECTED, batch);
    publish(staging, PredictionTable.FOLDER, batch);
    double seconds = (System.nanoTime() - start) / 1e9;
    metrics.put("files", names.size());
    metrics.put("seconds", seconds);
    metrics.put("model", model);
    Json.write(files, HadoopFiles.path(table, BATCHES + "/" + number + ".json"), metrics);
    files.delete(staging);
    LOG.info(
        "predict: batch {}: {} files, {} samples, {} rejected, {} samples/s",
        number,
        names.size(),
        metrics.get("samples"),
        metrics.get("rejected"),
        String.format(
            Locale.ROOT, "%.1f", ((Number) metrics.get("samples")).longValue() / seconds));
  }

  private void publish(String staging, String part, String batch) throws IOException {
    String target = HadoopFiles.path(table, part + "/" + batch);
    files.delete(target);
    FileSystem system = files.fileSystem(table);
    Path place = new Path(target);
    system.mkdirs(place.getParent());
    if (!system.rename(new Path(HadoopFiles.path(staging, part)), place)) {
      throw new IOException(target + ": the batch cannot be renamed into its place");
    }
  }
}
