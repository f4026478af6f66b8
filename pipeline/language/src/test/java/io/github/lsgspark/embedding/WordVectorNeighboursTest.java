package io.github.lsgspark.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.graph.search.ExactSearch;
import io.github.lsgspark.graph.search.Neighbour;
import io.github.lsgspark.graph.search.NodeBlocks;
import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Safetensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Real word vectors through the search by libtorch's products. */
class WordVectorNeighboursTest {
  private static final StructType NODES =
      new StructType()
          .add("node", DataTypes.IntegerType, false)
          .add("label_id", DataTypes.IntegerType, false)
          .add("label", DataTypes.StringType, false)
          .add("prompt_id", DataTypes.IntegerType, false)
          .add("embedding", DataTypes.createArrayType(DataTypes.FloatType, false), false);

  private static Dataset<Row> nodes(float[][] vectors) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < vectors.length; i++) {
      rows.add(RowFactory.create(i, i, "label " + i, 0, vectors[i]));
    }
    return LocalSpark.session().createDataFrame(rows, NODES);
  }

  /** Rows of a .npy file of doubles or floats. */
  private static float[][] npy(Path file, int rows, int columns) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int header = data.getShort(8);
    String format = new String(bytes, 10, header, StandardCharsets.US_ASCII);
    assertThat(format).contains("'fortran_order': False").containsPattern("<f[48]");
    boolean doubles = format.contains("<f8");
    data.position(10 + header);
    float[][] values = new float[rows][columns];
    for (float[] row : values) {
      for (int d = 0; d < columns; d++) {
        row[d] = doubles ? (float) data.getDouble() : data.getFloat();
      }
    }
    assertThat(data.remaining()).isZero();
    return values;
  }

  /** Of the fixture's three tables, the one whose vectors lie beside it. */
  @Tag("real-data")
  @Test
  void gloveNeighboursAreThoseOfTheFixture() throws IOException {
    Path shared = Path.of(System.getProperty("lsg.shared.dir"));
    byte[] knn = Files.readAllBytes(shared.resolve("plm/knn/knn.safetensors"));
    Map<String, HostArray> fixture = Safetensors.read(knn, "knn.safetensors");
    double[] ids = fixture.get("cifar100_glove100d.ids").doubles();
    double[] scores = fixture.get("cifar100_glove100d.scores_f64").doubles();
    float[][] rows = npy(shared.resolve("data/embeddings/cifar100/glove100d.npy"), 100, 100);
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());
    List<Neighbour> found =
        new ExactSearch(spark, NodeBlocks.of(nodes(rows)), 10)
            .neighbours(spark).collect().stream()
                .sorted(Comparator.comparingInt(Neighbour::node))
                .toList();
    assertThat(found).hasSize(1000);
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i).node()).isEqualTo(i / 10);
      assertThat(found.get(i).neighbour()).as("neighbour %d", i).isEqualTo((int) ids[i]);
      assertThat(found.get(i).cosine()).isEqualTo(scores[i], within(1e-6));
    }
  }
}
