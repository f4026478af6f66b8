package io.github.lsgspark.training;

import io.github.lsgspark.config.ExchangeSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.config.TransferSettings.Method;
import io.github.lsgspark.dataset.DataLoader;
import io.github.lsgspark.dataset.SampleCache;
import io.github.lsgspark.dataset.SampleSource;
import io.github.lsgspark.lsg.LsgObjective;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.StageTenure;
import io.github.lsgspark.torch.Collective;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.GradientBuckets;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import io.github.lsgspark.training.checkpoint.Checkpoint;
import io.github.lsgspark.training.checkpoint.CheckpointStore;
import io.github.lsgspark.training.engine.ReplicaContext;
import io.github.lsgspark.training.metrics.EventFile;
import io.github.lsgspark.training.metrics.MetricsLog;
import io.github.lsgspark.training.metrics.SparkMetrics;
import io.github.lsgspark.training.metrics.TrainingProgress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the worker of one replica from the plan, which is the same on every replica. The worker
 * goes on from the newest checkpoint, if there is one. A new term of the loss has its place in
 * {@link TrainingLosses}, a new listener in {@link #listeners}.
 */
final class TrainerFactory {
  private static final Logger LOG = LoggerFactory.getLogger(TrainerFactory.class);

  private final TrainingPlan plan;
  private final Settings settings;
  private final TrainSettings train;
  private final ReplicaContext context;
  private final Collective collective;
  private final PrecisionPolicy policy;
  private final HadoopFiles files;
  private final TrainerWorker.Resources resources = new TrainerWorker.Resources();

  private TrainerFactory(TrainingPlan plan, ReplicaContext context) {
    this.plan = plan;
    this.settings = plan.settings();
    this.train = settings.train();
    this.context = context;
    this.collective = context.collective();
    TrainingRequirements.requireRows(train, collective.worldSize());
    this.policy = PrecisionPolicy.of(train, plan.precision(), context.device());
    this.files = new HadoopFiles(plan.hadoop().value());
    if (speaks()) {
      LOG.info("train: {} thread(s) on {}", context.threads(), policy);
    }
  }

  /**
   * A worker before its first step; all replicas call it together.
   *
   * @param tenure of the run; empty where nobody else would train the same
   */
  static TrainerWorker open(
      TrainingPlan plan, ReplicaContext context, Optional<StageTenure> tenure) {
    TrainerFactory factory = new TrainerFactory(plan, context);
    try {
      return factory.worker(tenure);
    } catch (RuntimeException | Error e) {
      closeAfter(e, factory.resources);
      throw e;
    }
  }

  private static void closeAfter(Throwable cause, TrainerWorker.Resources resources) {
    try {
      resources.close();
    } catch (RuntimeException e) {
      cause.addSuppressed(e);
    }
  }

  private boolean speaks() {
    return collective.rank() == 0;
  }

  private TrainerWorker worker(Optional<StageTenure> tenure) {
    ModelFactory.Made made = new ModelFactory(plan, context, policy, resources).make();
    TrainingModel model = made.model();
    Network network = model.network();
    DataLoader loader = resources.add(loader(made.description()));
    Inference inference = new Inference(network, loader, collective, policy);
    Optional<LsgObjective> guidance = plan.guide().map(this::guidance);
    Forward forward = new Forward(network, policy, policy.normalization(collective));
    Optional<SemiSupervision> ssl =
        plan.unlabelled().isEmpty()
            ? Optional.empty()
            : Optional.of(new SemiSupervision(plan, forward, inference, guidance, collective));
    TrainingObjective objective =
        new TrainingObjective(
            new TrainingLosses(settings, plan.labels().size(), speaks())
                .of(guidance, ssl.map(SemiSupervision::loss), coTuning(forward, inference)),
            made.penalty());

    CheckpointStore checkpoints = new CheckpointStore(files, plan.runningDir());
    TrainingOutput output =
        new TrainingOutput(plan, files, checkpoints, tenure, collective, policy);
    output.requireTenure();
    Optional<Checkpoint> start = start(checkpoints);
    int firstStep = start.map(checkpoint -> (int) checkpoint.step()).orElse(0);
    TrainingProgress progress = resources.add(progress(firstStep));
    TrainingState state =
        new TrainingState(
            network,
            model.optimizer(),
            model.average(),
            ssl.map(SemiSupervision::strategy),
            new BestCheckpoint(),
            progress);
    start.ifPresent(state::restore);

    Batches labelled = resources.add(batches(firstStep, loader));
    ssl.ifPresent(
        s -> {
          s.open(imagesOfPart(), firstStep, loader);
          resources.add(s);
        });
    StepReports reports = StepReports.of(train, context.device(), firstStep);
    TrainingStep step =
        resources.add(
            new TrainingStep(
                forward,
                objective,
                labelled,
                ssl,
                collective,
                train.accumulation(),
                reports.late(),
                buckets(network)));
    return new TrainerWorker(
        new TrainerWorker.Parts(
            firstStep,
            plan.iterations(),
            new LearningRate(train.rate(), train.schedule(), plan.iterations()),
            step,
            objective,
            new LossCheck(plan, objective, network.trained(), labelled, ssl),
            model,
            reports,
            ssl,
            listeners(firstStep, step, objective, model, inference, state, output),
            new FinalModel(
                plan,
                made.description(),
                model,
                state,
                output,
                guidance.map(LsgObjective::prototypes),
                speaks()),
            TrainingFacts.of(plan, context, policy, network, firstStep),
            failure -> DeviceMemory.explained(failure, train, collective.worldSize()),
            resources),
        context);
  }

  /** By the network as its weights are, before a checkpoint is looked at. */
  private Optional<CoTuning> coTuning(Forward forward, Inference inference) {
    return train.transfer().uses(Method.CO_TUNING)
        ? Optional.of(
            resources.add(
                CoTuning.of(train.transfer().coTuning(), forward, inference, plan.labelled())))
        : Optional.empty();
  }

  private DataLoader loader(ModelDescription description) {
    return new DataLoader(
        new SampleSource(
            plan.hadoop().value(),
            description.input().open(settings.prepare()),
            SampleCache.shared(train.input().cacheBytes())),
        train.input(),
        context.threads());
  }

  private LsgObjective guidance(GuideInput guide) {
    return resources.add(
        new LsgObjective(
            settings.lsg(),
            guide.graph(),
            guide.gcn(),
            plan.classesWithoutLabels(),
            plan.iterations(),
            collective,
            context.device()));
  }

  /** What sums gradients over the replicas; empty where the optimiser does. */
  private Optional<GradientBuckets> buckets(Network network) {
    return train.engine() == TrainSettings.Engine.C10D
        ? Optional.of(
            new GradientBuckets(
                network.trained(),
                collective,
                train.exchange().bucketBytes(),
                train.exchange().dtype() == ExchangeSettings.Wire.BFLOAT16))
        : Optional.empty();
  }

  /** Validation comes before the checkpoint, which keeps what it found. */
  private List<TrainerListener> listeners(
      int firstStep,
      TrainingStep step,
      TrainingObjective objective,
      TrainingModel model,
      Inference inference,
      TrainingState state,
      TrainingOutput output) {
    List<TrainerListener> listeners = new ArrayList<>();
    model.average().ifPresent(listeners::add);
    listeners.add(
        new ThroughputMeter(
            train,
            context.device(),
            firstStep,
            plan.iterations(),
            step::waitedNanos,
            () -> collective.waitedNanos() + model.optimizer().exchangedNanos()));
    listeners.add(new ValidationListener(plan, model, inference, state.best(), state.progress()));
    listeners.add(new CheckpointListener(plan, model, state, output));
    listeners.add(new ProgressListener(train, objective, state.progress(), output));
    return listeners;
  }

  /** The checkpoint that all replicas go on from. */
  private Optional<Checkpoint> start(CheckpointStore checkpoints) {
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
    if (found.isPresent() && speaks()) {
      LOG.info(
          "train: goes on from the checkpoint of step {} of {}",
          found.get().step(),
          plan.iterations());
    }
    return found;
  }

  private TrainingProgress progress(int firstStep) {
    if (!speaks()) {
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

  private Batches batches(int firstStep, DataLoader loader) {
    return new Batches(
        plan,
        plan.labelled(),
        new Batches.Shape(imagesOfPart(), train.views(), train.augmentation().views()),
        "order",
        "view",
        firstStep,
        loader,
        collective);
  }

  /** Labelled images of the global batch of a part of a step. */
  private int imagesOfPart() {
    return train.globalBatch() / train.accumulation();
  }
}
