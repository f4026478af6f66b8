package io.github.lsgspark.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.HeadSettings;
import io.github.lsgspark.config.HeadSettings.ClassWeights;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.features.FeatureSlice;
import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Passes over samples on executors, against the same in plain loops. */
class PoolFitsTest {
  private static final int CLASSES = 3;
  private static final int D = 7;
  private static final List<String> NAMES = List.of("ant", "bee", "cat");

  private static SparkSession spark;

  @BeforeAll
  static void startSpark() {
    spark = LocalSpark.session();
  }

  @AfterAll
  static void stopSpark() {
    spark.stop();
  }

  /** Samples around their classes' centres; every fourth has a label. */
  private static List<RowBlock> blocks(int seed, int count, int views, boolean all) {
    Random random = new Random(seed);
    List<RowBlock> blocks = new ArrayList<>();
    for (int from = 0; from < count; from += 9) {
      int m = Math.min(9, count - from);
      RowBlock block = new RowBlock(new String[m], new int[m], new float[m * views * D]);
      for (int i = 0; i < m; i++) {
        int label = (from + i) % CLASSES;
        block.ids()[i] = "s" + (from + i);
        block.labels()[i] = all || (from + i) % 4 == 0 ? label : -1;
        for (int j = 0; j < views * D; j++) {
          block.values()[i * views * D + j] =
              (float) ((j % D % CLASSES == label ? 1.2 : 0) + random.nextGaussian());
        }
      }
      blocks.add(block);
    }
    return blocks;
  }

  /** With the mean of the rows' roots. */
  private static FeatureTransform centred(List<RowBlock> blocks, List<FeatureSlice> layers) {
    float[] values = RowBlock.joined(blocks).values();
    double[] mean = new double[D];
    for (int i = 0; i < values.length; i++) {
      mean[i % D] += Math.signum(values[i]) * Math.sqrt(Math.abs(values[i])) * D / values.length;
    }
    return new FeatureTransform(true, layers, D, mean, new double[0], new double[0]);
  }

  private static FeatureTransform centred(List<RowBlock> blocks) {
    return centred(blocks, List.of(new FeatureSlice("a", "a", 0, D)));
  }

  private static JavaRDD<RowBlock> distributed(List<RowBlock> blocks, int partitions) {
    return JavaSparkContext.fromSparkContext(spark.sparkContext()).parallelize(blocks, partitions);
  }

  private static double[][] transformed(List<RowBlock> blocks, FeatureTransform transform) {
    try (TensorScope scope = new TensorScope()) {
      double[] flat = Tensors.doubles(transform.apply(RowBlock.joined(blocks).values()));
      double[][] rows = new double[flat.length / D][];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = Arrays.copyOfRange(flat, i * D, (i + 1) * D);
      }
      return rows;
    }
  }

  @Test
  void halfWhitenedAxesHaveTheVariancesOfTheForm() {
    List<RowBlock> blocks = blocks(2, 200, 1, false);
    JavaRDD<RowBlock> pool = distributed(blocks, 3);
    FeatureTransform centred = centred(blocks);
    FeatureTransform whitened = PoolMoments.whitened(pool, centred);
    double[][] x = transformed(blocks, centred);
    // Before the second normalisation: A x + offset.
    double[][] z = new double[x.length][D];
    for (int i = 0; i < x.length; i++) {
      for (int a = 0; a < D; a++) {
        z[i][a] = whitened.offset()[a];
        for (int j = 0; j < D; j++) {
          z[i][a] += whitened.whitening()[a * D + j] * x[i][j];
        }
      }
    }
    double[] variances = new double[D];
    for (int a = 0; a < D; a++) {
      double mean = 0;
      for (double[] row : z) {
        mean += row[a] / z.length;
      }
      assertThat(mean).isCloseTo(0, within(1e-9));
      double length = 0;
      for (int j = 0; j < D; j++) {
        length += Math.pow(whitened.whitening()[a * D + j], 2);
      }
      // The row's length is the factor f = (s + 0.1 mean)^-1/4, and the variance becomes f² s.
      double factor = Math.sqrt(length);
      for (double[] row : z) {
        variances[a] += row[a] * row[a] / z.length / (factor * factor);
      }
    }
    double average = Arrays.stream(variances).sum() / D;
    for (int a = 0; a < D; a++) {
      double length = 0;
      for (int j = 0; j < D; j++) {
        length += Math.pow(whitened.whitening()[a * D + j], 2);
      }
      assertThat(Math.sqrt(length))
          .isCloseTo(Math.pow(variances[a] + 0.1 * average, -0.25), within(1e-8));
    }
  }

  /** Runs of the last layers are views of a list of all. */
  @Test
  void aPartOfTheLayersGoesToExecutorsToo() {
    List<FeatureSlice> all =
        List.of(new FeatureSlice("a", "a", 0, 3), new FeatureSlice("b", "b", 3, D - 3));
    List<RowBlock> blocks = blocks(5, 60, 1, false);
    JavaRDD<RowBlock> pool = distributed(blocks, 2);
    FeatureTransform part = centred(blocks, all).of(new ArrayList<>(all).subList(1, 2));
    assertThat(PoolMoments.whitened(pool, part).whitening()).hasSize((D - 3) * (D - 3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ridge", "nearest-mean", "gda"})
  void onExecutorsHeadsAreAsInMemory(String kind) {
    HeadSettings settings = SettingsLoader.parse("head.kind = " + kind).head();
    for (int views : new int[] {1, 2}) {
      List<RowBlock> blocks = blocks(3, 60, views, true);
      FeatureTransform transform = centred(blocks);
      ClassCounts counts = ClassCounts.of(NAMES, new long[] {20, 20, 20}, ClassWeights.BALANCED);
      HeadKind.Fitted far =
          Heads.of(kind)
              .fit(new DistributedRows(distributed(blocks, 4), transform, counts, views), settings);
      try (MemoryRows rows = new MemoryRows(RowBlock.joined(blocks), transform, counts, views)) {
        HeadKind.Fitted near = Heads.of(kind).fit(rows, settings);
        assertThat(far.candidates()).hasSameSizeAs(near.candidates());
        for (int i = 0; i < near.candidates().size(); i++) {
          assertThat(far.candidates().get(i).accuracy())
              .isEqualTo(near.candidates().get(i).accuracy());
          assertThat(far.candidates().get(i).crossEntropy())
              .isCloseTo(near.candidates().get(i).crossEntropy(), within(1e-9));
        }
        assertClose(far.head().weight(), near.head().weight());
        assertClose(far.head().bias(), near.head().bias());
      }
    }
  }

  private static void assertClose(double[] actual, double[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], within(1e-6 * (1 + Math.abs(expected[i]))));
    }
  }

  @Test
  void settingsThatCannotBeAreNamed() {
    assertThatThrownBy(() -> SettingsLoader.parse("head.lambda = \"-1\""))
        .hasMessageContaining("lambda must be auto or in");
    assertThatThrownBy(() -> SettingsLoader.parse("head.layers = [fire9, fire9]"))
        .hasMessageContaining("layers names fire9 twice");
  }
}
