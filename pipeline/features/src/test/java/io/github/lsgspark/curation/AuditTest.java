package io.github.lsgspark.curation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.torch.NativeTorch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The audit of drawn tables, against the same in plain loops with every sample left out in turn.
 */
@Tag("long-4")
class AuditTest {
  private static final double LAMBDA = 0.3;
  private static final double TEMPERATURE = 0.2;

  private static SparkSession spark;

  @TempDir Path folder;
  private int runs;

  @BeforeAll
  static void start() {
    spark = LocalSpark.session();
    NativeTorch.load();
  }

  private Audit run(DrawnTable table, int partitions, String more) throws IOException {
    Path own = Files.createDirectories(folder.resolve("run" + runs++));
    String[] folders = table.write(spark, own.toString(), partitions);
    return Audit.run(
        spark, DrawnTable.settings(more), folders[0], folders[1], own.resolve("audit").toString());
  }

  /** W of a weighted ridge without one of the samples. */
  private static double[][] ridge(double[][] x, int[] labels, int classes, int without) {
    int d = x[0].length;
    double[] weights = new double[classes];
    long[] counts = new long[classes];
    Arrays.stream(labels).forEach(label -> counts[label]++);
    long seen = Arrays.stream(counts).filter(count -> count > 0).count();
    Arrays.setAll(weights, c -> (double) labels.length / seen / Math.max(1, counts[c]));
    double[][] a = new double[d][d + classes];
    for (int i = 0; i < x.length; i++) {
      double weight = i == without ? 0 : weights[labels[i]];
      for (int j = 0; j < d; j++) {
        for (int k = 0; k < d; k++) {
          a[j][k] += weight * x[i][j] * x[i][k];
        }
        a[j][d + labels[i]] += weight * x[i][j];
      }
    }
    for (int j = 0; j < d; j++) {
      a[j][j] += LAMBDA;
    }
    for (int i = 0; i < d; i++) {
      for (int j = 0; j < d; j++) {
        double factor = a[j][i] / a[i][i];
        for (int k = 0; k < d + classes && j != i; k++) {
          a[j][k] -= factor * a[i][k];
        }
      }
    }
    double[][] w = new double[d][classes];
    for (int j = 0; j < d; j++) {
      for (int c = 0; c < classes; c++) {
        w[j][c] = a[j][d + c] / a[j][j];
      }
    }
    return w;
  }

  private static double dot(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(j -> a[j] * b[j]).sum();
  }

