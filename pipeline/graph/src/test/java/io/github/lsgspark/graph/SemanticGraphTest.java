package io.github.lsgspark.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.holdenkarau.spark.testing.JavaDatasetSuiteBase;
import io.github.lsgspark.testing.LocalSpark;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The graph as DataFrames, on a session of spark-testing-base. */
class SemanticGraphTest extends JavaDatasetSuiteBase {
  private static final StructType NODES =
      new StructType()
          .add("node", DataTypes.IntegerType, false)
          .add("label_id", DataTypes.IntegerType, false)
          .add("label", DataTypes.StringType, false)
          .add("prompt_id", DataTypes.IntegerType, false)
          .add("embedding", DataTypes.createArrayType(DataTypes.FloatType, false), false);

  private static final int PROMPTS = 3;

  @BeforeAll
  static void endTheSharedSession() {
    LocalSpark.stop();
  }

  @BeforeEach
  void startSpark() {
    runBefore();
  }

  @AfterAll
  static void stopSpark() {
    runAfterClass();
  }

  private Dataset<Row> nodes(float[][] embeddings) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < embeddings.length; i++) {
      List<Float> values = new ArrayList<>();
      for (float value : embeddings[i]) {
        values.add(value);
      }
      int label = i / PROMPTS;
      rows.add(RowFactory.create(i, label, "label " + label, i % PROMPTS, values));
    }
    return spark().createDataFrame(rows, NODES);
  }

  private Dataset<Row> edges(float[][] embeddings, String settings, boolean forceSameClass) {
    return SemanticGraph.build(
            nodes(embeddings), settings + ", force-same-class = " + forceSameClass)
        .edges()
        .sort("src", "dst");
  }

  /** Random rows, some of them equal, some multiples of each other: cosines tie. */
  private static float[][] withTies(int count, int dimension) {
    SplittableRandom random = new SplittableRandom(11);
    float[][] rows = new float[count][dimension];
    for (int i = 0; i < count; i++) {
      for (int d = 0; d < dimension; d++) {
        rows[i][d] =
            switch (i % 5) {
              case 3 -> rows[i - 2][d];
              case 4 -> 2 * rows[i - 3][d];
              default -> (float) random.nextGaussian();
            };
      }
    }
    return rows;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "selection = global-ratio, edge-ratio = 0.1",
        "selection = euclidean, edge-ratio = 0.1",
        "selection = threshold, threshold = 0.7",
        "selection = knn, k = 4",
        "selection = knn, k = 4, symmetry = mutual"
      })
  void edgesDoNotDependOnTheBlocks(String selection) {
    float[][] rows = withTies(60, 8);
    Dataset<Row> whole = edges(rows, selection + ", block-rows = 1024", false);
    assertThat(whole.count()).isGreaterThan(60);
    assertDatasetEquals(whole, edges(rows, selection + ", block-rows = 16", false));
  }

  @ParameterizedTest
  @ValueSource(strings = {"union", "mutual"})
  void nearestNeighboursAreThoseOfBruteForce(String symmetry) {
    float[][] rows = withTies(60, 8);
    int k = 4;
    boolean[][] near = new boolean[60][60];
    double[][] cosines = new double[60][60];
    for (int i = 0; i < 60; i++) {
      for (int j = 0; j < 60; j++) {
        cosines[i][j] = cosine(rows[i], rows[j]);
      }
      for (int j : nearest(cosines[i], i, k)) {
        near[i][j] = cosines[i][j] > 0;
      }
    }
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      for (int j = 0; j < 60; j++) {
        boolean joined =
            symmetry.equals("union") ? near[i][j] || near[j][i] : near[i][j] && near[j][i];
        if (i == j || joined) {
          expected.add(i + " " + j);
        }
      }
    }
    List<Row> found =
        edges(rows, "selection = knn, k = 4, block-rows = 16, symmetry = " + symmetry, false)
            .collectAsList();
    assertThat(found).extracting(row -> row.getInt(0) + " " + row.getInt(1)).isEqualTo(expected);
    for (Row row : found) {
      double weight = row.getInt(0) == row.getInt(1) ? 1 : cosines[row.getInt(0)][row.getInt(1)];
      assertThat(row.getDouble(2)).isEqualTo(weight, within(1e-12));
    }
  }

  private static double cosine(float[] a, float[] b) {
    double dot = 0;
    double aa = 0;
    double bb = 0;
    for (int d = 0; d < a.length; d++) {
      dot += (double) a[d] * b[d];
      aa += (double) a[d] * a[d];
      bb += (double) b[d] * b[d];
    }
    return dot / (Math.sqrt(aa) * Math.sqrt(bb));
  }

  /** The k best others; values that agree to 1e-12 are ties and go to the smaller number. */
  private static List<Integer> nearest(double[] row, int self, int k) {
    return IntStream.range(0, row.length)
        .filter(j -> j != self)
        .boxed()
        .sorted(
            Comparator.comparing((Integer j) -> -Math.round(row[j] * 1e12)).thenComparing(j -> j))
        .limit(k)
        .toList();
  }

  @Test
  void promptsOfOneLabelAreJoinedOnlyWhenAsked() {
    float[][] rows = withTies(30, 8);
    String few = "selection = global-ratio, edge-ratio = 0.05";
    Dataset<Row> forced = edges(rows, few, true);
    long sameClass = forced.filter("floor(src / 3) = floor(dst / 3)").count();
    assertThat(sameClass).isEqualTo(30L * PROMPTS);
    assertThat(edges(rows, few, false).filter("floor(src / 3) = floor(dst / 3)").count())
        .isLessThan(sameClass);
  }

  /** Of cat, dog, oak and rock; the oak's vectors are more like the dog's. */
  @ParameterizedTest
  @ValueSource(strings = {"union", "mutual"})
  void aTaxonomyJoinsTheNearestLabelsAndAllPromptsOfOne(String symmetry) {
    float[][] embeddings = new float[LabelTreeTest.LABELS.size() * PROMPTS][];
    float[][] vectors = {{1, 0, 0}, {0, 1, 0}, {0.1f, 0.9f, 0.3f}, {0, 0, 1}};
    for (int i = 0; i < embeddings.length; i++) {
      embeddings[i] = vectors[i / PROMPTS];
    }
    SemanticGraph graph =
        SemanticGraph.byTaxonomy(
            nodes(embeddings), LabelTreeTest.tree(), "k = 1, symmetry = " + symmetry);
    double[][] weights = new double[embeddings.length][embeddings.length];
    graph
        .edges()
        .collectAsList()
        .forEach(row -> weights[row.getInt(0)][row.getInt(1)] += row.getDouble(2));
    for (int i = 0; i < embeddings.length; i++) {
      for (int j = 0; j < embeddings.length; j++) {
        int a = Math.min(i, j) / PROMPTS;
        int b = Math.max(i, j) / PROMPTS;
        double near = a == b ? 1 : a == 0 && b == 1 ? 2.0 / 3 : 0;
        double named = symmetry.equals("union") && a == 1 && b == 2 ? 2.0 / 7 : near;
        assertThat(weights[i][j]).as("%d, %d", i, j).isCloseTo(named, within(1e-12));
      }
    }
  }
}
