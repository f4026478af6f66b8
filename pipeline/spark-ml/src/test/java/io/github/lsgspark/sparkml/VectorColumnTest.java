package io.github.lsgspark.sparkml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.rand;
import static org.apache.spark.sql.functions.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.testing.LocalSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A head on a column of vectors, as a stage of spark.ml. */
@Tag("long-7")
class VectorColumnTest {
  private static final SparkSession SPARK = LocalSpark.session();
  private static final List<String> NAMES = List.of("red box", "red ball", "blue box");
  private static final double[][] MEANS = {{3, 0, 1, 0}, {0, 3, 0, 1}, {1, 0, 3, 0}};
  private static final StructType SCHEMA =
      new StructType().add("label", DataTypes.StringType).add("image", SQLDataTypes.VectorType());

  @TempDir static Path folder;
  private static Dataset<Row> rows;

  @BeforeAll
  static void draw() {
    Random random = new Random(5);
    List<Row> drawn = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      double[] x = new double[4];
      for (int j = 0; j < x.length; j++) {
        // Of single precision, as features are.
        x[j] = (float) (MEANS[i % 3][j] + 0.5 * random.nextGaussian());
      }
      drawn.add(RowFactory.create(NAMES.get(i % 3), Vectors.dense(x)));
    }
    rows = SPARK.createDataFrame(drawn, SCHEMA).cache();
  }

  private static LsgClassifier classifier(String config) {
    return new LsgClassifier()
        .setSeed(3)
        .setConfig("embedding.encoder = lexical\n" + config)
        .setWorkDir(folder.resolve("w") + "");
  }

  private static double accuracy(Dataset<Row> predicted, String label) {
    return new MulticlassClassificationEvaluator()
        .setLabelCol(label)
        .setMetricName("accuracy")
        .evaluate(predicted);
  }

  /** The ridge written out (docs/features.md). */
  @Test
  void scoresAreThoseOfTheRidge() {
    double lambda = 0.3;
    LsgClassificationModel model =
        classifier("head { lambda = \"0.3\", class-weights = none }").fit(rows);
    List<Row> all = rows.collectAsList();
    double[][] roots = new double[all.size()][];
    double[] mean = new double[4];
    for (int i = 0; i < roots.length; i++) {
      roots[i] = all.get(i).<Vector>getAs("image").toArray().clone();
      for (int j = 0; j < 4; j++) {
        roots[i][j] = Math.signum(roots[i][j]) * Math.sqrt(Math.abs(roots[i][j]));
        mean[j] += roots[i][j] / roots.length;
      }
    }
    RealMatrix x = new Array2DRowRealMatrix(roots.length, 4);
    RealMatrix y = new Array2DRowRealMatrix(roots.length, 3);
    List<String> labels = List.of(model.labels());
    for (int i = 0; i < roots.length; i++) {
      double length = 0;
      for (int j = 0; j < 4; j++) {
        roots[i][j] -= mean[j];
        length += roots[i][j] * roots[i][j];
      }
      for (int j = 0; j < 4; j++) {
        x.setEntry(i, j, roots[i][j] / Math.sqrt(length));
      }
      y.setEntry(i, labels.indexOf(all.get(i).getString(0)), 1);
    }
    RealMatrix gram =
        x.transpose()
            .multiply(x)
            .add(MatrixUtils.createRealIdentityMatrix(4).scalarMultiply(lambda));
    RealMatrix scores =
        x.multiply(new LUDecomposition(gram).getSolver().solve(x.transpose().multiply(y)));
    List<Row> predicted = model.transform(rows).collectAsList();
    // Logits are the scores over one temperature.
    double temperature =
        scores.getEntry(0, 0) / predicted.get(0).<Vector>getAs("rawPrediction").apply(0);
    assertThat(temperature).isPositive();
    for (int i = 0; i < roots.length; i++) {
      Vector raw = predicted.get(i).getAs("rawPrediction");
      for (int c = 0; c < 3; c++) {
        assertThat(raw.apply(c) * temperature).isCloseTo(scores.getEntry(i, c), within(1e-5));
      }
    }
  }

  @Test
  void itWorksInAPipelineAndIsSaved() throws Exception {
    StringIndexer indexer = new StringIndexer().setInputCol("label").setOutputCol("number");
    Dataset<Row> predicted =
        new Pipeline()
            .setStages(new PipelineStage[] {indexer, classifier("").setLabelCol("number")})
            .fit(rows)
            .transform(rows);
    assertThat(accuracy(predicted, "number")).isGreaterThan(0.9);
    LsgClassificationModel model = classifier("").fit(rows);
    String saved = folder.resolve("saved").toString();
    model.write().overwrite().save(saved);
    LsgClassificationModel loaded = LsgClassificationModel.load(saved);
    assertThat(loaded.labels()).containsExactly("blue box", "red ball", "red box");
    assertThat(loaded.transform(rows).select("probability").collectAsList())
        .isEqualTo(model.transform(rows).select("probability").collectAsList());
  }

  @Test
  void theLabelGraphAndUnlabelledRowsTakePart() {
    Dataset<Row> half =
        rows.withColumn("truth", col("label"))
            .withColumn("label", when(rand(7).lt(0.5), col("label")));
    for (String config :
        List.of(
            "head { kind = lsg, lsg.iterations = 30 }, graph.edge-ratio = 0.5, gcn.iterations = 50",
            "head { kind = lsg, lsg.iterations = 30 }, lsg.enabled = false",
            "head.text-prior = auto",
            "head.kind = nearest-mean",
            "head.unlabelled = balanced")) {
      LsgClassificationModel model = classifier(config).fit(half);
      long right =
          model.transform(half).collectAsList().stream()
              .filter(
                  row ->
                      model.labels()[row.<Double>getAs("prediction").intValue()].equals(
                          row.getAs("truth")))
              .count();
      assertThat(right).as(config).isGreaterThan(50);
    }
  }

  @Test
  void vectorsThatCannotBeUsedAreNamed() {
    LsgClassificationModel model = classifier("").fit(rows);
    List<Row> odd =
        List.of(
            RowFactory.create("red box", Vectors.dense(1, 2, 3)),
            RowFactory.create("red box", Vectors.dense(1, Double.NaN, 3, 4)),
            RowFactory.create("red box", Vectors.dense(3, 0, 1, 0)));
    Dataset<Row> table = SPARK.createDataFrame(odd, SCHEMA);
    assertThatThrownBy(() -> model.transform(table.limit(1)).collectAsList())
        .hasStackTraceContaining("the vector has 3 numbers, not 4");
    List<Row> kept = model.setHandleInvalid("keep").transform(table).collectAsList();
    assertThat(kept)
        .extracting(row -> Double.isNaN(row.<Double>getAs("prediction")))
        .containsExactly(true, true, false);
    model.setHandleInvalid("error");
    assertThatThrownBy(() -> classifier("").fit(table))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("vectors of 3 and of 4 numbers");
    // One that is not finite is left out.
    assertThat(classifier("").fit(rows.union(table.filter("image is not null").offset(1))).labels())
        .hasSize(3);
  }

  @Test
  void whatIsForANetworkIsRefused() {
    assertThatThrownBy(() -> classifier("train.iterations = 3").fit(rows))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("train.iterations");
    assertThatThrownBy(() -> classifier("head.by-name = always").fit(rows))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("head.by-name");
    assertThatThrownBy(() -> classifier("").setBackbone("resnet18").fit(rows))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("backbone");
    LsgClassificationModel model = classifier("").fit(rows);
    Dataset<Row> encoded = rows.withColumn("image", lit(new byte[] {1}));
    assertThatThrownBy(() -> model.transform(encoded))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("holds no vectors");
  }
}
