package io.github.lsgspark.sparkml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.dataset.PrepareStage;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.embedding.EmbedStage;
import io.github.lsgspark.evaluation.PredictStage;
import io.github.lsgspark.gcn.GcnStage;
import io.github.lsgspark.graph.GraphStage;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.training.TrainStage;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.IndexToString;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("long-4")
class LsgClassifierTest {
  private static final SparkSession SPARK = LocalSpark.session();

  @TempDir static Path folder;
  private static Path pictures;
  private static Dataset<Row> rows;
  private static LsgClassificationModel model;

  @BeforeAll
  static void train() throws Exception {
    pictures = TinyPictures.write(folder.resolve("pictures"));
    rows = TinyPictures.encoded(SPARK, pictures).cache();
    model = classifier().fit(rows);
  }

  private static LsgClassifier classifier() {
    return new LsgClassifier()
        .setIdCol("id")
        .setSeed(3)
        .setConfig(TinyPictures.SETTINGS)
        .setWorkDir(folder.resolve("work").toString());
  }

  /** Samples are called class/file in both. */
  @Test
  void theProgramsStagesGiveTheSameWeights() throws Exception {
    Settings settings =
        SettingsLoader.parse(
            TinyPictures.SETTINGS
                + "seed = 3, predict.input = \""
                + pictures.resolve("red box")
                + "\", data.train = \""
                + pictures
                + "\"");
    HadoopFiles files = new HadoopFiles(SPARK.sparkContext().hadoopConfiguration());
    String prepare = stage("prepare");
    PrepareStage.untested(SPARK, settings, prepare);
    EmbedStage.run(SPARK, settings, SampleTable.labels(files, prepare), stage("embed"));
    GraphStage.run(SPARK, settings, stage("embed"), stage("graph"));
    GcnStage.run(SPARK, settings, stage("graph"), stage("gcn"));
    TrainStage.run(
        SPARK,
        settings,
        prepare,
        Optional.of(stage("graph")),
        Optional.of(stage("gcn")),
        Optional.empty(),
        stage("train"),
        stage("running"));
    for (String name : List.of("model.safetensors", "prototypes.safetensors")) {
      assertThat(files.read(HadoopFiles.path(model.modelDirectory(), name)))
          .as(name)
          .isEqualTo(Files.readAllBytes(folder.resolve("program/train").resolve(name)));
    }
    PredictStage.run(SPARK, settings, prepare, stage("train"), Optional.empty(), stage("predict"));
    List<Row> stage =
        SPARK
            .read()
            .parquet(stage("predict") + "/predictions")
            .orderBy("id")
            .select("predicted_id", "confidence")
            .collectAsList();
    List<Row> own =
        model.transform(rows.where(col("label").equalTo("red box"))).orderBy("id").collectAsList();
    assertThat(own).hasSize(TinyPictures.EACH).hasSameSizeAs(stage);
    for (int i = 0; i < own.size(); i++) {
      int predicted = (int) own.get(i).<Double>getAs("prediction").doubleValue();
      assertThat(predicted).isEqualTo(stage.get(i).getInt(0));
      assertThat(own.get(i).<Vector>getAs("probability").apply(predicted))
          .isEqualTo(stage.get(i).getDouble(1));
    }
  }

  private static String stage(String name) {
    return folder.resolve("program").resolve(name).toUri().toString();
  }

  @Test
  void onlyTheModelStays() throws Exception {
    Path fit = Path.of(URI.create(model.modelDirectory())).getParent();
    try (Stream<Path> left = Files.list(fit)) {
      assertThat(left.map(path -> path.getFileName().toString())).containsExactly("train");
    }
  }

  @Test
  void rowsKeepTheirOrderAndGetADistribution() {
    Dataset<Row> predicted = model.transform(rows);
    List<Row> found = predicted.collectAsList();
    assertThat(found).extracting(row -> row.getString(0)).isSorted().hasSize(12);
    assertThat(predicted.columns())
        .containsExactly("id", "label", "image", "rawPrediction", "probability", "prediction");
    for (Row row : found) {
      Vector raw = row.getAs("rawPrediction");
      Vector probability = row.getAs("probability");
      assertThat(raw.size()).isEqualTo(3);
      assertThat(Vectors.norm(probability, 1)).isBetween(1 - 1e-12, 1 + 1e-12);
      assertThat(row.<Double>getAs("prediction"))
          .isEqualTo(probability.argmax())
          .isEqualTo(raw.argmax());
    }
    assertThat(model.labels()).containsExactly("blue ball", "green box", "red box");
    assertThat(
            new IndexToString()
                .setInputCol("prediction")
                .setOutputCol("name")
                .transform(predicted)
                .first()
                .<String>getAs("name"))
        .isIn((Object[]) model.labels());
  }

