package io.github.lsgspark.curation;

import io.github.lsgspark.config.FeaturesSettings.Pooling;
import io.github.lsgspark.config.FeaturesSettings.Store;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.TrainSettings.Normalization;
import io.github.lsgspark.dataset.InputSpec;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.features.FeatureFacts;
import io.github.lsgspark.features.FeatureSlice;
import io.github.lsgspark.features.FeatureTable;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.text.LabelSet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Drawn samples of some classes as the stages prepare and features would have written them; sample
 * i is called s0000i and is of class i mod C.
 */
record DrawnTable(List<Sample> samples, int classes, int d) {

  /** A sample; its label is known in the split train alone. */
  record Sample(String id, String split, int label, String content, float[] x) {
    Sample with(String otherSplit, int otherLabel) {
      return new Sample(id, otherSplit, otherLabel, content, x);
    }

    Sample like(Sample other, String otherContent, float moved) {
      float[] copy = other.x.clone();
      copy[0] += moved;
      return new Sample(id, split, label, otherContent, copy);
    }
  }

  static DrawnTable of(long seed, int n, int classes, int d, double noise) {
    Random random = new Random(seed);
    float[][] centres = new float[classes][d];
    for (float[] centre : centres) {
      for (int j = 0; j < d; j++) {
        centre[j] = (float) random.nextGaussian();
      }
    }
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      float[] x = new float[d];
      for (int j = 0; j < d; j++) {
        x[j] = centres[i % classes][j] + (float) (noise * random.nextGaussian());
      }
      samples.add(
          new Sample("s%05d".formatted(i), SampleTable.TRAIN, i % classes, "content" + i, x));
    }
    return new DrawnTable(samples, classes, d);
  }

  /** Settings whose layers, λ and temperature are fixed. */
  static Settings settings(String more) {
    return SettingsLoader.parse(
        "head { layers = [a], lambda = 0.3, temperature = 0.2, root = none }\n" + more);
  }

  /** Writes both outputs, and returns the folders of prepare and features. */
  String[] write(SparkSession spark, String folder, int partitions) {
    HadoopFiles files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    String prepare = folder + "/prepare";
    String features = folder + "/features";
    List<Row> rows = new ArrayList<>();
    List<Row> prepared = new ArrayList<>();
    for (Sample one : samples) {
      rows.add(RowFactory.create(one.id, one.split, one.label, one.content, 0, one.x));
      prepared.add(
          RowFactory.create(
              one.id, one.label, "", one.split, "/pictures/" + one.id + ".png", 1, 1, 0.0));
    }
    spark
        .createDataFrame(rows, schema())
        .repartition(partitions)
        .write()
        .parquet(features + "/" + FeatureTable.FOLDER);
    spark
        .createDataFrame(prepared, sampleSchema())
        .write()
        .parquet(prepare + "/" + SampleTable.SAMPLES);
    TreeSet<String> names = new TreeSet<>();
    IntStream.range(0, classes).forEach(c -> names.add("class %d".formatted(c)));
    files.write(
        prepare + "/" + SampleTable.LABELS,
        LabelSet.fromFolders(names, "drawn").toJson().getBytes(StandardCharsets.UTF_8));
    Json.write(
        files,
        features + "/" + FeatureTable.FACTS,
        new FeatureFacts(
            "key",
            "drawn",
            "",
            "0",
            d,
            List.of(new FeatureSlice("a", "a", 0, d)),
            Pooling.AUTO,
            1,
            "float32",
            Store.FLOAT32,
            classes,
            InputSpec.of(settings(""), Normalization.IMAGENET),
            mean(false),
            mean(true)));
    return new String[] {prepare, features};
  }

  /** Over the samples that training may see. */
  private double[] mean(boolean rooted) {
    double[] mean = new double[d];
    List<Sample> pool =
        samples.stream()
            .filter(one -> List.of(SampleTable.TRAIN, SampleTable.UNLABELLED).contains(one.split))
            .toList();
    for (Sample one : pool) {
      for (int i = 0; i < d; i++) {
        double value = rooted ? Math.signum(one.x[i]) * Math.sqrt(Math.abs(one.x[i])) : one.x[i];
        mean[i] += value / pool.size();
      }
    }
    return mean;
  }

  private static StructType schema() {
    return new StructType()
        .add("sample_id", DataTypes.StringType, false)
        .add("split", DataTypes.StringType, false)
        .add("label_id", DataTypes.IntegerType, false)
        .add("content", DataTypes.StringType, true)
        .add("view", DataTypes.IntegerType, false)
        .add("features", DataTypes.createArrayType(DataTypes.FloatType, false), false);
  }

  private static StructType sampleSchema() {
    return new StructType()
        .add("id", DataTypes.StringType, false)
        .add("label_id", DataTypes.IntegerType, false)
        .add("label", DataTypes.StringType, false)
        .add("split", DataTypes.StringType, false)
        .add("reference", DataTypes.StringType, true)
        .add("width", DataTypes.IntegerType, false)
        .add("height", DataTypes.IntegerType, false)
        .add("seconds", DataTypes.DoubleType, false);
  }

  /** Features minus the mean over all samples that training may see, of length 1. */
  double[][] vectors() {
    double[] mean = new double[d];
    long pool = samples.stream().filter(DrawnTable::isSeen).count();
    samples.stream()
        .filter(DrawnTable::isSeen)
        .forEach(
            one -> {
              for (int j = 0; j < d; j++) {
                mean[j] += one.x[j] / (double) pool;
              }
            });
    double[][] vectors = new double[samples.size()][d];
    for (int i = 0; i < vectors.length; i++) {
      double squares = 0;
      for (int j = 0; j < d; j++) {
        vectors[i][j] = samples.get(i).x[j] - mean[j];
        squares += vectors[i][j] * vectors[i][j];
      }
      for (int j = 0; j < d; j++) {
        vectors[i][j] /= Math.sqrt(squares);
      }
    }
    return vectors;
  }

  private static boolean isSeen(Sample one) {
    return one.split.equals(SampleTable.TRAIN) || one.split.equals(SampleTable.UNLABELLED);
  }
}
