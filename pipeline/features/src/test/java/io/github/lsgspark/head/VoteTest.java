package io.github.lsgspark.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.features.FeatureSlice;
import io.github.lsgspark.features.FeatureTable;
import io.github.lsgspark.testing.LocalSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Votes on drawn features, against the same in plain loops over whole matrices. */
@Tag("long-2")
class VoteTest {
  private static final int CLASSES = 4;
  private static final int SAMPLES = 90;
  private static final StructType GIVEN =
      new StructType()
          .add("sample_id", DataTypes.StringType)
          .add("label_id", DataTypes.IntegerType)
          .add("features", DataTypes.createArrayType(DataTypes.FloatType, false));
  private static final StructType STORED =
      new StructType()
          .add("sample_id", DataTypes.StringType)
          .add("split", DataTypes.StringType)
          .add("label_id", DataTypes.IntegerType)
          .add("content", DataTypes.StringType)
          .add("view", DataTypes.IntegerType)
          .add("features", DataTypes.createArrayType(DataTypes.FloatType, false));

  /** Three heads of different features, and what each says of each sample in plain loops. */
  private static final List<VotingHead> HEADS = new ArrayList<>();

  private static final double[][][] PROBABILITIES = new double[3][SAMPLES][];

  private static final int[] DIMENSIONS = {6, 9, 5};

  @TempDir static Path folder;
  private static SparkSession spark;

  @BeforeAll
  static void draw() {
    spark = LocalSpark.session();
    Random random = new Random(8);
    for (int place = 0; place < 3; place++) {
      HEADS.add(head(place, random));
    }
  }

  private static String split(int sample) {
    return List.of("train", "unlabelled", "validation", "unlabelled", "test").get(sample % 5);
  }

  /** The third head has no features of every tenth sample. */
  private static boolean isTold(int place, int sample) {
    return place < 2 || sample % 10 != 1;
  }