  @Test
  void aSavedModelPredictsTheSame() throws Exception {
    String path = folder.resolve("saved").toString();
    model.copy(ParamMap.empty()).setProbabilityCol("p").save(path);
    LsgClassificationModel loaded = LsgClassificationModel.load(path);
    assertThat(loaded.uid()).isEqualTo(model.uid());
    assertThat(loaded.labels()).isEqualTo(model.labels());
    assertThat(loaded.transform(rows).select("id", "rawPrediction", "p").collectAsList())
        .isEqualTo(
            model.transform(rows).select("id", "rawPrediction", "probability").collectAsList());
    String estimator = folder.resolve("estimator").toString();
    LsgClassifier classifier = classifier().setIterations(7).setLsg(false);
    classifier.save(estimator);
    assertThat(LsgClassifier.load(estimator).extractParamMap())
        .hasToString(classifier.extractParamMap().toString());
  }

  @Test
  void itWorksInAPipelineWithCrossValidationAndAnEvaluator() throws Exception {
    LsgClassifier classifier =
        classifier().setLabelCol("index").setConfig(TinyPictures.SETTINGS).setLsg(false);
    Pipeline pipeline =
        new Pipeline()
            .setStages(
                new PipelineStage[] {
                  new StringIndexer()
                      .setInputCol("label")
                      .setOutputCol("index")
                      .setStringOrderType("alphabetDesc"),
                  classifier
                });
    CrossValidator validator =
        new CrossValidator()
            .setEstimator(pipeline)
            .setEvaluator(
                new MulticlassClassificationEvaluator()
                    .setLabelCol("index")
                    .setMetricName("accuracy"))
            .setEstimatorParamMaps(
                new ParamGridBuilder().addGrid(classifier.iterations(), new int[] {1}).build())
            .setNumFolds(2)
            .setSeed(5);
    CrossValidatorModel validated = validator.fit(rows);
    assertThat(validated.avgMetrics()).hasSize(1);
    assertThat(validated.avgMetrics()[0]).isBetween(0.0, 1.0);
    PipelineModel best = (PipelineModel) validated.bestModel();
    assertThat(((LsgClassificationModel) best.stages()[1]).labels())
        .containsExactly("red box", "green box", "blue ball");
    String path = folder.resolve("pipeline").toString();
    best.save(path);
    assertThat(PipelineModel.load(path).transform(rows).select("probability").collectAsList())
        .isEqualTo(best.transform(rows).select("probability").collectAsList());
  }

  @Test
  void sparksImagesArePicturesToTheBit() {
    Dataset<Row> encoded = model.transform(rows).orderBy("id").select("rawPrediction");
    Dataset<Row> opened =
        model
            .transform(TinyPictures.opened(SPARK, pictures))
            .orderBy("image.origin")
            .select("rawPrediction");
    assertThat(opened.collectAsList()).isEqualTo(encoded.collectAsList());
  }

  @Test
  void whatCannotBeOpenedIsHandledAsAskedFor() {
    Dataset<Row> broken =
        rows.coalesce(1)
            .withColumn(
                "image",
                when(col("id").equalTo("green box/1.png"), lit(new byte[] {1, 2}))
                    .otherwise(col("image")));
    assertThatThrownBy(() -> model.transform(broken).collectAsList())
        .hasStackTraceContaining("a sample cannot be opened: NOT_AN_IMAGE");
    assertThat(
            model.copy(ParamMap.empty()).setHandleInvalid("skip").transform(broken).collectAsList())
        .hasSize(11);
    List<Row> kept =
        model
            .copy(ParamMap.empty())
            .setHandleInvalid("keep")
            .transform(broken)
            .where(col("id").equalTo("green box/1.png"))
            .collectAsList();
    assertThat(kept).hasSize(1);
    assertThat(kept.get(0).<Double>getAs("prediction")).isNaN();
  }

  @Test
  void faultsNameParameterAndColumn() {
    refused(() -> classifier().setInputCol("photo").fit(rows), "inputCol = photo", "id, label");
    refused(() -> classifier().setInputCol("label").fit(rows), "inputCol = label", "string");
    refused(() -> classifier().setLabelCol("image").fit(rows), "labelCol = image", "binary");
    refused(() -> classifier().setIdCol("name").fit(rows), "idCol = name");
    refused(() -> classifier().setPredictionCol("id").fit(rows), "column 'id'");
    refused(
        () -> classifier().fit(rows.withColumn("label", lit(1.0))),
        "labelCol = label holds numbers");
    refused(() -> classifier().setConfig("train.stride = 3").fit(rows), "train.stride");
    refused(() -> classifier().setConfig("data.train = x").fit(rows), "data.train");
    refused(() -> classifier().setConfig("train.start = head").fit(rows), "train.start");
    refused(() -> classifier().setConfig("train.keep = best").fit(rows), "train.keep");
    refused(() -> classifier().setConfig("head.kind = gda").fit(rows), "head is not for");
    refused(() -> classifier().setBackbone("resnet51").fit(rows), "train.backbone", "resnet51");
    refused(() -> model.copy(ParamMap.empty()).setHandleInvalid("drop").transform(rows), "drop");
    refused(
        () ->
            model.transform(
                SPARK.createDataFrame(
                    List.of(RowFactory.create(Vectors.dense(1, 2))),
                    new StructType().add("image", SQLDataTypes.VectorType()))),
        "inputCol = image holds vectors, but the model was trained on samples");
  }

  private static void refused(ThrowingCallable call, String... parts) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.USAGE))
        .hasMessageContainingAll(parts);
  }
}
