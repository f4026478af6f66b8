package io.github.lsgspark.curation;

import static org.apache.spark.sql.functions.col;

import io.github.lsgspark.dataset.SampleTable;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Where samples lie, by their names.
 *
 * @param byId files, and pieces of packs
 */
public record SamplePlaces(Map<String, String> byId) {
  private static final String PIECE = ".+[.]pack#\\d+\\+\\d+";

  /** The places of some samples. */
  public static SamplePlaces of(SparkSession spark, String prepareDir, Collection<String> ids) {
    Dataset<Row> wanted =
        spark.createDataset(List.copyOf(new TreeSet<>(ids)), Encoders.STRING()).toDF("wanted");
    Map<String, String> byId = new HashMap<>();
    SampleTable.read(spark, prepareDir)
        .select("id", "reference")
        .join(wanted, col("id").equalTo(col("wanted")))
        .select("id", "reference")
        .collectAsList()
        .forEach(row -> byId.put(row.getString(0), row.getString(1)));
    return new SamplePlaces(byId);
  }

  /** What a sample is read from. */
  public String reference(String id) {
    return byId.get(id);
  }

  /** What people find it by: the path of its file, or its name where it has no file of its own. */
  public String of(String id) {
    String reference = byId.get(id);
    return reference == null || reference.matches(PIECE)
        ? id
        : reference.replaceFirst("^file:/+", "/");
  }
}
