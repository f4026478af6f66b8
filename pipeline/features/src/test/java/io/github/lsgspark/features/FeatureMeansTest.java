package io.github.lsgspark.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.FeaturesSettings.Store;
import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.torch.Halves;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Means over a table, against the same in plain loops. */
class FeatureMeansTest {
  private static final SparkSession SPARK = LocalSpark.session();
  private static final List<String> SPLITS = List.of("train", "unlabelled", "test", "validation");
  private static final int D = 5;

  @TempDir static Path folder;

  @AfterAll
  static void stopSpark() {
    SPARK.stop();
  }

  @ParameterizedTest
  @EnumSource(Store.class)
  void theyAreOfWhatTrainingMaySee(Store store) {
    Random random = new Random(1);
    List<Row> rows = new ArrayList<>();
    double[] mean = new double[D];
    double[] rootMean = new double[D];
    int count = 0;
    for (int i = 0; i < 60; i++) {
      String split = SPLITS.get(random.nextInt(SPLITS.size()));
      boolean counts = split.equals("train") || split.equals("unlabelled");
      count += counts ? 1 : 0;
      float[] floats = new float[D];
      short[] halves = new short[D];
      for (int j = 0; j < D; j++) {
        halves[j] = Halves.of(j == 0 ? 0 : (float) random.nextGaussian());
        floats[j] = Halves.toFloat(halves[j]);
        mean[j] += counts ? floats[j] : 0;
        rootMean[j] += counts ? Math.signum(floats[j]) * Math.sqrt(Math.abs(floats[j])) : 0;
      }
      rows.add(
          RowFactory.create(
              "s" + i, split, 0, "c" + i, 0, store == Store.FLOAT16 ? halves : floats));
    }
    String out = folder.resolve(store.name()).toString();
    SPARK
        .createDataFrame(rows, FeatureTable.schema(store))
        .repartition(3)
        .write()
        .parquet(out + "/" + FeatureTable.FOLDER);
    FeatureMeans found = FeatureMeans.of(SPARK, out, store, D);
    for (int j = 0; j < D; j++) {
      assertThat(found.mean()[j]).isCloseTo(mean[j] / count, within(1e-9));
      assertThat(found.rootMean()[j]).isCloseTo(rootMean[j] / count, within(1e-6));
    }
  }
}
