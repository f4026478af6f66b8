package io.github.lsgspark.dataset;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.PrepareSettings;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.dataset.modality.Decoded;
import io.github.lsgspark.dataset.modality.Modality;
import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.dataset.modality.UnreadableSampleException.Reason;
import io.github.lsgspark.storage.RelativePath;
import io.github.lsgspark.text.Label;
import io.github.lsgspark.text.LabelSet;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens and checks every file of a source on the executors. */
public final class SampleIngest {
  private static final Logger LOG = LoggerFactory.getLogger(SampleIngest.class);
  private static final int LOG_EVERY = 2000;
  private static final int DIGEST_BYTES = 16;
  private static final int MOST_BYTES = Integer.MAX_VALUE - 64;

  /** The column that goes into packs; null where the sample is not packed. */
  static final String BYTES = "bytes";

  /** The column that is the same for samples of the same bytes. */
  static final String CONTENT = SampleTable.CONTENT;

  /** Sample columns, reason and detail of those set aside, content, and bytes. */
  static final StructType CHECKED =
      SampleTable.SAMPLE_SCHEMA
          .add("reason", "string", true)
          .add("detail", "string", true)
          .add(CONTENT, "string", true)
          .add(BYTES, "binary", true);

  private final SparkSession spark;
  private final Settings settings;

  public SampleIngest(SparkSession spark, Settings settings) {
    this.spark = spark;
    this.settings = settings;
  }

  /**
   * Reads every entry once, and says what it is or why it cannot be used.
   *
   * @param labels the classes; absent if labels do not count
   * @return rows of {@link #CHECKED}
   */
  Dataset<Row> check(List<SourceEntry> entries, Optional<LabelSet> labels) {
    SerializableConfiguration hadoop =
        new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
    Settings own = settings;
    LabelSet known = labels.orElse(null);
    JavaRDD<Row> rows =
        candidates(entries)
            .mapPartitions(part -> new CheckedRows(part, own, known, hadoop.value()));
    return spark.createDataFrame(rows, CHECKED);
  }

  /**
   * Reads every entry, and opens none; one of a task is held at a time, and may have what an array
   * can.
   */
  JavaRDD<SampleContent> contents(List<SourceEntry> entries) {
    SerializableConfiguration hadoop =
        new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
    Settings own = settings;
    return candidates(entries)
        .mapPartitions(
            part -> {
              SourceReader reader = reader(own.data(), MOST_BYTES, hadoop.value());
              Iterable<Candidate> all = () -> part;
              return StreamSupport.stream(all.spliterator(), false)
                  .map(candidate -> content(candidate, reader))
                  .iterator();
            });
  }

  private static SampleContent content(Candidate candidate, SourceReader reader) {
    String id = candidate.entry().id();
    try {
      return new SampleContent(id, candidate.read(reader), null, null);
    } catch (UnreadableSampleException e) {
      return new SampleContent(
          id, null, e.reason().name(), RelativePath.printable(String.valueOf(e.getMessage())));
    } catch (IOException e) {
      throw new UncheckedIOException(id + ": " + e.getMessage(), e);
    }
  }

