package io.github.lsgspark.dataset;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.dataset.image.TestImages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Runs of the stage prepare over small pictures, in a folder of a test. */
final class PrepareRuns {
  private final SparkSession spark;
  private final Path folder;

  PrepareRuns(SparkSession spark, Path folder) {
    this.spark = spark;
    this.folder = folder;
  }

  /** Of a source, and more keys. */
  static Settings settings(String train, String more) {
    return SettingsLoader.parse("data.train = \"" + train + "\"\n" + more);
  }

  /** Runs the stage; the content of its metrics.json. */
  Map<String, Object> run(Settings settings, String out) {
    return PrepareStage.run(spark, settings, folder.resolve(out).toString());
  }

  /** The rows of an output, by their ids. */
  List<Row> samples(String out) {
    return SampleTable.read(spark, folder.resolve(out).toString()).orderBy("id").collectAsList();
  }

  /** Writes folders of three classes in two splits. */
  Path classFolders(int perClass) throws Exception {
    Path root = folder.resolve("data");
    for (String split : new String[] {"train", "test"}) {
      for (String name : new String[] {"red_panda", "Königsfisch", "snow owl"}) {
        Path classFolder = Files.createDirectories(root.resolve(split).resolve(name));
        for (int i = 0; i < perClass; i++) {
          Files.write(
              classFolder.resolve("bild " + i + " ü.png"), TestImages.gradient(8 + i, 9, "png"));
        }
      }
    }
    return root;
  }

  /** The splits of an output by the ids of their samples. */
  Map<String, String> splitsById(String out) {
    return samples(out).stream()
        .collect(Collectors.toMap(row -> row.getAs("id"), row -> row.getAs("split")));
  }

  /** Where a row's sample is. */
  static String reference(Row row) {
    return row.getAs("reference");
  }

  /** The bytes at such a place. */
  static byte[] read(String reference) {
    try (PlaceReader reader = new PlaceReader(new Configuration())) {
      return reader.read(Place.of(reference));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
