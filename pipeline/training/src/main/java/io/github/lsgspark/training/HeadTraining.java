package io.github.lsgspark.training;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.LsgHeadSettings;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.TrainSettings.BatchNorm;
import io.github.lsgspark.config.TrainSettings.ScheduleSettings;
import io.github.lsgspark.config.TransferSettings.Method;
import io.github.lsgspark.head.FittedHead;
import io.github.lsgspark.head.LinearHead;
import io.github.lsgspark.head.TrainingRows;
import io.github.lsgspark.lsg.LsgObjective;
import io.github.lsgspark.lsg.StepMetrics;
import io.github.lsgspark.torch.Collective;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.TensorScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains classifier and projector on frozen features, on the driver's processor: the losses, the
 * batches' order and the optimiser of a training of the whole network, whose backbone is {@link
 * FrozenVectors}. Cosine schedule with a warm-up of a tenth of the steps, 20 at most.
 *
 * <p>The adapter is linear, so it is folded into classifier and projector at the end: the head is
 * one linear map of the transformed features.
 */
final class HeadTraining {
  private static final Logger LOG = LoggerFactory.getLogger(HeadTraining.class);
  private static final int LONGEST_WARMUP = 20;
  private static final int LINES = 5;

  private final Settings settings;
  private final LsgHeadSettings own;
  private final TrainingRows rows;
  private final int classes;
  private final Optional<GuideInput> guide;
  private final TrainerWorker.Resources resources = new TrainerWorker.Resources();

  private HeadTraining(
      Settings settings, TrainingRows rows, int classes, Optional<GuideInput> guide) {
    this.settings = settings;
    this.own = settings.head().lsg();
    this.rows = rows;
    this.classes = classes;
    this.guide = guide;
  }

  /**
   * What it ends with.
   *
   * @param tensors of classifier and projector, on transformed features
   * @param projector as model.json names it
   * @param dimension D of the projection; 0 without projector
   * @param prototypes [C,D] of a guided one
   * @param numbers of the last step: loss, its terms, and the share of its rows that were found
   */
  record Trained(
      Map<String, HostArray> tensors,
      String projector,
      int dimension,
      Optional<HostArray> prototypes,
      Map<String, Double> numbers) {}

  /**
   * Trains.
   *
   * @param closed the ridge head on these rows
   * @param classes C
   * @param guide empty: without the losses of the label graph
   * @throws LsgException exit 2 for l2-sp and co-tuning, which are about the backbone; exit 1 if
   *     the loss is no number
   */
  static Trained train(
      Settings settings,
      TrainingRows rows,
      FittedHead closed,
      int classes,
      Optional<GuideInput> guide) {
    if (settings.train().transfer().uses(Method.L2_SP)) {
      throw LsgException.usage(
          "train.transfer.methods with l2-sp holds the backbone near its weights; head.kind = lsg"
              + " does not train it");
    }
    if (settings.train().transfer().uses(Method.CO_TUNING)) {
      throw LsgException.usage(
          "train.transfer.methods with co-tuning trains the backbone by its source task's classifier;"
              + " head.kind = lsg does not train it");
    }
    HeadTraining training = new HeadTraining(settings, rows, classes, guide);
    try (TrainerWorker.Resources resources = training.resources) {
      return training.run(closed);
    }
  }

