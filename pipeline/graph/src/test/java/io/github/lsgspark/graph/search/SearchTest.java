package io.github.lsgspark.graph.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.GraphSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.testing.LocalSpark;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("long-4")
class SearchTest {
  private static final int DIMENSION = 16;
  private static final StructType TABLE =
      new StructType()
          .add("node", DataTypes.IntegerType)
          .add("label_id", DataTypes.IntegerType)
          .add("label", DataTypes.StringType)
          .add("prompt_id", DataTypes.IntegerType)
          .add("embedding", DataTypes.createArrayType(DataTypes.FloatType));

  private static JavaSparkContext spark() {
    return JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());
  }

  private static Row row(int node, int label, float... vector) {
    List<Float> values = new ArrayList<>();
    for (float value : vector) {
      values.add(value);
    }
    return RowFactory.create(node, label, "label " + label, node % 4, values);
  }

  private static NodeBlocks blocks(List<Row> rows, int largestBlock) {
    // More partitions than rows in small cases: some are empty.
    Dataset<Row> table = LocalSpark.session().createDataFrame(rows, TABLE).repartition(7);
    return NodeBlocks.of(table, largestBlock);
  }

  /** Copies, near copies that float32 cannot tell apart, zero vectors and random directions. */
  private static float[][] mixed(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[][] rows = new float[count][DIMENSION];
    for (int i = 0; i < count; i++) {
      for (int d = 0; d < DIMENSION; d++) {
        rows[i][d] =
            switch (i % 4) {
              case 1 -> i < 4 ? (float) random.nextGaussian() : rows[1][d];
              case 2 ->
                  i < 4
                      ? (float) random.nextGaussian()
                      : rows[2][d] * (1 + (float) random.nextGaussian() * 1e-6f);
              default -> i % 40 == 39 ? 0 : (float) random.nextGaussian();
            };
      }
    }
    return rows;
  }

  private static List<Row> table(float[][] vectors) {
    List<Row> rows = new ArrayList<>();
    for (int i = vectors.length - 1; i >= 0; i--) {
      rows.add(row(i, i / 4, vectors[i]));
    }
    return rows;
  }

  private static double cosine(float[] a, float[] b) {
    double lengthA = length(a);
    double lengthB = length(b);
    if (lengthA == 0 || lengthB == 0) {
      return 0;
    }
    double sum = 0;
    for (int d = 0; d < a.length; d++) {
      sum += (a[d] / lengthA) * (b[d] / lengthB);
    }
    return sum;
  }

  private static double length(float[] a) {
    double squares = 0;
    for (float value : a) {
      squares += (double) value * value;
    }
    return Math.sqrt(squares);
  }

  private static List<Neighbour> bruteForce(float[][] vectors, int k) {
    List<Neighbour> expected = new ArrayList<>();
    for (int node = 0; node < vectors.length; node++) {
      int self = node;
      IntStream.range(0, vectors.length)
          .filter(j -> j != self)
          .mapToObj(j -> new Neighbour(self, j, cosine(vectors[self], vectors[j])))
          .sorted(
              Comparator.comparingDouble(Neighbour::cosine)
                  .reversed()
                  .thenComparingInt(Neighbour::neighbour))
          .limit(k)
          .forEach(expected::add);
    }
    return expected;
  }

  private static List<Neighbour> byNode(JavaRDD<Neighbour> found) {
    return found.collect().stream().sorted(Comparator.comparingInt(Neighbour::node)).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "300, 10, 1024, 1",
    "300, 10, 16, 2",
    "301, 1, 32, 3",
    "150, 149, 16, 4",
    "40, 1000, 16, 5",
    "17, 3, 16, 6",
    "1, 3, 16, 7",
    "2500, 5, 2500, 8"
  })
  void exactNeighboursAreThoseOfBruteForce(int count, int k, int block, long seed) {
    float[][] vectors = mixed(count, seed);
    ExactSearch search = new ExactSearch(spark(), blocks(table(vectors), block), k);
    assertThat(byNode(search.neighbours(spark()))).isEqualTo(bruteForce(vectors, k));
    if (count == 300) {
      // The 75 copies, the 75 near copies, zero vectors and nodes near to any of them.
      assertThat((long) search.facts().get("nodes_float32_could_not_decide")).isBetween(150L, 220L);
    }
  }

  @Test
  void manyCopiesOfOneVector() {
    float[][] vectors = new float[400][];
    Arrays.setAll(vectors, i -> i < 200 ? new float[] {1, 2, 3} : new float[] {i, 1, -i});
    ExactSearch search = new ExactSearch(spark(), blocks(table(vectors), 64), 3);
    assertThat(byNode(search.neighbours(spark()))).isEqualTo(bruteForce(vectors, 3));
  }

  /** 150 classes of 20 prompts each, in 15 groups. */
  private static float[][] prompted() {
    SplittableRandom random = new SplittableRandom(5);
    float[][] vectors = new float[3000][32];
    float[][] groups = new float[15][32];
    float[][] classes = new float[150][32];
    for (float[] group : groups) {
      Arrays.setAll(new Object[32], d -> group[d] = (float) random.nextGaussian());
    }
    for (int c = 0; c < classes.length; c++) {
      for (int d = 0; d < 32; d++) {
        classes[c][d] = groups[c / 10][d] + 0.5f * (float) random.nextGaussian();
      }
    }
    for (int i = 0; i < vectors.length; i++) {
      for (int d = 0; d < 32; d++) {
        vectors[i][d] = classes[i / 20][d] + 0.6f * (float) random.nextGaussian();
      }
    }
    return vectors;
  }

  private static NodeBlocks promptedBlocks() {
    float[][] vectors = prompted();
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < vectors.length; i++) {
      rows.add(row(i, 3 * (i / 20), vectors[i]));
    }
    return blocks(rows, 500);
  }

  private static GraphSettings settings(String hocon) {
    return SettingsLoader.parse("graph { " + hocon + " }").graph();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "search = approximate, search-width = 80",
        "search = two-level, near-classes = 12",
      })
  void approximateNeighboursAreNearlyThoseOfTheExactSearch(String setting) {
    GraphSettings settings = settings(setting);
    NodeBlocks nodes = promptedBlocks();
    NeighbourSearch search =
        SearchChoice.of(settings, nodes.count(), nodes.dimension())
            .over(spark(), nodes, 10, settings, 1);
    assertThat(search.isExact()).isFalse();
    List<Neighbour> found = byNode(search.neighbours(spark()));
    assertThat(found).hasSize(30_000);
    List<Neighbour> truth = bruteForce(prompted(), 10);
    long common = found.stream().filter(truth::contains).count();
    assertThat(common).isBetween(29_000L, 30_000L);
    RecallSample sampled = RecallSample.of(spark(), nodes, search.neighbours(spark()), 10, 3000, 1);
    assertThat(sampled).isEqualTo(new RecallSample(common / 30_000.0, 3000));
    // The same again: nothing depends on which task ended first.
    assertThat(byNode(search.neighbours(spark()))).isEqualTo(found);
  }

  @Test
  void directionsOfClassesDoNotDependOnTheBlocks() {
    List<Row> rows = table(prompted());
    float[] few = ClassMeans.of(spark(), blocks(rows, 4096)).block(0).values();
    float[] many = ClassMeans.of(spark(), blocks(rows, 101)).block(0).values();
    assertThat(few).containsExactly(many);
  }

  @Test
  void theSampleFindsWhatIsMissing() {
    NodeBlocks nodes = promptedBlocks();
    JavaRDD<Neighbour> half =
        new ExactSearch(spark(), nodes, 10)
            .neighbours(spark())
            .filter(one -> one.neighbour() % 2 == 0);
    RecallSample sampled = RecallSample.of(spark(), nodes, half, 10, 500, 3);
    assertThat(sampled.sample()).isEqualTo(500);
    assertThat(sampled.recall()).isBetween(0.45, 0.55);
  }

  @Test
  void cellsSplitTheWorkAndTheResultIsMerged() {
    NodeBlocks nodes = promptedBlocks();
    HnswSearch search = new HnswSearch(spark(), nodes, 10, 64, 3, 200, 1);
    assertThat(search.facts()).containsEntry("cells", 15).containsEntry("probes", 3);
    HnswSearch one = new HnswSearch(spark(), nodes, 10, 64, 1, 200, 1);
    assertThat(recall(nodes, search)).isBetween(0.99, 1.0);
    assertThat(recall(nodes, one)).isBetween(0.9, 0.99).isLessThan(recall(nodes, search));
  }

  private static double recall(NodeBlocks nodes, NeighbourSearch search) {
    return RecallSample.of(spark(), nodes, search.neighbours(spark()), 10, 3000, 1).recall();
  }

  @Test
  void theChoiceSaysWhy() {
    assertThat(SearchChoice.of(settings("search = auto"), 87_364, 64))
        .isEqualTo(
            new SearchChoice(
                GraphSettings.Search.EXACT,
                "comparing 87364 nodes of 64 numbers exactly takes 2.4e+11 multiplications, not"
                    + " above graph.exact-limit = 3.0e+13"));
    assertThat(SearchChoice.of(settings("search = auto"), 1_000_000, 128).kind())
        .isEqualTo(GraphSettings.Search.APPROXIMATE);
    assertThat(SearchChoice.of(settings("search = two-level"), 10, 128))
        .isEqualTo(new SearchChoice(GraphSettings.Search.TWO_LEVEL, "graph.search = two-level"));
  }

  private static void refused(List<Row> rows, String message) {
    assertThatThrownBy(() -> blocks(rows, 16)).isInstanceOf(LsgException.class).hasMessage(message);
  }

  @Test
  void badNodesAreNamed() {
    Row good = row(0, 0, 1, 2);
    refused(List.of(), "there are no nodes to join");
    refused(
        List.of(good, row(1, 0, 1, Float.NaN)),
        "the embedding of label 'label 0', prompt 1 has NaN at place 1");
    refused(
        List.of(good, RowFactory.create(1, 0, "a", 1, Arrays.asList(1f, null))),
        "the embedding of label 'a', prompt 1 has NaN at place 1");
    refused(
        List.of(good, row(1, 0, 1, 2), row(2, 0, 1)),
        "the embedding of label 'label 0', prompt 2 has 1 numbers, others have 2");
    refused(List.of(good, row(0, 0, 1, 2)), "node 0 (label 'label 0', prompt 0) occurs twice");
    refused(
        List.of(good, row(2, 0, 1, 2)), "nodes must be numbered 0 to 1 once each, but there is 2");
    refused(
        List.of(row(1, 0, 1, 2), row(-1, 0, 1, 2)),
        "nodes must be numbered 0 to 1 once each, but there is -1");
  }

  @Test
  void zeroVectorsAreKnown() {
    NodeBlocks nodes = blocks(List.of(row(0, 0, 1, 2), row(1, 0, 0, 0), row(2, 1, 2, 1)), 16);
    assertThat(nodes.zeroVectors()).containsExactly(1);
    assertThat(byNode(new ExactSearch(spark(), nodes, 1).neighbours(spark())))
        .containsExactly(
            new Neighbour(0, 2, cosine(new float[] {1, 2}, new float[] {2, 1})),
            new Neighbour(1, 0, 0),
            new Neighbour(2, 0, cosine(new float[] {1, 2}, new float[] {2, 1})));
  }
}