  /** Probabilities of a sample by the ridge of the others. */
  private static double[] leftOut(double[][] x, int[] labels, int classes, int i) {
    double[][] w = ridge(x, labels, classes, i);
    double[] p = new double[classes];
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      for (int j = 0; j < x[i].length; j++) {
        p[c] += x[i][j] * w[j][c];
      }
      p[c] = Math.exp(p[c] / TEMPERATURE);
      sum += p[c];
    }
    for (int c = 0; c < classes; c++) {
      p[c] /= sum;
    }
    return p;
  }

  /** Shares of classes among the k nearest. */
  private static double[] near(double[][] x, int[] labels, int classes, int i, int k, int power) {
    double[] shares = new double[classes];
    double[] sum = new double[1];
    IntStream.range(0, x.length)
        .filter(j -> j != i)
        .boxed()
        .sorted(Comparator.comparingDouble(j -> -dot(x[i], x[j])))
        .limit(k)
        .forEach(
            j -> {
              double weight = Math.pow(Math.max(0, dot(x[i], x[j])), power);
              shares[labels[j]] += weight;
              sum[0] += weight;
            });
    for (int c = 0; c < classes && sum[0] > 0; c++) {
      shares[c] /= sum[0];
    }
    return shares;
  }

  /** 80 labelled samples of four classes, every ninth with another class's label. */
  private static DrawnTable mislabelled() {
    DrawnTable table = DrawnTable.of(3, 80, 4, 12, 0.9);
    List<DrawnTable.Sample> samples = new ArrayList<>();
    for (int i = 0; i < 80; i++) {
      DrawnTable.Sample one = table.samples().get(i);
      samples.add(i % 9 == 0 ? one.with(SampleTable.TRAIN, (i + 1) % 4) : one);
    }
    return new DrawnTable(samples, 4, 12);
  }

  @Test
  void errorsAreThoseOfPlainLoopsOnAnyNumberOfPartitions() throws IOException {
    DrawnTable table = mislabelled();
    String keys = "audit { neighbours = 9, power = 3, neighbour-share = 0.4 }";
    Audit audit = run(table, 3, keys);
    double[][] x = table.vectors();
    int[] labels = table.samples().stream().mapToInt(DrawnTable.Sample::label).toArray();
    double[][] p = new double[80][];
    double[] thresholds = new double[4];
    long[] counts = new long[4];
    for (int i = 0; i < 80; i++) {
      p[i] = leftOut(x, labels, 4, i);
      thresholds[labels[i]] += p[i][labels[i]];
      counts[labels[i]]++;
    }
    Arrays.setAll(thresholds, c -> thresholds[c] / counts[c]);
    int suspects = 0;
    int confident = 0;
    for (int i = 0; i < 80; i++) {
      double[] own = p[i];
      double[] f = near(x, labels, 4, i, 9, 3);
      int label = labels[i];
      double[] mean = new double[4];
      Arrays.setAll(mean, c -> 0.6 * own[c] + 0.4 * f[c]);
      int best =
          IntStream.range(0, 4)
              .filter(c -> c != label)
              .boxed()
              .max(Comparator.comparingDouble(c -> mean[c]))
              .orElseThrow();
      int reached =
          IntStream.range(0, 4)
              .filter(c -> own[c] >= thresholds[c])
              .boxed()
              .max(Comparator.comparingDouble(c -> own[c]))
              .orElse(-1);
      boolean error = reached >= 0 && reached != label;
      confident += error ? 1 : 0;
      String id = table.samples().get(i).id();
      List<LabelError> found = audit.errors().stream().filter(one -> one.id().equals(id)).toList();
      assertThat(found).hasSize(mean[best] > mean[label] ? 1 : 0);
      if (!found.isEmpty()) {
        suspects++;
        LabelError one = found.get(0);
        assertThat(one.suggested()).isEqualTo(best);
        assertThat(one.score()).isCloseTo(1 - mean[label], within(1e-4));
        assertThat(one.leftOutLabel()).isCloseTo(own[label], within(1e-4));
        assertThat(one.nearSuggested()).isCloseTo(f[best], within(1e-4));
        assertThat(one.confident()).isEqualTo(error);
      }
    }
    assertThat(audit.metrics())
        .containsEntry("labelled", 80L)
        .containsEntry("judged", 80L)
        .containsEntry("suspects", (long) suspects)
        .containsEntry("suspects_of_confident_learning", (long) confident);
    assertThat(audit.errors()).isSortedAccordingTo(LabelError.LIKELIEST_FIRST);
    // Nine labels are wrong, and lead the list.
    assertThat(audit.errors().subList(0, 9))
        .filteredOn(one -> Integer.parseInt(one.id().substring(1)) % 9 == 0)
        .hasSizeGreaterThan(6);
    Audit again = run(table, 7, keys);
    assertThat(again.errors())
        .extracting(LabelError::id)
        .containsExactlyElementsOf(audit.errors().stream().map(LabelError::id).toList());
    assertThat(Files.readAllLines(folder.resolve("run0/audit/errors.csv")))
        .hasSize(audit.errors().size() + 1)
        .element(1)
        .asString()
        .startsWith("1,/pictures/" + audit.errors().get(0).id() + ".png,");
  }

  @Test
  void pairsAndOutliersOfAllSplits() throws IOException {
    DrawnTable drawn = DrawnTable.of(5, 60, 3, 16, 0.6);
    List<DrawnTable.Sample> samples = new ArrayList<>(drawn.samples());
    // The same content twice more; nearly the same in the test split; one of another kind.
    samples.set(10, samples.get(10).like(samples.get(1), "content1", 0));
    samples.set(11, samples.get(11).like(samples.get(1), "content1", 0));
    samples.set(
        20, samples.get(20).like(samples.get(2), "content20", 0.01f).with(SampleTable.TEST, 0));
    float[] far = new float[16];
    for (int j = 0; j < 16; j++) {
      far[j] = j % 2 == 0 ? 9 : -9;
    }
    samples.set(30, new DrawnTable.Sample("s00030", SampleTable.UNLABELLED, 0, "content30", far));
    Audit audit = run(new DrawnTable(samples, 3, 16), 4, "audit.duplicate-similarity = 0.999");
    assertThat(audit.duplicates())
        .extracting(one -> one.exact() + " " + one.first() + " " + one.second())
        .containsExactly("true s00001 s00010", "true s00001 s00011", "false s00002 s00020");
    DuplicatePair across = audit.duplicates().get(2);
    assertThat(across.acrossSplits()).isTrue();
    assertThat(across.labelFirst()).isEqualTo(2);
    assertThat(audit.metrics())
        .containsEntry("exact_duplicates", 2L)
        .containsEntry("near_duplicates", 1L)
        .containsEntry("duplicates_across_splits", 1L);
    assertThat(audit.outliers().get(0).id()).isEqualTo("s00030");
    // Its class is the truth that training does not know.
    assertThat(audit.outliers().get(0).label()).isEqualTo(-1);
    double[][] x = new DrawnTable(samples, 3, 16).vectors();
    double mean =
        IntStream.range(0, 60)
            .filter(j -> j != 30)
            .mapToDouble(j -> -dot(x[30], x[j]))
            .sorted()
            .limit(10)
            .average()
            .orElseThrow();
    assertThat(audit.outliers().get(0).distance()).isCloseTo(1 + mean, within(1e-5));
  }

  @Test
  void withoutLabelsThereAreNoErrorsAndAClassOfOneIsNotJudged() throws IOException {
    DrawnTable drawn = DrawnTable.of(7, 30, 3, 8, 0.5);
    List<DrawnTable.Sample> none =
        drawn.samples().stream().map(one -> one.with(SampleTable.UNLABELLED, 1)).toList();
    Audit audit = run(new DrawnTable(none, 3, 8), 2, "");
    assertThat(audit.errors()).isEmpty();
    assertThat(audit.metrics()).containsEntry("labelled", 0L).containsEntry("samples", 30);
    List<DrawnTable.Sample> one = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      DrawnTable.Sample sample = drawn.samples().get(i);
      one.add(i % 3 == 2 && i > 2 ? sample.with(SampleTable.UNLABELLED, 2) : sample);
    }
    Audit judged = run(new DrawnTable(one, 3, 8), 2, "");
    assertThat(judged.metrics())
        .containsEntry("labelled", 21L)
        .containsEntry("judged", 20L)
        .containsEntry("classes_of_one_sample", List.of("class 2"));
    assertThat(judged.errors()).extracting(LabelError::id).doesNotContain("s00002");
  }
}
