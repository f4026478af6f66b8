package example.training;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.dataset.PrepareStage;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.embedding.EmbedStage;
import io.github.lsgspark.evaluation.EvaluateStage;
import io.github.lsgspark.gcn.GcnStage;
import io.github.lsgspark.graph.GraphStage;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.text.LabelSet;
import io.github.lsgspark.training.TrainStage;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/**
 * Fine-tuning with and without the label graph, by the functions of the stages. What the program
 * {@code lsg} adds to them (fingerprints, whole outputs or none, skipping what is done) is left to
 * the caller.
 */
public final class TrainTwice {
  private static final String SETTINGS =
      """
      seed = 1
      data {
        train = "drawn:novel"
        label-budget = "50%"
        drawn { image-size = 32, novel-classes = 12, train-per-class = 16, test-per-class = 20 }
      }
      prompts { train = 8, heldout = 4 }
      embedding.encoder = lexical
      graph.edge-ratio = 0.05
      gcn.iterations = 200
      train {
        backbone = small-cnn, image-size = 32, iterations = 150, global-batch = 24
        learning-rate = 0.05, precision = float32, augmentation.resize-factor = 1
      }
      """;

  private final SparkSession spark;
  private final String folder;

  private TrainTwice(SparkSession spark, String folder) {
    this.spark = spark;
    this.folder = folder;
  }

  /**
   * Trains twice and prints both accuracies.
   *
   * @param args a folder for the outputs, on any file system of Hadoop's
   */
  public static void main(String[] args) {
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[*]")
            .config("spark.ui.enabled", false)
            .config("spark.sql.shuffle.partitions", 2)
            .getOrCreate()) {
      new TrainTwice(spark, args[0]).run(SettingsLoader.parse(SETTINGS));
    }
    // A timer of Spark's barrier stages, in which replicas train, keeps the JVM alive otherwise.
    System.exit(0);
  }

  private void run(Settings settings) {
    String prepared = at("prepare");
    PrepareStage.run(spark, settings, prepared);
    HadoopFiles files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    LabelSet labels = SampleTable.labels(files, prepared);
    EmbedStage.run(spark, settings, labels, at("embed"));
    GraphStage.run(spark, settings, at("embed"), at("graph"));
    GcnStage.run(spark, settings, at("graph"), at("gcn"));
    Map<String, Object> guided =
        train(settings, "guided", Optional.of(at("graph")), Optional.of(at("gcn")));
    Map<String, Object> plain = train(settings, "plain", Optional.empty(), Optional.empty());
    System.out.println("guided by the label graph: " + guided.get("accuracy"));
    System.out.println("plain fine-tuning: " + plain.get("accuracy"));
  }

  private Map<String, Object> train(
      Settings settings, String name, Optional<String> graph, Optional<String> gcn) {
    TrainStage.run(
        spark,
        settings,
        at("prepare"),
        graph,
        gcn,
        Optional.empty(),
        at("train-" + name),
        at("running-" + name));
    return EvaluateStage.run(
        spark, settings, at("prepare"), at("train-" + name), at("embed"), at("evaluate-" + name));
  }

  private String at(String stage) {
    return HadoopFiles.path(folder, stage);
  }
}
