package io.github.lsgspark.training;

import io.github.lsgspark.backbone.PretrainedWeights;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.config.TransferSettings;
import io.github.lsgspark.dataset.DataLoader;
import io.github.lsgspark.dataset.InputSpec;
import io.github.lsgspark.dataset.SampleCache;
import io.github.lsgspark.dataset.SampleSource;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.StageTenure;
import io.github.lsgspark.torch.Collective;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.Guard;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.SoundWeights;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import io.github.lsgspark.training.checkpoint.Checkpoint;
import io.github.lsgspark.training.checkpoint.CheckpointStore;
import io.github.lsgspark.training.engine.ExchangeProvider;
import io.github.lsgspark.training.engine.ReplicaContext;
import io.github.lsgspark.training.engine.StoppedException;
import io.github.lsgspark.training.metrics.EventFile;
import io.github.lsgspark.training.metrics.MetricsLog;
import io.github.lsgspark.training.metrics.SparkMetrics;
import io.github.lsgspark.training.metrics.StepTime;
import io.github.lsgspark.training.metrics.TrainingProgress;
import io.github.lsgspark.training.ssl.PseudoLabelStats;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One replica of the training program (docs/method.md, sections 4 and 5). All replicas run it with
 * the same plan; each computes its part of every global batch, gradients are summed, and all take
 * the same step. Starts from the newest checkpoint, if there is one.
 */