  private static VotingHead head(int place, Random random) {
    int d = DIMENSIONS[place];
    String dir = folder.resolve("features" + place).toString();
    double[] weight = random.doubles(CLASSES * d, -9, 9).toArray();
    VotingHead head =
        new VotingHead(
            "head" + place,
            dir,
            new FeatureTransform(
                false,
                List.of(new FeatureSlice("given", "given", 0, d)),
                d,
                new double[d],
                new double[0],
                new double[0]),
            new LinearHead(weight, random.doubles(CLASSES).toArray()));
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < SAMPLES; i++) {
      float[] x = new float[d];
      double norm = 0;
      for (int j = 0; j < d; j++) {
        x[j] = (float) random.nextGaussian();
        norm += x[j] * x[j];
      }
      double[] scores = head.logits().bias().clone();
      for (int c = 0; c < CLASSES; c++) {
        for (int j = 0; j < d; j++) {
          scores[c] += weight[c * d + j] * x[j] / Math.sqrt(norm);
        }
      }
      double[] e = Arrays.stream(scores).map(Math::exp).toArray();
      double sum = Arrays.stream(e).sum();
      PROBABILITIES[place][i] = Arrays.stream(e).map(one -> one / sum).toArray();
      if (isTold(place, i)) {
        rows.add(RowFactory.create("s" + i, split(i), i % CLASSES, "content" + i, 0, x));
      }
    }
    FeatureTable.writeGiven(
        spark,
        spark.createDataFrame(List.of(RowFactory.create("s0", 0, new float[d])), GIVEN),
        d,
        CLASSES,
        dir);
    spark
        .createDataFrame(rows, STORED)
        .repartition(3)
        .write()
        .mode("overwrite")
        .parquet(dir + "/" + FeatureTable.FOLDER);
    return head;
  }

  /** The mean of the ballots of a sample [C]. */
  private static double[] mean(int sample, boolean whole) {
    double[] mean = new double[CLASSES];
    int told = 0;
    for (int place = 0; place < 3; place++) {
      if (isTold(place, sample)) {
        told++;
        for (int c = 0; c < CLASSES; c++) {
          double p = PROBABILITIES[place][sample][c];
          mean[c] += whole ? p : choice(place, sample) == c ? 1 : 0;
        }
      }
    }
    int count = told;
    return Arrays.stream(mean).map(one -> one / count).toArray();
  }

  private static int choice(int place, int sample) {
    double[] p = PROBABILITIES[place][sample];
    return IntStream.range(0, CLASSES).reduce((a, b) -> p[b] > p[a] ? b : a).orElseThrow();
  }

  private static int[] unlabelled() {
    return IntStream.range(0, SAMPLES).filter(i -> split(i).equals("unlabelled")).toArray();
  }

  private static Map<String, float[]> labels(String keys) {
    Settings settings = SettingsLoader.parse(keys);
    List<String> names = IntStream.range(0, CLASSES).mapToObj(c -> "c" + c).toList();
    try (Vote vote = Vote.of(spark, HEADS, settings.vote())) {
      return vote.labels(settings.head(), names, new long[] {4, 5, 4, 5}).rows().collect().stream()
          .collect(Collectors.toMap(SoftLabel::id, SoftLabel::probabilities));
    }
  }

  @ParameterizedTest
  @CsvSource({"labels", "probabilities"})
  void ballotsAreAveraged(String ballots) {
    Map<String, float[]> labels = labels("vote.ballots = " + ballots);
    assertThat(labels).hasSize(unlabelled().length);
    for (int i : unlabelled()) {
      double[] expected = mean(i, ballots.equals("probabilities"));
      for (int c = 0; c < CLASSES; c++) {
        // What is a thousandth of the likeliest is left out.
        assertThat((double) labels.get("s" + i)[c]).isCloseTo(expected[c], within(4e-3));
      }
    }
  }

  /** Row and column scalings of the whole matrix, and sums that are the shares. */
  @ParameterizedTest
  @CsvSource({"labels", "probabilities"})
  void classesAreBalanced(String ballots) {
    double[] shares = {0.3, 0.2, 0.25, 0.25};
    Map<String, float[]> labels =
        labels(
            "vote { balance = true, sweeps = 200, ballots = "
                + ballots
                + " }, head { marginal = given, "
                + "marginal-shares = [\"c0=0.3\", \"c1=0.2\", \"c2=0.25\", \"c3=0.25\"] }");
    int[] open = unlabelled();
    double[][] p = new double[open.length][];
    Arrays.setAll(p, i -> mean(open[i], ballots.equals("probabilities")));
    for (int sweep = 0; sweep < 200; sweep++) {
      for (int c = 0; c < CLASSES; c++) {
        int column = c;
        double sum = Arrays.stream(p).mapToDouble(row -> row[column]).sum();
        Arrays.stream(p).forEach(row -> row[column] *= open.length * shares[column] / sum);
      }
      for (double[] row : p) {
        double sum = Arrays.stream(row).sum();
        Arrays.setAll(row, c -> row[c] / sum);
      }
    }
    double[] sums = new double[CLASSES];
    for (int i = 0; i < open.length; i++) {
      for (int c = 0; c < CLASSES; c++) {
        float own = labels.get("s" + open[i])[c];
        assertThat((double) own).isCloseTo(p[i][c], within(5e-3));
        sums[c] += own / (double) open.length;
      }
    }
    assertThat(sums).containsExactly(shares, within(5e-3));
  }

  @ParameterizedTest
  @CsvSource({"validation", "test", "unlabelled"})
  void countsAreThoseOfTheSplit(String split) {
    int[] own = IntStream.range(0, SAMPLES).filter(i -> split(i).equals(split)).toArray();
    VoteCounts counts;
    try (Vote vote = Vote.of(spark, HEADS, SettingsLoader.parse("").vote())) {
      counts = vote.counts(split);
      assertThat(vote.agreements(counts))
          .containsOnlyKeys("head0, head1", "head0, head2", "head1, head2");
    }
    assertThat(counts.samples()).isEqualTo(own.length);
    for (int place = 0; place < 3; place++) {
      int head = place;
      int[] told = Arrays.stream(own).filter(i -> isTold(head, i)).toArray();
      assertThat(counts.accuracy(head))
          .isEqualTo(
              (double) Arrays.stream(told).filter(i -> choice(head, i) == i % CLASSES).count()
                  / told.length);
    }
    assertThat(counts.agreement(0, 1))
        .isEqualTo(
            (double) Arrays.stream(own).filter(i -> choice(0, i) == choice(1, i)).count()
                / own.length);
    assertThat(counts.withoutMajority())
        .isEqualTo(
            Arrays.stream(own)
                .filter(i -> Arrays.stream(mean(i, false)).max().orElseThrow() <= 0.5)
                .count());
  }

  @Test
  void headsOfOtherClassesAreRefused() {
    VotingHead first = HEADS.get(0);
    VotingHead other =
        new VotingHead(
            "other", first.features(), first.transform(), LinearHead.of(new double[18], 3));
    assertThatThrownBy(() -> Vote.of(spark, List.of(first, other), SettingsLoader.parse("").vote()))
        .isInstanceOf(LsgException.class)
        .hasMessage("vote.members.other tells 3 classes apart, but vote.members.head0 4");
  }
}
