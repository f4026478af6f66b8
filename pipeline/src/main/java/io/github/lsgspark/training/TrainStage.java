package io.github.lsgspark.training;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.gcn.GcnStage;
import io.github.lsgspark.graph.TextGraph;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.text.Label;
import io.github.lsgspark.text.LabelSet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fine-tunes a backbone, guided by the frozen GCN or plainly. Writes model.safetensors (the last
 * step), model-validation.safetensors (the best on the validation split, if there is one),
 * prototypes.safetensors (guided), model.json, labels.json, metrics.json and checkpoints/.
 *
 * <p>The samples with their bytes, or their paths, are sent whole to every replica.
 */
public final class TrainStage {
  private static final Logger LOG = LoggerFactory.getLogger(TrainStage.class);

  private TrainStage() {}

  /**
   * Runs the stage.
   *
   * @param graphDir and gcnDir outputs of these stages; empty for plain fine-tuning
   * @param weightsPath safetensors to start from; empty: drawn by the seed
   */
  public static void run(
      SparkSession spark,
      Settings settings,
      String prepareDir,
      Optional<String> graphDir,
      Optional<String> gcnDir,
      Optional<String> weightsPath,
      String outDir) {
    HadoopFiles files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    LabelSet labels = SampleTable.labels(files, prepareDir);
    List<Sample> labelled = samples(spark, prepareDir, SampleTable.TRAIN);
    if (labelled.isEmpty()) {
      throw LsgException.input(prepareDir + ": holds no labelled training sample");
    }
    TextGraph graph = graphDir.map(dir -> TextGraph.read(spark, dir)).orElse(null);
    if (graph != null && graph.classes() != labels.size()) {
      throw LsgException.input(
          "the graph has " + graph.classes() + " labels, the samples " + labels.size());
    }
    boolean unlabelled = graph != null && settings.ssl().active();
    if (settings.ssl().active() && graph == null) {
      LOG.warn(
          "train: ssl.strategy has no effect with lsg.enabled = false: unlabelled samples enter"
              + " through the LSG losses only");
    }
    TrainingPlan plan =
        new TrainingPlan(
            settings,
            iterations(settings.train(), labelled.size()),
            labels.labels().stream().map(Label::name).toList(),
            labelled,
            unlabelled ? samples(spark, prepareDir, SampleTable.UNLABELLED) : List.of(),
            samples(spark, prepareDir, SampleTable.VALIDATION),
            weightsPath.map(files::read).orElse(null),
            weightsPath.orElse(""),
            graph,
            gcnDir.map(dir -> files.read(HadoopFiles.path(dir, GcnStage.WEIGHTS))).orElse(null),
            new SerializableConfiguration(spark.sparkContext().hadoopConfiguration()),
            outDir);
    int replicas = replicas(spark, settings.train());
    if (replicas > settings.train().globalBatch()) {
      throw LsgException.usage(
          "train.global-batch = "
              + settings.train().globalBatch()
              + " cannot be divided among "
              + replicas
              + " replicas");
    }
    LOG.info(
        "train: {} labelled of {} classes, {} steps, {} replica(s), {}",
        labelled.size(),
        labels.size(),
        plan.iterations(),
        replicas,
        plan.guided() ? "guided by the label graph" : "plain");
    String metrics = BarrierTraining.run(spark, plan, replicas);
    files.write(
        HadoopFiles.path(outDir, ModelFiles.LABELS),
        labels.toJson().getBytes(StandardCharsets.UTF_8));
    files.write(
        HadoopFiles.path(outDir, ModelFiles.METRICS), metrics.getBytes(StandardCharsets.UTF_8));
  }

  private static List<Sample> samples(SparkSession spark, String prepareDir, String split) {
    List<Sample> samples = new ArrayList<>(SampleTable.samples(spark, prepareDir, split).collect());
    samples.sort(Comparator.comparing(Sample::id));
    return samples;
  }

  private static int iterations(TrainSettings train, int labelled) {
    if (train.iterations() > 0) {
      return train.iterations();
    }
    if (train.epochs() > 0) {
      return Math.max(
          1, (int) Math.round((double) train.epochs() * labelled / train.globalBatch()));
    }
    throw LsgException.usage("train.iterations or train.epochs must be above 0");
  }

  /** As configured; else one in local mode and one per executor on a cluster. */
  private static int replicas(SparkSession spark, TrainSettings train) {
    if (train.replicas() > 0) {
      return train.replicas();
    }
    if (spark.sparkContext().isLocal()) {
      return 1;
    }
    int asked = spark.sparkContext().conf().getInt("spark.executor.instances", 0);
    // The driver is listed as well.
    int present = spark.sparkContext().statusTracker().getExecutorInfos().length - 1;
    return Math.max(1, Math.max(asked, present));
  }
}
