package io.github.lsgspark.training;

import io.github.lsgspark.backbone.Backbones;
import io.github.lsgspark.backbone.PretrainedWeights;
import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.dataset.InputSpec;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.gcn.GcnStage;
import io.github.lsgspark.graph.TextGraph;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.StageTenure;
import io.github.lsgspark.text.Label;
import io.github.lsgspark.text.LabelSet;
import io.github.lsgspark.tower.TowerDirectory;
import io.github.lsgspark.training.engine.C10dEngine;
import io.github.lsgspark.training.engine.EngineOptions;
import io.github.lsgspark.training.engine.ExchangeProvider;
import io.github.lsgspark.training.metrics.EventFile;
import io.github.lsgspark.training.metrics.MetricsLog;
import io.github.lsgspark.training.ssl.Strategies;
import io.github.lsgspark.training.ssl.StrategyKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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
 * prototypes.safetensors (guided), model.torchscript.pt (for serving; with backbone.pt where the
 * backbone is a module of the user's), model.json, labels.json, metrics.json, checkpoints/ (the
 * last state) and logs/ (event files for TensorBoard, metrics as JSON lines).
 *
 * <p>The list of samples is sent to every replica; their bytes are read when they are needed.
 */
public final class TrainStage {
  private static final Logger LOG = LoggerFactory.getLogger(TrainStage.class);

  private TrainStage() {}

  /** As the other form, with a classifier that is drawn by the seed. */
  public static void run(
      SparkSession spark,
      Settings settings,
      String prepareDir,
      Optional<String> graphDir,
      Optional<String> gcnDir,
      Optional<String> weightsPath,
      String outDir,
      String runningDir) {
    run(
        spark,
        settings,
        prepareDir,
        graphDir,
        gcnDir,
        Optional.empty(),
        Optional.empty(),
        weightsPath,
        outDir,
        runningDir);
  }

