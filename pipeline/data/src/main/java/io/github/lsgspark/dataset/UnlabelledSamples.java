package io.github.lsgspark.dataset;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.dataset.layout.LeftOut;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Samples that need no label, checked, for predictions: rows of the sample table with reason and
 * detail, null where the sample is sound; label_id is -1.
 */
public final class UnlabelledSamples {
  private static final StructType SCHEMA =
      SampleTable.SAMPLE_SCHEMA.add("reason", "string", true).add("detail", "string", true);

  private final SparkSession spark;
  private final Settings settings;
  private final PackFolder packs;
  private final String folder;

  /**
   * @param folder takes the packs of what is no file of its own, until {@link #deletePacks}
   */
  public UnlabelledSamples(SparkSession spark, Settings settings, String folder) {
    this.spark = spark;
    this.settings = settings;
    this.folder = folder;
    this.packs = new PackFolder(folder, spark.sparkContext().hadoopConfiguration());
  }

  /** Those of a source: a folder, zip, list, table or one sample. */
  public Dataset<Row> of(String source) {
    Listed listed = sources().listFlat(source, SampleTable.UNLABELLED);
    LeftOutReport.tell("predict", source, listed);
    return checked(listed);
  }

  /**
   * Those of files that came into a folder: samples, and zips and Parquet tables of samples.
   *
   * @param root the folder, with its scheme; ids are paths below it
   * @param files with their schemes
   */
  public Dataset<Row> arrived(String root, List<String> files) {
    return checked(new ArrivedFiles(sources(), root + "/").list(files));
  }

  /** The files of a source, read one by one on executors and not opened, and those left out. */
  public JavaRDD<SampleContent> contents(String source) {
    Listed listed = sources().listFlat(source, SampleTable.UNLABELLED);
    LeftOutReport.tell("predict", source, listed);
    List<SampleContent> leftOut =
        listed.leftOut().stream()
            .map(left -> new SampleContent(left.id(), null, left.reason().name(), left.detail()))
            .toList();
    return new SampleIngest(spark, settings)
        .contents(listed.entries())
        .union(JavaSparkContext.fromSparkContext(spark.sparkContext()).parallelize(leftOut, 1));
  }

  private SourceListing sources() {
    return new SourceListing(spark, settings.data());
  }

  private Dataset<Row> checked(Listed listed) {
    Dataset<Row> rows =
        new SampleIngest(spark, settings)
            .check(listed.entries(), Optional.empty())
            .drop(SampleIngest.CONTENT);
    return SampleTable.resolved(packs.packed(rows), folder).unionByName(leftOut(listed.leftOut()));
  }

  /** Rows of the sample table with the reasons of files that are no samples. */
  private Dataset<Row> leftOut(List<LeftOut> leftOut) {
    List<Row> rows =
        leftOut.stream()
            .map(
                left ->
                    RowFactory.create(
                        left.id(),
                        -1,
                        "",
                        SampleTable.UNLABELLED,
                        null,
                        0,
                        0,
                        0.0,
                        left.reason().name(),
                        left.detail()))
            .toList();
    return spark.createDataFrame(rows, SCHEMA);
  }

  /** Deletes what was packed. */
  public void deletePacks() {
    packs.delete();
  }
}
