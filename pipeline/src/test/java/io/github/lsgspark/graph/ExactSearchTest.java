package io.github.lsgspark.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.cluster.LocalSpark;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExactSearchTest {
  private static final int DIMENSION = 16;

  /** Clusters whose members differ by rounding only, copies, and random directions. */
  private static NodeVectors nodes(int count, long seed) {
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
              default -> (float) random.nextGaussian();
            };
      }
    }
    return NodeVectors.of(rows, new int[count], i -> "node " + i);
  }

  private static List<String> bruteForce(NodeVectors nodes, int k) {
    List<String> expected = new ArrayList<>();
    for (int node = 0; node < nodes.count(); node++) {
      int self = node;
      IntStream.range(0, nodes.count())
          .filter(j -> j != self)
          .boxed()
          .sorted(
              Comparator.comparingDouble((Integer j) -> -nodes.cosine(self, j))
                  .thenComparing(j -> j))
          .limit(k)
          .forEach(j -> expected.add(self + " " + j + " " + nodes.cosine(self, j)));
    }
    return expected;
  }

  @ParameterizedTest
  @CsvSource({
    "300, 10, 1024, 1",
    "300, 10, 16, 2",
    "301, 1, 32, 3",
    "150, 149, 16, 4",
    "40, 1000, 16, 5",
    "17, 3, 16, 6",
    "1, 3, 16, 7"
  })
  void neighboursAreThoseOfBruteForce(int count, int k, int block, long seed) {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());
    NodeVectors nodes = nodes(count, seed);
    ExactSearch search = new ExactSearch(spark, spark.broadcast(nodes), k, block);
    List<String> found =
        search.neighbours(spark).collect().stream()
            .sorted(Comparator.comparingInt(ExactSearch.Neighbour::node))
            .map(one -> one.node() + " " + one.neighbour() + " " + one.cosine())
            .toList();
    assertThat(found).isEqualTo(bruteForce(nodes, k));
    if (count == 300) {
      // The 75 copies, the 75 near copies, and nodes near to either: float32 cannot tell them
      // apart.
      assertThat(search.searchedAgain().value()).isBetween(150L, 200L);
    }
  }
}