  /**
   * Runs the stage.
   *
   * @param graphDir and gcnDir outputs of these stages; empty for plain fine-tuning
   * @param headDir output of the stage head to start from, with {@code train.start = head}, whose
   *     learning rates it then has; empty: the classifier is drawn, whatever {@code train.start}
   *     says
   * @param softDir output of the {@linkplain #softLabelsOf stage} whose soft labels {@code
   *     ssl.strategy} takes; empty for strategies that take none
   * @param weightsPath safetensors to start from; empty: drawn by the seed
   * @param runningDir where checkpoints and logs lie while it trains; a training that finds
   *     checkpoints there goes on from the newest. The caller deletes it when the stage is done
   */
  public static void run(
      SparkSession spark,
      Settings settings,
      String prepareDir,
      Optional<String> graphDir,
      Optional<String> gcnDir,
      Optional<String> headDir,
      Optional<String> softDir,
      Optional<String> weightsPath,
      String outDir,
      String runningDir) {
    ExchangeProvider.of(settings.train().engine());
    TrainingPlan plan =
        plan(
            spark,
            settings,
            prepareDir,
            graphDir,
            gcnDir,
            headDir,
            softDir,
            weightsPath,
            outDir,
            runningDir);
    LOG.info(
        "train: {} labelled of {} classes{}, {} steps, {}{}",
        plan.labelled().size(),
        plan.labels().size(),
        settings.data().modality() == Modality.AUDIO
            ? ""
            : " at " + settings.train().imageSize() + " px",
        plan.iterations(),
        plan.guided() ? "guided by the label graph" : "plain",
        plan.weights().head().isPresent() ? ", from the closed-form head" : "");
    String metrics = run(spark, plan, StageTenure.of(runningDir));
    HadoopFiles files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    keepLogs(files, runningDir, HadoopFiles.path(outDir, ModelFiles.LOGS));
    files.write(
        HadoopFiles.path(outDir, ModelFiles.LABELS),
        SampleTable.labels(files, prepareDir).toJson().getBytes(StandardCharsets.UTF_8));
    files.write(
        HadoopFiles.path(outDir, ModelFiles.METRICS), metrics.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Trains a plan's model, and writes it.
   *
   * @param tenure of the stage; empty where nobody else would train the same
   * @return the content of metrics.json
   */
  static String run(SparkSession spark, TrainingPlan plan, Optional<StageTenure> tenure) {
    Settings settings = plan.settings();
    return new C10dEngine(spark.sparkContext(), options(settings, plan.runningDir()))
        .run(new TrainingProgram(plan, tenure.orElse(null)), description(settings, plan));
  }

  /** Everything that replicas need; parameters as of {@link #run}. */
  static TrainingPlan plan(
      SparkSession spark,
      Settings settings,
      String prepareDir,
      Optional<String> graphDir,
      Optional<String> gcnDir,
      Optional<String> headDir,
      Optional<String> softDir,
      Optional<String> weightsPath,
      String outDir,
      String runningDir) {
    TrainingRequirements.require(settings, weightsPath);
    softLabelsOf(settings)
        .filter(stage -> softDir.isEmpty())
        .ifPresent(
            stage -> {
              throw LsgException.usage(
                  "ssl.strategy = "
                      + settings.ssl().strategy()
                      + " needs the output of the stage "
                      + stage);
            });
    HadoopFiles files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    InitialWeights given =
        weightsPath
            .map(path -> new InitialWeights(TowerDirectory.content(files, path), path))
            .orElse(InitialWeights.DRAWN);
    requireFit(settings, given);
    LabelSet labels = SampleTable.labels(files, prepareDir);
    InitialWeights weights =
        headDir.map(dir -> given.from(HeadStage.model(files, dir, labels))).orElse(given);
    TrainingRequirements.requireTuned(settings, weights);
    List<Sample> labelled = samples(spark, prepareDir, SampleTable.TRAIN);
    if (labelled.isEmpty()) {
      throw LsgException.input(prepareDir + ": holds no labelled training sample");
    }
    List<GuideInput> guides =
        graphDir.map(dir -> guide(spark, files, dir, gcnDir.orElseThrow(), labels.size())).stream()
            .toList();
    List<Sample> unlabelled =
        settings.ssl().active() ? samples(spark, prepareDir, SampleTable.UNLABELLED) : List.of();
    if (settings.ssl().active() && unlabelled.isEmpty()) {
      LOG.warn("train: no unlabelled samples: ssl.strategy has nothing to work on");
    }
    return new TrainingPlan(
        settings,
        PrecisionChoice.of(spark.sparkContext(), settings.train()),
        iterations(settings.train(), labelled.size()),
        labels.labels().stream().map(Label::name).toList(),
        labelled,
        unlabelled,
        softDir
            .filter(dir -> !unlabelled.isEmpty())
            .map(dir -> SoftTargets.read(spark, dir, unlabelled))
            .orElse(SoftTargets.NONE),
        samples(spark, prepareDir, SampleTable.VALIDATION),
        weights,
        guides,
        new SerializableConfiguration(spark.sparkContext().hadoopConfiguration()),
        outDir,
        runningDir);
  }

  /** What guides, from the outputs of the stages graph and gcn. */
  static GuideInput guide(
      SparkSession spark, HadoopFiles files, String graphDir, String gcnDir, int labels) {
    TextGraph graph = TextGraph.read(spark, graphDir);
    if (graph.classes() != labels) {
      throw LsgException.input(
          "the graph has " + graph.classes() + " labels, the samples " + labels);
    }
    return new GuideInput(graph, files.read(HadoopFiles.path(gcnDir, GcnStage.WEIGHTS)));
  }

  static List<Sample> samples(SparkSession spark, String prepareDir, String split) {
    List<Sample> samples = new ArrayList<>(SampleTable.samples(spark, prepareDir, split).collect());
    samples.sort(Comparator.comparing(Sample::id));
    return samples;
  }

  static int iterations(TrainSettings train, int labelled) {
    if (train.iterations() > 0) {
      return train.iterations();
    }
    if (train.epochs() > 0) {
      return Math.max(
          1, (int) Math.round((double) train.epochs() * labelled / train.globalBatch()));
    }
    throw LsgException.usage("train.iterations or train.epochs must be above 0");
  }

  /**
   * Reads weights as every replica will, and runs a TorchScript module once: what does not fit is
   * known before executors are waited for.
   */
  static void requireFit(Settings settings, InitialWeights weights) {
    long[] input = InputSpec.of(settings, TrainSettings.Normalization.IMAGENET).shape();
    if (settings.train().backbone().equals(Backbones.TORCHSCRIPT)) {
      Backbones.ofModule(weights.given() ? weights.content() : null, weights.name(), input).close();
    } else if (weights.given()) {
      var unused =
          PretrainedWeights.read(settings.train(), input, weights.content(), weights.name());
    }
  }

  /** The stage whose soft labels a training of these settings takes; empty: it takes none. */
  public static Optional<String> softLabelsOf(Settings settings) {
    return settings.ssl().active()
        ? Strategies.of(settings.ssl()).softLabelsOf()
        : Optional.empty();
  }

  /** Whether a training of these settings takes the soft labels of stage head. */
  public static boolean takesSoftLabels(Settings settings) {
    return softLabelsOf(settings).equals(Optional.of(StrategyKind.HEAD));
  }

  /** Whether a training of these settings takes the soft labels of stage vote. */
  public static boolean takesVotes(Settings settings) {
    return softLabelsOf(settings).equals(Optional.of(StrategyKind.VOTE));
  }

  private static EngineOptions options(Settings settings, String runningDir) {
    TrainSettings train = settings.train();
    return new EngineOptions(
        train.replicas(),
        train.device(),
        train.exchange().backend(),
        settings.cluster().bindAddress(),
        Duration.ofSeconds(train.timeoutSeconds()),
        train.maxAttempts(),
        Duration.ofSeconds(train.checkpoint().graceSeconds()),
        HadoopFiles.path(runningDir, "stop"));
  }

  /** What Spark's pages call the job. */
  private static String description(Settings settings, TrainingPlan plan) {
    return settings.train().backbone()
        + ", "
        + plan.iterations()
        + " steps, seed "
        + settings.seed()
        + (plan.guided() ? ", guided by the label graph" : ", plain");
  }

  /** The logs of the training belong to its output. */
  private static void keepLogs(HadoopFiles files, String runningDir, String folder) {
    for (String name : files.list(runningDir)) {
      if (name.equals(MetricsLog.FILE) || name.startsWith(EventFile.PREFIX)) {
        files.write(HadoopFiles.path(folder, name), files.read(HadoopFiles.path(runningDir, name)));
      }
    }
  }
}
