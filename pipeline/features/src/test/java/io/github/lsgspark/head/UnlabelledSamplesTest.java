package io.github.lsgspark.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.HeadSettings;
import io.github.lsgspark.config.HeadSettings.ClassWeights;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.features.FeatureSlice;
import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fits with unlabelled samples, against the same in plain loops over whole matrices. */
@Tag("long-4")
class UnlabelledSamplesTest {
  private static SparkSession spark;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    spark = LocalSpark.session();
    NativeTorch.load();
  }

  /** Drawn samples in blocks. */
  private record Drawn(int d, int classes, int views, int[] labels, float[][] values) {

    static Drawn of(long seed, int samples, int d, int classes, int views) {
      Random random = new Random(seed);
      double[][] centres = new double[classes][];
      Arrays.setAll(centres, c -> random.doubles(d).map(x -> 2 * x - 1).toArray());
      int[] labels = new int[samples];
      float[][] values = new float[samples][views * d];
      for (int i = 0; i < samples; i++) {
        int own = i % classes;
        labels[i] = i < 2 * classes ? own : -1;
        for (int j = 0; j < views * d; j++) {
          values[i][j] = (float) (centres[own][j % d] + 0.5 * random.nextGaussian());
        }
      }
      return new Drawn(d, classes, views, labels, values);
    }

    FeatureTransform transform() {
      double[] mean = new double[d];
      Arrays.fill(mean, 0.05);
      return new FeatureTransform(
          true, List.of(new FeatureSlice("a", "a", 0, d)), d, mean, new double[0], new double[0]);
    }

    JavaRDD<RowBlock> blocks(int samplesOfBlock, int partitions) {
      List<RowBlock> blocks = new ArrayList<>();
      for (int from = 0; from < labels.length; from += samplesOfBlock) {
        int to = Math.min(labels.length, from + samplesOfBlock);
        float[] flat = new float[(to - from) * views * d];
        for (int i = from; i < to; i++) {
          System.arraycopy(values[i], 0, flat, (i - from) * views * d, views * d);
        }
        String[] ids = IntStream.range(from, to).mapToObj(i -> "s" + i).toArray(String[]::new);
        blocks.add(new RowBlock(ids, Arrays.copyOfRange(labels, from, to), flat));
      }
      return JavaSparkContext.fromSparkContext(spark.sparkContext())
          .parallelize(blocks, partitions);
    }

    /** Transformed first views, rounded to float as blocks hold them. */
    double[][] x() {
      double[][] x = new double[labels.length][];
      for (int i = 0; i < x.length; i++) {
        try (TensorScope scope = new TensorScope()) {
          float[] row = Tensors.floats(transform().apply(Arrays.copyOf(values[i], d)));
          x[i] = IntStream.range(0, d).mapToDouble(j -> row[j]).toArray();
        }
      }
      return x;
    }

    ClassCounts counts() {
      long[] counts = new long[classes];
      Arrays.stream(labels).filter(label -> label >= 0).forEach(label -> counts[label]++);
      return counts(counts);
    }

    ClassCounts counts(long[] counts) {
      List<String> names = IntStream.range(0, classes).mapToObj(c -> "c" + c).toList();
      return ClassCounts.of(names, counts, ClassWeights.BALANCED);
    }

    /** A ridge of the labelled samples. */
    double[][] first() {
      double[][] y = new double[labels.length][classes];
      double[] weights = new double[labels.length];
      for (int i = 0; i < labels.length; i++) {
        if (labels[i] >= 0) {
          y[i][labels[i]] = 1;
          weights[i] = 1;
        }
      }
      return PlainUnlabelled.ridge(x(), y, weights, 0.3);
    }

    UnlabelledFit fit(String keys, int samplesOfBlock, int partitions) {
      double[] flat = new double[classes * d];
      double[][] w = first();
      for (int c = 0; c < classes; c++) {
        for (int j = 0; j < d; j++) {
          flat[c * d + j] = w[j][c];
        }
      }
      return new UnlabelledSamples(spark, settings(keys), counts(), 1)
          .fit(
              blocks(samplesOfBlock, partitions),
              views,
              transform(),
              LinearHead.of(flat, classes),
              0.05);
    }
  }

  private static HeadSettings settings(String keys) {
    return SettingsLoader.parse("head { " + keys + " }").head();
  }

  private static void same(UnlabelledFit fit, PlainUnlabelled.Result expected, Drawn drawn) {
    int d = drawn.d;
    for (int c = 0; c < drawn.classes; c++) {
      for (int j = 0; j < d; j++) {
        assertThat(fit.head().weight()[c * d + j]).isCloseTo(expected.w()[j][c], within(2e-4));
      }
    }
    Map<String, SoftLabel> soft =
        fit.softLabels().collect().stream().collect(Collectors.toMap(SoftLabel::id, one -> one));
    for (int i = 0; i < drawn.labels.length; i++) {
      SoftLabel one = soft.get("s" + i);
      assertThat(one == null).isEqualTo(drawn.labels[i] >= 0);
      if (one != null) {
        assertThat((double) one.weight()).isCloseTo(expected.weights()[i], within(2e-4));
        for (int c = 0; c < drawn.classes; c++) {
          assertThat((double) one.probabilities()[c]).isCloseTo(expected.p()[i][c], within(2e-4));
        }
      }
    }
    assertThat(fit.temperature()).isPositive().isFinite();
  }

  @ParameterizedTest
  @CsvSource({
    // samples, d, classes, views, of a block, partitions
    "30, 6, 3, 1, 100, 1",
    "60, 25, 4, 2, 7, 3",
    "90, 12, 9, 1, 16, 4",
    "41, 50, 2, 3, 5, 2",
  })
  void balanced(int samples, int d, int classes, int views, int ofBlock, int partitions) {
    Drawn drawn = Drawn.of(samples, samples, d, classes, views);
    double[] shares = new double[classes];
    Arrays.fill(shares, 1.0 / classes);
    PlainUnlabelled.Result expected =
        PlainUnlabelled.balanced(
            drawn.x(), drawn.labels, drawn.first(), shares, 3, 0.1, 0.08, 12, 5, 2);
    String keys =
        "unlabelled = balanced, balanced { rounds = 3, first-temperature = 0.1, temperature = 0.08,"
            + " sweeps = 12, lambda = 2 }";
    try (UnlabelledFit fit = drawn.fit(keys, ofBlock, partitions)) {
      same(fit, expected, drawn);
    }
  }

  @Test
  void balancedWithGivenShares() {
    Drawn drawn = Drawn.of(5, 50, 10, 3, 1);
    PlainUnlabelled.Result expected =
        PlainUnlabelled.balanced(
            drawn.x(),
            drawn.labels,
            drawn.first(),
            new double[] {0.5, 0.3, 0.2},
            2,
            0.1,
            0.1,
            40,
            5,
            5);
    String keys =
        "unlabelled = balanced, marginal = given, marginal-shares = [\"c1 = 0.3\", \"c0 = 0.5\","
            + " \"c2=0.2\"], balanced { rounds = 2, first-temperature = 0.1, temperature = 0.1,"
            + " sweeps = 40 }";
    try (UnlabelledFit fit = drawn.fit(keys, 9, 2)) {
      same(fit, expected, drawn);
    }
  }

  @ParameterizedTest
  @CsvSource({
    // samples, d, classes, views, of a block, partitions, k
    "30, 6, 3, 1, 100, 1, 4",
    "60, 25, 4, 2, 7, 3, 5",
    "90, 12, 9, 1, 16, 4, 15",
    "23, 8, 2, 1, 4, 2, 1",
  })
  void spread(int samples, int d, int classes, int views, int ofBlock, int partitions, int k) {
    Drawn drawn = Drawn.of(samples, samples, d, classes, views);
    double[] shares = new double[classes];
    Arrays.fill(shares, 1.0 / classes);
    PlainUnlabelled.Result expected =
        PlainUnlabelled.spread(drawn.x(), drawn.labels, shares, k, 3, 0.9, 13, 3, 3);
    String keys = "unlabelled = spread, spread { sweeps = 13, k = %d }".formatted(k);
    try (UnlabelledFit fit = drawn.fit(keys, ofBlock, partitions)) {
      same(fit, expected, drawn);
    }
  }

  @Test
  void faultsAreNamed() throws IOException {
    ClassCounts counts = Drawn.of(1, 20, 4, 3, 1).counts();
    assertThatThrownBy(() -> shares("marginal-shares = [\"c0 = 0.5\", \"c1 = 0.5\"]", counts))
        .isInstanceOf(LsgException.class)
        .hasMessage("head.marginal-shares: class c2 has no share");
    assertThatThrownBy(() -> shares("marginal-shares = [\"c0 = 2\"]", counts))
        .hasMessage("head.marginal-shares: the share of class c0 must be in [0, 1], but was: 2");
    assertThatThrownBy(() -> shares("marginal-shares = [\"dog = 1\"]", counts))
        .hasMessage("head.marginal-shares: there is no class dog");
    assertThatThrownBy(
            () -> shares("marginal-shares = [\"c0 = 0.5\", \"c1 = 0.5\", \"c2 = 0.5\"]", counts))
        .hasMessage("head.marginal-shares: shares must sum to 1, but they sum to 1.5");
    Path file = Files.writeString(folder.resolve("shares.txt"), "c0 = 0.25\nc1 = 0.25\nc2=0.5\n");
    assertThat(shares("marginal-file = \"" + file + "\"", counts)).containsExactly(0.25, 0.25, 0.5);
    ClassCounts without = Drawn.of(1, 20, 4, 3, 1).counts(new long[] {2, 6, 0});
    assertThatThrownBy(() -> shares("marginal-file = \"" + file + "\"", without))
        .hasMessage("head.marginal-file: class c2 has share 0.5, but no labelled sample");
    assertThat(Marginals.of(settings(""), without, spark.sparkContext().hadoopConfiguration()))
        .containsExactly(0.5, 0.5, 0);
    assertThat(
            Marginals.of(
                settings("marginal = labelled"),
                without,
                spark.sparkContext().hadoopConfiguration()))
        .containsExactly(0.25, 0.75, 0);
  }

  private static double[] shares(String keys, ClassCounts counts) {
    return Marginals.of(
        settings("marginal = given, " + keys), counts, spark.sparkContext().hadoopConfiguration());
  }

  @Test
  void withoutUnlabelledSamplesItIsRefused() {
    Drawn drawn = Drawn.of(2, 6, 4, 3, 1);
    assertThatThrownBy(() -> drawn.fit("unlabelled = spread", 3, 2))
        .hasMessage("head.unlabelled = spread, but there is no unlabelled sample");
  }
}
