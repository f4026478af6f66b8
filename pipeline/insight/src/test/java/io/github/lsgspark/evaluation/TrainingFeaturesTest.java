package io.github.lsgspark.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.testing.LocalSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The nearest labelled samples and the threshold, against sums written out. */
@Tag("long-5")
class TrainingFeaturesTest {
  private static final SparkSession SPARK = LocalSpark.session();
  private static final int WIDTH = 7;
  private static final int TRAIN = 61;

  private static final StructType SCHEMA =
      new StructType()
          .add("id", "string")
          .add("label_id", "int")
          .add("label", "string")
          .add("split", "string")
          .add("reference", "string")
          .add("width", "int")
          .add("height", "int")
          .add("seconds", "double")
          .add("content", "string");

  @TempDir Path folder;

  /** A model whose feature of a sample follows from its id. */
  private record Seeded() implements ModelOpener, OpenModel {
    @Override
    public OpenModel open() {
      return this;
    }

    @Override
    public List<Scores> score(List<Sample> samples) {
      return samples.stream().map(sample -> of(sample.id())).toList();
    }

    static Scores of(String id) {
      Random random = new Random(id.hashCode());
      float[] feature = new float[WIDTH];
      for (int j = 0; j < WIDTH; j++) {
        feature[j] = 3 + j + (1 + j) * (float) random.nextGaussian();
      }
      // One that is the same everywhere tells nothing.
      feature[WIDTH - 1] = 0.1f;
      return new Scores(new float[3], null, feature);
    }

    @Override
    public void close() {}
  }

  private void write(int validation) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < TRAIN; i++) {
      rows.add(row("train/" + i, i % 3, SampleTable.TRAIN));
    }
    for (int i = 0; i < validation; i++) {
      rows.add(row("validation/" + i, i % 3, SampleTable.VALIDATION));
    }
    rows.add(row("other", -1, SampleTable.UNLABELLED));
    rows.add(row("test", 1, SampleTable.TEST));
    SPARK
        .createDataFrame(rows, SCHEMA)
        .write()
        .mode("overwrite")
        .parquet(folder.resolve(SampleTable.SAMPLES).toString());
  }

  private static Row row(String id, int label, String split) {
    return RowFactory.create(id, label, "", split, "", 1, 1, 0.0, "");
  }

  private Nearby nearby(double quantile) {
    Settings settings =
        SettingsLoader.parse("evaluate.batch = 4, predict.unlike-quantile = " + quantile);
    return TrainingFeatures.of(SPARK, new Seeded(), settings, folder.toString());
  }

  private static double[] mean() {
    double[] mean = new double[WIDTH];
    for (int i = 0; i < TRAIN; i++) {
      float[] feature = Seeded.of("train/" + i).feature();
      for (int j = 0; j < WIDTH; j++) {
        mean[j] += feature[j] / TRAIN;
      }
    }
    return mean;
  }

  private static double[] variances(double[] mean) {
    double[] variances = new double[WIDTH];
    for (int i = 0; i < TRAIN; i++) {
      float[] feature = Seeded.of("train/" + i).feature();
      for (int j = 0; j < WIDTH; j++) {
        variances[j] += Math.pow(feature[j] - mean[j], 2) / TRAIN;
      }
    }
    return variances;
  }

  private static double cosine(String one, String other) {
    double[] mean = mean();
    double[] variances = variances(mean);
    float[] a = Seeded.of(one).feature();
    float[] b = Seeded.of(other).feature();
    double dot = 0;
    double left = 0;
    double right = 0;
    for (int j = 0; j < WIDTH - 1; j++) {
      dot += (a[j] - mean[j]) * (b[j] - mean[j]) / variances[j];
      left += (a[j] - mean[j]) * (a[j] - mean[j]) / variances[j];
      right += (b[j] - mean[j]) * (b[j] - mean[j]) / variances[j];
    }
    return dot / Math.sqrt(left * right);
  }

  /** Labelled samples but the sample itself, the most alike first. */
  private static List<Integer> ranked(String id) {
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < TRAIN; i++) {
      if (!id.equals("train/" + i)) {
        all.add(i);
      }
    }
    all.sort(Comparator.comparingDouble(i -> -cosine(id, "train/" + i)));
    return all;
  }

  private static double nearest(String id) {
    return cosine(id, "train/" + ranked(id).get(0));
  }

  private static double threshold(String split, int count, double quantile) {
    double[] largest = new double[count];
    for (int i = 0; i < count; i++) {
      largest[i] = nearest(split + "/" + i);
    }
    Arrays.sort(largest);
    return largest[(int) Math.floor((1 - quantile) * (count - 1))];
  }

  private static void requireRight(Nearby nearby, double threshold) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      ids.add("new/" + i);
    }
    int unlike = 0;
    try (Nearby.Finder finder = nearby.open()) {
      List<List<NearestSample>> found = finder.of(ids.stream().map(Seeded::of).toList(), 5);
      for (int i = 0; i < ids.size(); i++) {
        List<Integer> ranked = ranked(ids.get(i));
        for (int k = 0; k < 5; k++) {
          NearestSample one = found.get(i).get(k);
          assertThat(one.id()).isEqualTo("train/" + ranked.get(k));
          assertThat(one.labelId()).isEqualTo(ranked.get(k) % 3);
          assertThat(one.similarity()).isCloseTo(cosine(ids.get(i), one.id()), within(1e-5));
          assertThat(one.unlike()).isEqualTo(nearest(ids.get(i)) < threshold);
        }
        unlike += found.get(i).get(0).unlike() ? 1 : 0;
      }
      assertThat(unlike).isBetween(1, ids.size() - 1);
      assertThat(finder.of(List.of(Seeded.of("new/0")), 1000).get(0)).hasSize(TRAIN);
    }
  }

  @Test
  void withoutValidationSamplesTheTrainingSamplesJudgeEachOther() {
    write(TrainingFeatures.FEWEST - 1);
    requireRight(nearby(0.8), threshold("train", TRAIN, 0.8));
  }

  @Test
  void validationSamplesJudgeWhereThereAreEnough() {
    write(TrainingFeatures.FEWEST);
    requireRight(nearby(0.8), threshold("validation", TrainingFeatures.FEWEST, 0.8));
  }

  @Test
  void nothingIsLookedForWhereNothingIsAskedFor() {
    write(0);
    try (Nearby.Finder finder = nearby(0).open()) {
      assertThat(finder.of(List.of(Seeded.of("new/0"), Seeded.of("new/1")), 3))
          .containsExactly(List.of(), List.of());
    }
  }
}