  /** A reader that is closed with the task. */
  private static SourceReader reader(DataSettings data, long maxBytes, Configuration hadoop) {
    SourceReader reader = new SourceReader(hadoop, maxBytes, data);
    TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> close(reader));
    return reader;
  }

  private static void close(SourceReader reader) {
    try {
      reader.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * An entry and, if it is a row of a table, its bytes.
   *
   * @param bytes null if they are to be read where the entry says
   */
  private record Candidate(SourceEntry entry, byte[] bytes) implements Serializable {
    byte[] read(SourceReader reader) throws IOException, UnreadableSampleException {
      return bytes != null ? bytes : reader.read(entry);
    }
  }

  private JavaRDD<Candidate> candidates(List<SourceEntry> entries) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    List<SourceEntry> places = new ArrayList<>();
    Map<String, HashMap<String, SourceEntry>> rows = new TreeMap<>();
    for (SourceEntry entry : entries) {
      if (entry.kind() == SourceEntry.Kind.TABLE_ROW) {
        rows.computeIfAbsent(entry.location(), table -> new HashMap<>()).put(entry.member(), entry);
      } else {
        places.add(entry);
      }
    }
    int partitions = Math.max(1, Math.min(places.size(), settings.prepare().partitions()));
    JavaRDD<Candidate> all =
        context.parallelize(places, partitions).map(entry -> new Candidate(entry, null));
    for (Map.Entry<String, HashMap<String, SourceEntry>> table : rows.entrySet()) {
      Broadcast<HashMap<String, SourceEntry>> wanted = context.broadcast(table.getValue());
      all =
          all.union(
              new ParquetSource(spark, table.getKey(), settings.data())
                  .contents()
                  .filter(row -> wanted.value().containsKey(row.key()))
                  .map(row -> new Candidate(wanted.value().get(row.key()), row.bytes())));
    }
    return all;
  }

  /** Opens a candidate when its row is asked for: the bytes of one are held at a time. */
  private static final class CheckedRows implements Iterator<Row> {
    private final Iterator<Candidate> candidates;
    private final Settings settings;
    private final LabelSet labels;
    private final Modality modality;
    private final SourceReader reader;
    private final long start = System.nanoTime();
    private int count;

    CheckedRows(
        Iterator<Candidate> candidates, Settings settings, LabelSet labels, Configuration hadoop) {
      this.candidates = candidates;
      this.settings = settings;
      this.labels = labels;
      this.modality = InputSpec.reading(settings);
      this.reader = reader(settings.data(), settings.prepare().maxFileBytes(), hadoop);
    }

    @Override
    public boolean hasNext() {
      return candidates.hasNext();
    }

    @Override
    public Row next() {
      Candidate candidate = candidates.next();
      try {
        Row row = check(candidate, reader, modality, settings, labels);
        if (++count % LOG_EVERY == 0) {
          double seconds = (System.nanoTime() - start) / 1e9;
          LOG.info(String.format("prepare: %d files, %.0f/s", count, count / seconds));
        }
        return row;
      } catch (IOException e) {
        throw new UncheckedIOException(candidate.entry().id() + ": " + e.getMessage(), e);
      }
    }
  }

  private static Row check(
      Candidate candidate,
      SourceReader reader,
      Modality modality,
      Settings settings,
      LabelSet labels)
      throws IOException {
    SourceEntry entry = candidate.entry();
    try {
      Optional<Label> label = Optional.empty();
      if (labels != null && !entry.isUnlabelled()) {
        label = Optional.of(label(entry, labels, settings));
      }
      byte[] bytes = candidate.read(reader);
      Decoded decoded = modality.decode(bytes);
      boolean packed = isPacked(entry, settings.prepare().store(), reader);
      return RowFactory.create(
          entry.id(),
          label.map(Label::id).orElse(-1),
          label.map(Label::name).orElse(entry.label()),
          entry.split(),
          packed ? null : entry.location(),
          decoded.width(),
          decoded.height(),
          decoded.seconds(),
          null,
          null,
          digest(bytes),
          packed ? bytes : null);
    } catch (UnreadableSampleException e) {
      return RowFactory.create(
          entry.id(),
          -1,
          entry.label(),
          entry.split(),
          null,
          0,
          0,
          0.0,
          e.reason().name(),
          RelativePath.printable(String.valueOf(e.getMessage())),
          null,
          null);
    }
  }

  private static String digest(byte[] bytes) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(hash, 0, DIGEST_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  private static boolean isPacked(
      SourceEntry entry, PrepareSettings.Store store, SourceReader reader) throws IOException {
    if (entry.kind() != SourceEntry.Kind.FILE) {
      return true;
    }
    return switch (store) {
      case AUTO -> !Place.of(entry.location()).isWhole();
      case PACKED -> true;
      // A name that reads as that of a piece of a pack cannot be referred to.
      case REFERENCE -> reader.isCalledLikePiece(entry);
    };
  }

  /** By name; where labels.file is set also by line number, counted from 0. */
  private static Label label(SourceEntry entry, LabelSet labels, Settings settings)
      throws UnreadableSampleException {
    String name = entry.label();
    Optional<Label> named = labels.find(name);
    if (named.isPresent()) {
      return named.get();
    }
    if (!settings.labels().file().isEmpty()
        && name.matches("\\d{1,9}")
        && Integer.parseInt(name) < labels.size()) {
      return labels.label(Integer.parseInt(name));
    }
    throw new UnreadableSampleException(
        Reason.UNKNOWN_LABEL, "label '" + name + "' is not in the list of labels");
  }
}
