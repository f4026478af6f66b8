package io.github.lsgspark.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.testing.LocalSpark;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNeighboursTest {
  private static final int D = 6;
  private static final int CLASSES = 4;
  private static SparkSession spark;

  @BeforeAll
  static void startSpark() {
    spark = LocalSpark.session();
  }

  @AfterAll
  static void stopSpark() {
    spark.stop();
  }

  private static JavaRDD<RowBlock> distributed(List<RowBlock> blocks) {
    return JavaSparkContext.fromSparkContext(spark.sparkContext())
        .parallelize(blocks, blocks.size());
  }

  /** Samples in blocks of up to seven. */
  private static List<RowBlock> blocks(int seed, int samples, int views) {
    RowBlock all = new DrawnSamples(seed, samples, views, D, CLASSES, false, false).block();
    List<RowBlock> blocks = new ArrayList<>();
    for (int from = 0; from < samples; from += 7) {
      int m = Math.min(7, samples - from);
      RowBlock block = new RowBlock(new String[m], new int[m], new float[m * views * D]);
      System.arraycopy(all.ids(), from, block.ids(), 0, m);
      System.arraycopy(all.labels(), from, block.labels(), 0, m);
      System.arraycopy(all.values(), from * views * D, block.values(), 0, m * views * D);
      blocks.add(block);
    }
    return blocks;
  }

  private static double cosine(RowBlock a, int i, RowBlock b, int j, int views) {
    double dot = 0;
    double first = 0;
    double second = 0;
    for (int n = 0; n < D; n++) {
      double x = a.values()[i * views * D + n];
      double y = b.values()[j * views * D + n];
      dot += x * y;
      first += x * x;
      second += y * y;
    }
    return dot / Math.sqrt(first * second);
  }

  /** By sorting all labelled samples for each test sample. */
  private static double sorted(RowBlock test, RowBlock labelled, int views, int k) {
    int right = 0;
    for (int i = 0; i < test.samples(); i++) {
      int sample = i;
      double[] votes = new double[CLASSES];
      IntStream.range(0, labelled.samples())
          .boxed()
          .sorted(Comparator.comparingDouble(j -> -cosine(test, sample, labelled, j, views)))
          .limit(k)
          .forEach(
              j ->
                  votes[labelled.labels()[j]] +=
                      Math.exp(cosine(test, sample, labelled, j, views) / 0.07));
      int winner =
          IntStream.range(0, CLASSES)
              .boxed()
              .max(Comparator.comparingDouble(c -> votes[c]))
              .orElseThrow();
      right += winner == test.labels()[i] ? 1 : 0;
    }
    return (double) right / test.samples();
  }

  @ParameterizedTest
  @CsvSource({"40, 1, 1, 1000", "40, 1, 5, 1000", "40, 2, 5, 1", "61, 1, 20, 13", "9, 3, 50, 4"})
  void votesAreThoseOfTheNearestHoweverLabelledSamplesAreDivided(
      int samples, int views, int k, int part) {
    List<RowBlock> labelled = blocks(3, samples, views);
    // The same centres, other samples.
    List<RowBlock> test =
        blocks(3, samples + 30, views).subList(samples / 7 + 1, (samples + 30) / 7);
    Optional<NearestNeighbours.Figure> figure =
        NearestNeighbours.of(distributed(test), distributed(labelled), views, k, part);
    RowBlock all = RowBlock.joined(test);
    assertThat(figure).isPresent();
    assertThat(figure.get().samples()).isEqualTo(all.samples());
    assertThat(figure.get().accuracy())
        .isCloseTo(sorted(all, RowBlock.joined(labelled), views, k), within(1e-9));
  }

  @Test
  void withoutTestSamplesThereIsNoFigure() {
    RowBlock none = new RowBlock(new String[0], new int[0], new float[0]);
    assertThat(
            NearestNeighbours.of(
                distributed(List.of(none)), distributed(blocks(3, 20, 1)), 1, 5, 100))
        .isEmpty();
  }
}
