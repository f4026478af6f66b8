package io.github.lsgspark.sparkml;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.testing.LocalSpark;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelTextEmbedderTest {
  private static final SparkSession SPARK = LocalSpark.session();
  private static final String SETTINGS =
      "prompts { train = 2, heldout = 0 }, embedding.lexical { dimensions = 8, features = 512 }";

  @TempDir Path folder;

  private static Dataset<Row> names(String... names) {
    return SPARK.createDataset(Arrays.asList(names), Encoders.STRING()).toDF("label");
  }

  private static LabelTextEmbedder embedder() {
    return new LabelTextEmbedder().setLabelEncoder("lexical").setConfig(SETTINGS);
  }

  @Test
  void namesThatShareWordsAreNear() {
    List<Row> rows =
        embedder()
            .transform(names("red fox", "grey fox", "oil tanker", "red_fox", null))
            .collectAsList();
    Vector red = rows.get(0).getAs("embedding");
    Vector grey = rows.get(1).getAs("embedding");
    Vector ship = rows.get(2).getAs("embedding");
    assertThat(Vectors.norm(red, 2)).isCloseTo(1, within(1e-12));
    assertThat(red.dot(grey)).isGreaterThan(red.dot(ship));
    assertThat(rows.get(3).<Vector>getAs("embedding")).isEqualTo(red);
    assertThat(rows.get(4).isNullAt(1)).isTrue();
  }

  @Test
  void theGraphJoinsTheNearest() throws Exception {
    Dataset<Row> nodes = embedder().transform(names("red fox", "oil tanker", "grey fox", "tanker"));
    String path = folder.resolve("graph").toString();
    new SemanticGraphTransformer().setGraph("selection = knn, k = 1").save(path);
    Dataset<Row> edges = SemanticGraphTransformer.load(path).transform(nodes);
    assertThat(edges.columns()).containsExactly("src", "dst", "weight");
    assertThat(
            edges.where(col("src").notEqual(col("dst"))).orderBy("src").collectAsList().stream()
                .map(row -> row.getString(0) + " - " + row.getString(1)))
        .containsExactly(
            "grey fox - red fox",
            "oil tanker - tanker",
            "red fox - grey fox",
            "tanker - oil tanker");
  }

  @Test
  void faultsNameTheColumn() {
    assertThatThrownBy(() -> embedder().setInputCol("name").transform(names("a")))
        .isInstanceOf(LsgException.class)
        .hasMessageContainingAll("inputCol = name", "label");
    assertThatThrownBy(() -> embedder().setOutputCol("label").transform(names("a")))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("outputCol = label");
    assertThatThrownBy(() -> embedder().setLabelEncoder("oracle").transform(names("a")))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("oracle");
    assertThatThrownBy(() -> new SemanticGraphTransformer().transform(names("a")))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("vectorCol = embedding");
  }
}
