package io.github.lsgspark.dataset;

import io.github.lsgspark.config.PrepareSettings;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.dataset.UnreadableImageException.Reason;
import io.github.lsgspark.text.Label;
import io.github.lsgspark.text.LabelSet;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens and checks every file of a source on the executors. */
public final class SampleIngest {
  private static final Logger LOG = LoggerFactory.getLogger(SampleIngest.class);
  private static final int LOG_EVERY = 2000;

  /** Sample columns and, for those set aside, reason and detail. */
  static final StructType CHECKED =
      SampleTable.SAMPLE_SCHEMA.add("reason", "string", true).add("detail", "string", true);

  private final SparkSession spark;
  private final Settings settings;

  public SampleIngest(SparkSession spark, Settings settings) {
    this.spark = spark;
    this.settings = settings;
  }

  /** Checks the images of a source that need no label, for predictions; label_id is -1. */
  public Dataset<Row> unlabelled(String source) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    List<SourceEntry> entries =
        new SourceListing(hadoop, settings.data()).listFlat(source, SampleTable.UNLABELLED);
    return check(entries, Optional.empty());
  }

  /**
   * @param labels the classes; absent if labels do not count
   * @return rows of {@link #CHECKED}
   */
  Dataset<Row> check(List<SourceEntry> entries, Optional<LabelSet> labels) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    int partitions = Math.max(1, Math.min(entries.size(), settings.prepare().partitions()));
    SerializableConfiguration hadoop =
        new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
    Settings own = settings;
    LabelSet known = labels.orElse(null);
    JavaRDD<Row> rows =
        context
            .parallelize(entries, partitions)
            .mapPartitions(part -> checkAll(part, own, known, hadoop.value()));
    return spark.createDataFrame(rows, CHECKED);
  }

  private static Iterator<Row> checkAll(
      Iterator<SourceEntry> entries, Settings settings, LabelSet labels, Configuration hadoop)
      throws Exception {
    PrepareSettings prepare = settings.prepare();
    ImageDecoder decoder = new ImageDecoder(prepare.maxFileBytes(), prepare.maxPixels());
    List<Row> rows = new ArrayList<>();
    long start = System.nanoTime();
    try (SourceReader reader =
        new SourceReader(hadoop, prepare.maxFileBytes(), settings.data().drawn())) {
      while (entries.hasNext()) {
        SourceEntry entry = entries.next();
        rows.add(check(entry, reader, decoder, prepare.store(), labels));
        if (rows.size() % LOG_EVERY == 0) {
          double seconds = (System.nanoTime() - start) / 1e9;
          LOG.info(String.format("prepare: %d files, %.0f/s", rows.size(), rows.size() / seconds));
        }
      }
    }
    return rows.iterator();
  }

  private static Row check(
      SourceEntry entry,
      SourceReader reader,
      ImageDecoder decoder,
      PrepareSettings.Store store,
      LabelSet labels)
      throws Exception {
    try {
      Optional<Label> label = Optional.empty();
      if (labels != null) {
        label = labels.find(entry.label());
        if (label.isEmpty()) {
          throw new UnreadableImageException(
              Reason.UNKNOWN_LABEL, "label '" + entry.label() + "' is not in the list of labels");
        }
      }
      byte[] bytes = reader.read(entry);
      DecodedImage image = decoder.decode(bytes);
      boolean embed = store == PrepareSettings.Store.BYTES || !entry.isFile();
      return RowFactory.create(
          entry.id(),
          label.map(Label::id).orElse(-1),
          label.map(Label::name).orElse(entry.label()),
          entry.split(),
          embed ? bytes : null,
          embed ? null : entry.location(),
          image.width(),
          image.height(),
          null,
          null);
    } catch (UnreadableImageException e) {
      return RowFactory.create(
          entry.id(),
          -1,
          entry.label(),
          entry.split(),
          null,
          null,
          0,
          0,
          e.reason().name(),
          e.getMessage());
    }
  }
}
