package io.github.lsgspark.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.graph.search.NodeBlocks;
import io.github.lsgspark.testing.LocalSpark;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;

class GraphFactsTest {

  @Test
  void countsOfASmallGraph() {
    // 0 - 1 - 2, 3 - 4 and 5 alone, self loops everywhere; classes 0 0 1 1 2 2.
    int[][] pairs = {{0, 1}, {1, 0}, {1, 2}, {2, 1}, {3, 4}, {4, 3}};
    int[] sources = new int[12];
    int[] targets = new int[12];
    double[] weights = new double[12];
    for (int e = 0; e < 12; e++) {
      sources[e] = e < 6 ? pairs[e][0] : e - 6;
      targets[e] = e < 6 ? pairs[e][1] : e - 6;
      weights[e] = e < 6 ? 0.5 : 1;
    }
    Map<String, Object> facts =
        GraphFacts.of(
            CsrMatrix.of(6, sources, targets, weights),
            new int[] {0, 0, 1, 1, 2, 2},
            0.5,
            nodes -> nodes.stream().collect(Collectors.toMap(node -> node, node -> "n" + node)));
    assertThat(facts)
        .containsEntry("edges", 12)
        .containsEntry("cross_class_edges", 4L)
        .containsEntry("isolated_nodes", 1L)
        .containsEntry("components", 3L)
        .containsEntry("largest_component", 3)
        .containsEntry("degree_min", 1.0)
        .containsEntry("degree_max", 2.0)
        .containsEntry("neighbours_median", 1)
        .containsEntry("neighbours_max", 2);
    assertThat(facts.get("hubs").toString())
        .startsWith("[{node=1, name=n1, neighbours=2}, {node=0, name=n0, neighbours=1}");
  }

  @Test
  void nearestLabelsAreThoseOfTheMeans() throws IOException {
    float[][] vectors = {{1, 0}, {1, 0.2f}, {0, 1}, {0.1f, 1}, {1, 1}, {1, 1}, {1, -1}, {-1, 1}};
    Dataset<Row> nodes =
        LocalSpark.session()
            .createDataFrame(
                IntStream.range(0, 8)
                    .mapToObj(
                        i ->
                            RowFactory.create(
                                i,
                                i / 2,
                                "label " + i / 2,
                                i % 2,
                                List.of(vectors[i][0], vectors[i][1])))
                    .toList(),
                NodeTable.SCHEMA);
    // Label 3 has no direction: its vectors cancel out.
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    NearestLabels.write(NearestLabels.of(nodes, NodeBlocks.of(nodes), 5), text);
    assertThat(text.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            """
            label 0\tlabel 2 0.773, label 1 0.148
            label 1\tlabel 2 0.741, label 0 0.148
            label 2\tlabel 0 0.773, label 1 0.741
            """);
  }
}