  private Trained run(FittedHead closed) {
    PrecisionPolicy policy =
        new PrecisionPolicy(ComputeDevice.cpu(), false, false, false, BatchNorm.LOCAL);
    Collective alone = Collective.single();
    Network network = network(closed);
    Optional<LsgObjective> guidance = guide.map(given -> guidance(given, alone));
    TrainingObjective objective =
        new TrainingObjective(
            new TrainingLosses(settings, classes, true)
                .of(guidance, Optional.empty(), Optional.empty()),
            Optional.empty());
    FrozenBatches batches =
        resources.add(
            new FrozenBatches(rows, Math.min(own.batch(), rows.ids().length), settings.seed()));
    Forward forward = new Forward(network, policy, policy.normalization(alone));
    TrainingStep step =
        resources.add(
            new TrainingStep(
                forward, objective, batches, Optional.empty(), alone, 1, false, Optional.empty()));
    SgdNesterov optimizer = resources.add(optimizer(network));
    LearningRate rate = new LearningRate(own.learningRate(), schedule(), own.iterations());
    Map<String, Double> numbers = Map.of();
    int every = Math.max(1, own.iterations() / LINES);
    for (int i = 0; i < own.iterations(); i++) {
      try (TensorScope scope = new TensorScope()) {
        StepMetrics metrics = step.gradient(i, false, 0);
        requireFinite(objective.value(i, metrics), i);
        optimizer.step(rate.at(i));
        if ((i + 1) % every == 0 || i + 1 == own.iterations()) {
          numbers = numbers(objective, metrics, i, batches.plan(i).labels().length);
          LOG.info("head: step {}/{}: {}", i + 1, own.iterations(), line(numbers));
        }
      }
    }
    return new Trained(
        Folded.tensors(network.export()),
        ModelDescription.projector(settings, guide),
        ModelDescription.dimension(settings, guide),
        guidance.map(LsgObjective::prototypes),
        numbers);
  }

  private Network network(FittedHead closed) {
    ModelDescription description =
        new ModelDescription(
            settings.train().backbone(),
            "",
            classes,
            ModelDescription.projector(settings, guide),
            ModelDescription.dimension(settings, guide),
            null,
            1,
            null);
    Network network =
        resources.add(
            new Network(
                description,
                new FrozenVectors(rows.dimension(), own.adapter()),
                Tuning.all(),
                false,
                ComputeDevice.cpu(),
                HelperHeads.of(settings.train().transfer())));
    network.initialize(settings.seed());
    if (own.start() == LsgHeadSettings.Start.RIDGE) {
      LinearHead logits = closed.logits();
      network.load(
          Map.of(
              Network.CLASSIFIER + ".weight",
              HeadOutput.floats(logits.weight(), classes, rows.dimension()),
              Network.CLASSIFIER + ".bias",
              HeadOutput.floats(logits.bias(), classes)));
    }
    return network;
  }

  private LsgObjective guidance(GuideInput given, Collective alone) {
    boolean[] seen = new boolean[classes];
    Arrays.stream(rows.labels()).forEach(label -> seen[label] = true);
    int[] unlabelled = IntStream.range(0, classes).filter(c -> !seen[c]).toArray();
    return resources.add(
        new LsgObjective(
            settings.lsg(),
            given.graph(),
            given.gcn(),
            unlabelled,
            own.iterations(),
            alone,
            ComputeDevice.cpu()));
  }

  private SgdNesterov optimizer(Network network) {
    return new SgdNesterov(
        new SgdNesterov.Rates(
            own.momentum(), 0, own.headMultiplier(), own.projectorMultiplier(), LayerRates.none()),
        network.trained(),
        new WeightDecay(network.trained(), own.weightDecay()));
  }

  private ScheduleSettings schedule() {
    return new ScheduleSettings(
        ScheduleSettings.Kind.COSINE,
        Math.min(LONGEST_WARMUP, own.iterations() / 10),
        List.of(),
        1);
  }

  private void requireFinite(double loss, int step) {
    if (!Double.isFinite(loss)) {
      throw LsgException.failed(
          String.format(
              Locale.ROOT,
              "head: the loss is %s at step %d of %d; lower head.lsg.learning-rate",
              loss,
              step + 1,
              own.iterations()));
    }
  }

  private static Map<String, Double> numbers(
      TrainingObjective objective, StepMetrics metrics, int step, int rows) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    numbers.put("loss", objective.value(step, metrics));
    numbers.putAll(objective.parts(step, metrics));
    numbers.put("accuracy_of_batch", metrics.of(TrainingStep.HITS) / rows);
    return numbers;
  }

  private static String line(Map<String, Double> numbers) {
    List<String> parts = new ArrayList<>();
    numbers.forEach((name, value) -> parts.add(String.format(Locale.ROOT, "%s %.4f", name, value)));
    return String.join(", ", parts);
  }
}
