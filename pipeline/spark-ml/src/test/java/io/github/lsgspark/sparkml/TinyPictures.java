package io.github.lsgspark.sparkml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.regexp_extract;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.split;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Pictures of three classes, told apart by their colour, in a folder class/file. */
final class TinyPictures {
  static final String SETTINGS =
      """
      prompts { train = 2, heldout = 1 }
      embedding.encoder = lexical
      embedding.lexical { dimensions = 8, features = 512 }
      graph.edge-ratio = 0.5
      gcn { iterations = 3, evaluate-every = 3 }
      prepare.partitions = 2
      train {
        backbone = small-cnn, image-size = 16, iterations = 2, global-batch = 4, views = 1
        precision = float32, augmentation.resize-factor = 1
      }
      """;

  static final int EACH = 4;
  private static final int SIZE = 16;

  private TinyPictures() {}

  static Path write(Path folder) throws IOException {
    Map<String, Color> classes =
        new TreeMap<>(
            Map.of("blue ball", Color.BLUE, "green box", Color.GREEN, "red box", Color.RED));
    Random random = new Random(1);
    for (Map.Entry<String, Color> one : classes.entrySet()) {
      Path place = Files.createDirectories(folder.resolve(one.getKey()));
      for (int i = 0; i < EACH; i++) {
        BufferedImage picture = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D pen = picture.createGraphics();
        pen.setColor(one.getValue());
        pen.fillRect(random.nextInt(8), random.nextInt(8), 8, 8);
        pen.dispose();
        ImageIO.write(picture, "png", place.resolve(i + ".png").toFile());
      }
    }
    return folder;
  }

  /** Rows of id (class/file), label and image (encoded). */
  static Dataset<Row> encoded(SparkSession spark, Path folder) {
    return spark
        .read()
        .format("binaryFile")
        .option("recursiveFileLookup", "true")
        .load(folder.toString())
        .select(
            regexp_extract(decoded(col("path")), "([^/]+/[^/]+)$", 1).as("id"),
            label(decoded(col("path"))).as("label"),
            col("content").as("image"))
        .orderBy("id");
  }

  /** Rows of label and image as Spark's image source has it. */
  static Dataset<Row> opened(SparkSession spark, Path folder) {
    return spark
        .read()
        .format("image")
        .option("recursiveFileLookup", "true")
        .load(folder.toString())
        .withColumn("label", label(decoded(col("image.origin"))));
  }

  private static Column decoded(Column address) {
    return regexp_replace(address, lit("%20"), lit(" "));
  }

  private static Column label(Column path) {
    return element_at(split(path, "/"), -2);
  }
}