final class TrainerWorker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TrainerWorker.class);

  private final TrainingPlan plan;
  private final Settings settings;
  private final TrainSettings train;
  private final ReplicaContext context;
  private final Collective collective;
  private final PrecisionPolicy numerics;
  private final ModelDescription description;
  private final Network network;
  private final L2SpPenalty startingPoint;
  private final Optimizer optimizer;
  private final DataLoader loader;
  private final Inference inference;
  private final LsgObjective guidance;
  private final TrainingStep stepper;
  private final SemiSupervision ssl;
  private final ModelEma average;
  private final BestCheckpoint best = new BestCheckpoint();
  private final HadoopFiles files;
  private final CheckpointStore checkpoints;
  private final TrainingOutput output;
  private final TrainingProgress progress;
  private final TrainingState state;
  private final int firstStep;
  private final Batches labelled;
  private final LossCheck lossCheck;
  private final ThroughputMeter pace;

  /**
   * @param tenure of the run; empty where nobody else would train the same
   */
  TrainerWorker(TrainingPlan plan, ReplicaContext context, Optional<StageTenure> tenure) {
    this.plan = plan;
    this.settings = plan.settings();
    this.train = settings.train();
    this.context = context;
    this.collective = context.collective();
    TrainStage.requireRows(train, collective.worldSize());
    this.numerics = PrecisionPolicy.of(train, plan.precision(), context.device());
    if (collective.rank() == 0) {
      LOG.info("train: {} thread(s) on {}", context.threads(), numerics);
    }
    PretrainedWeights weights =
        plan.weights() == null
            ? null
            : PretrainedWeights.read(
                train,
                InputSpec.of(settings, TrainSettings.Normalization.IMAGENET).shape(),
                plan.weights(),
                plan.weightsName());
    this.description = ModelDescription.of(plan, weights);
    this.network =
        new Network(
            description, plan.weights(), train.freeze(), numerics.channelsLast(), context.device());
    network.initialize(settings.seed());
    if (weights != null) {
      SoundWeights.require(weights.tensors(), plan.weightsName());
      network.load(weights.tensors());
    }
    new BatchNormRows(train, collective.worldSize())
        .require(network, numerics, description.input().shape());
    this.startingPoint =
        train.transfer().uses(TransferSettings.Method.L2_SP)
            ? new L2SpPenalty(train.transfer().l2Sp(), network.trained(), weights.unfilled())
            : null;
    this.optimizer = optimizer();
    this.loader =
        new DataLoader(
            new SampleSource(
                plan.hadoop().value(),
                description.input().open(settings.prepare()),
                SampleCache.shared(train.input().cacheBytes())),
            train.input(),
            context.threads());
    this.inference = new Inference(network, loader, collective, numerics);
    this.guidance =
        plan.guided()
            ? new LsgObjective(
                settings.lsg(),
                plan.graph(),
                plan.gcn(),
                plan.classesWithoutLabels(),
                collective,
                context.device())
            : null;
    Forward forward = new Forward(network, numerics, numerics.normalization(collective));
    this.ssl =
        plan.unlabelled().isEmpty()
            ? null
            : new SemiSupervision(plan, forward, inference, guidance, collective);
    this.stepper =
        new TrainingStep(
            settings,
            plan.iterations(),
            forward,
            guidance,
            ssl == null ? null : ssl.loss(),
            startingPoint,
            collective,
            train.engine() == TrainSettings.Engine.C10D);
    this.average =
        train.averageDecay() == 0 ? null : new ModelEma(network.trained(), train.averageDecay());
    this.files = new HadoopFiles(plan.hadoop().value());
    this.checkpoints = new CheckpointStore(files, plan.runningDir());
    this.output = new TrainingOutput(plan, files, checkpoints, tenure, collective, numerics);
    output.requireTenure();
    Optional<Checkpoint> start = start();
    this.firstStep = start.map(checkpoint -> (int) checkpoint.step()).orElse(0);
    this.progress = progress();
    this.state =
        new TrainingState(
            network, optimizer, average, ssl == null ? null : ssl.strategy(), best, progress);
    start.ifPresent(state::restore);
    this.labelled =
        new Batches(
            plan,
            plan.labelled(),
            new Batches.Shape(imagesOfPart(), train.views(), train.augmentation().views()),
            "order",
            "view",
            firstStep,
            loader,
            collective);
    if (ssl != null) {
      ssl.open(imagesOfPart(), firstStep, loader);
    }
    this.lossCheck = new LossCheck(plan, labelled, ssl);
    this.pace = new ThroughputMeter(train, firstStep, plan.iterations());
  }

  private Optimizer optimizer() {
    Optional<ExchangeProvider> engine = ExchangeProvider.of(train.engine());
    if (engine.isEmpty()) {
      return new SgdNesterov(train, network.trained(), startingPoint);
    }
    return new ExchangedSgd(engine.get(), context, train, network.trained());
  }

  /** The checkpoint that all replicas go on from. */
  private Optional<Checkpoint> start() {
    Optional<Checkpoint> found = checkpoints.newest(Map.entry(TrainingState.PLAN, plan.identity()));
    double own = found.map(checkpoint -> (double) checkpoint.step()).orElse(0.0);
    try (TensorScope scope = new TensorScope()) {
      Tensor sum = Tensors.zeros(Dtype.FLOAT64, context.device(), 1);
      Ops.fillInPlace(sum, own);
      collective.allReduceSum(sum, "the checkpoint to start from");
      if (Tensors.item(sum) != own * collective.worldSize()) {
        throw LsgException.environment(
            "replicas see different checkpoints in "
                + plan.runningDir()
                + ": the work directory must lie on a file system that all executors share",
            null);
      }
    }
    if (found.isPresent() && collective.rank() == 0) {
      LOG.info(
          "train: goes on from the checkpoint of step {} of {}",
          found.get().step(),
          plan.iterations());
    }
    return found;
  }

  private TrainingProgress progress() {
    if (collective.rank() > 0) {
      return TrainingProgress.silent(plan.iterations());
    }
    return new TrainingProgress(
        plan.iterations(),
        train.globalBatch() * train.views(),
        train.logEvery(),
        List.of(
            new SparkMetrics("train"),
            new EventFile(files, plan.runningDir(), "train", firstStep),
            new MetricsLog(files, plan.runningDir(), firstStep)));
  }

  /** Labelled images of the global batch of a part of a step. */
  private int imagesOfPart() {
    return train.globalBatch() / train.accumulation();
  }

  /**
   * Takes all steps; rank 0 writes the model.
   *
   * @return the content of metrics.json
   * @throws StoppedException if the program was asked to end; a checkpoint is there
   */
  Map<String, Object> run() throws StoppedException {
    LearningRate rate = new LearningRate(train.learningRate(), train.schedule(), plan.iterations());
    long start = System.nanoTime();
    for (int step = firstStep; step < plan.iterations(); step++) {
      boolean stopped = step(step, rate.at(step));
      int done = step + 1;
      boolean last = done == plan.iterations();
      boolean look = train.validateEvery() > 0 && done % train.validateEvery() == 0;
      if ((last || look) && !plan.validation().isEmpty()) {
        validate(done);
      }
      int every = train.checkpoint().everySteps();
      if (!last && (stopped || (every > 0 && done % every == 0))) {
        save(done);
      }
      if (stopped && !last) {
        throw new StoppedException("asked to end after step " + done + " of " + plan.iterations());
      }
    }
    averageStatistics();
    optimizer.gather();
    double seconds = (System.nanoTime() - start) / 1e9;
    output.publish(description, collective.rank() == 0 ? Optional.of(last()) : Optional.empty());
    return metrics(seconds);
  }

  /**
   * @return whether a replica was asked to end
   */
  private boolean step(int step, double learningRate) {
    if (ssl != null && ssl.strategy().due(step)) {
      averageStatistics();
      try (Guard weights = averaged()) {
        ssl.strategy().renew(step);
      }
    }
    long start = System.nanoTime();
    long waited = waitedNanos();
    long exchanged = exchangedNanos();
    try (TensorScope scope = new TensorScope()) {
      StepMetrics sums =
          stepper.gradient(
              step,
              labelled,
              ssl == null ? null : ssl.batches(),
              context.stopWanted().getAsBoolean());
      double loss = sums.loss();
      lossCheck.requireFinite(sums, step, learningRate);
      lossCheck.requireFinite(network.trained(), step, learningRate);
      optimizer.step(learningRate);
      if (average != null) {
        average.update(step);
      }
      long nanos = System.nanoTime() - start;
      pace.step(step, nanos);
      progress.step(
          loss,
          sums.crossEntropy(),
          new StepTime(nanos, waitedNanos() - waited, exchangedNanos() - exchanged));
      if (progress.due()) {
        output.lookNowAndThen();
        progress.line(stepper.line(sums, learningRate));
      }
      return sums.stopped();
    }
  }

  /** Time spent on what replicas do together. */
  private long exchangedNanos() {
    return collective.waitedNanos() + optimizer.exchangedNanos();
  }

  private long waitedNanos() {
    return labelled.waitedNanos() + (ssl == null ? 0 : ssl.batches().waitedNanos());
  }

  /** The weights that count outside a step, until closed. */
  private Guard averaged() {
    return average == null ? () -> {} : average.inUse();
  }

  private void averageStatistics() {
    if (collective.worldSize() > 1 && network.statistics().numel() > 0) {
      collective.allReduceSum(network.statistics(), "the statistics of batch normalisation");
      Ops.mulInPlace(network.statistics(), 1.0 / collective.worldSize());
    }
  }

  private void validate(int done) {
    averageStatistics();
    try (Guard weights = averaged()) {
      double accuracy = inference.accuracy(plan.validation());
      progress.validation(accuracy);
      best.offer(network, accuracy, done);
    }
  }

  private void save(int done) {
    averageStatistics();
    optimizer.gather();
    output.save(done, state);
  }

  /** A copy of what the training ends with. */
  private TrainingOutput.Last last() {
    Map<String, HostArray> tensors;
    try (Guard weights = averaged()) {
      tensors = network.export();
    }
    return new TrainingOutput.Last(
        state.save(plan.iterations(), plan.identity()),
        tensors,
        best.found() ? Optional.of(best.weights()) : Optional.empty(),
        guidance == null ? null : guidance.prototypes());
  }

  private Map<String, Object> metrics(double seconds) {
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("iterations", plan.iterations());
    metrics.put("resumed_from_step", firstStep);
    metrics.put("replicas", collective.worldSize());
    metrics.put("attempts", context.attempt());
    metrics.put("labelled", plan.labelled().size());
    metrics.put("unlabelled", plan.unlabelled().size());
    metrics.put("parameters", network.trained().size());
    metrics.put("training_seconds", seconds);
    metrics.putAll(pace.metrics(waitedNanos(), exchangedNanos(), seconds));
    metrics.put("checkpoints_not_saved", output.unsaved());
    metrics.put("precision", numerics.precision());
    metrics.put("layout", numerics.layout());
    metrics.put("batch_norm", numerics.batchNorm().name().toLowerCase(Locale.ROOT));
    metrics.put("device", context.device().toString());
    metrics.put("threads", context.threads());
    if (best.found()) {
      metrics.put("best_validation_accuracy", best.accuracy());
      metrics.put("best_validation_step", best.step());
    }
    if (ssl != null) {
      for (String name :
          List.of(
              PseudoLabelStats.ACCEPTED_SHARE,
              PseudoLabelStats.LABEL_ACCURACY,
              PseudoLabelStats.CLASS_BALANCE)) {
        double recent = progress.recent(name);
        if (Double.isFinite(recent)) {
          metrics.put(name, recent);
        }
      }
    }
    if (guidance != null) {
      putGuidance(metrics);
    }
    metrics.putAll(progress.metrics());
    return metrics;
  }

  private void putGuidance(Map<String, Object> metrics) {
    double recent = progress.recent(TrainingStep.PROTOTYPE_ACCURACY);
    metrics.put("prototype_accuracy", recent);
    metrics.put("projector_norm", progress.recent(TrainingStep.PROJECTOR_NORM));
    boolean collapsed = recent < 2.0 / plan.labels().size();
    metrics.put("collapsed", collapsed);
    if (collapsed && collective.rank() == 0) {
      LOG.warn(
          "the projection tells classes apart no better than chance (prototype accuracy {}):"
              + " the guidance has collapsed, see lsg.normalize-projection",
          recent);
    }
  }

  @Override
  public void close() {
    labelled.close();
    if (ssl != null) {
      ssl.close();
    }
    if (average != null) {
      average.close();
    }
    loader.close();
    progress.close();
    stepper.close();
    if (guidance != null) {
      guidance.close();
    }
    optimizer.close();
    if (startingPoint != null) {
      startingPoint.close();
    }
    network.close();
  }
}
