package io.github.lsgspark.training;

import io.github.lsgspark.backbone.Backbone;
import io.github.lsgspark.backbone.PretrainedWeights;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.config.TransferSettings;
import io.github.lsgspark.dataset.InputSpec;
import io.github.lsgspark.torch.SoundWeights;
import io.github.lsgspark.training.InitialWeights.HeadModel;
import io.github.lsgspark.training.engine.ExchangeProvider;
import io.github.lsgspark.training.engine.ReplicaContext;
import java.util.List;
import java.util.Optional;

/**
 * Makes the model of a training as it is before the first step: the network with its first weights,
 * and the optimiser.
 */
final class ModelFactory {
  private final TrainingPlan plan;
  private final TrainSettings train;
  private final ReplicaContext context;
  private final PrecisionPolicy policy;
  private final TrainerWorker.Resources resources;

  /**
   * @param resources that takes over what is made
   */
  ModelFactory(
      TrainingPlan plan,
      ReplicaContext context,
      PrecisionPolicy policy,
      TrainerWorker.Resources resources) {
    this.plan = plan;
    this.train = plan.settings().train();
    this.context = context;
    this.policy = policy;
    this.resources = resources;
  }

  /**
   * What is made.
   *
   * @param penalty of L2-SP, where the settings ask for it; the optimiser has it, too
   */
  record Made(ModelDescription description, TrainingModel model, Optional<L2SpPenalty> penalty) {}

  Made make() {
    Optional<HeadModel> head = plan.weights().head();
    Optional<PretrainedWeights> weights = head.isPresent() ? Optional.empty() : weights();
    ModelDescription description =
        head.map(start -> start.description().guidedBy(plan))
            .orElseGet(() -> ModelDescription.of(plan, weights));
    Network network = network(description, weights);
    head.ifPresent(start -> network.load(start.arrays()));
    Optional<L2SpPenalty> penalty =
        head.map(start -> List.<String>of())
            .or(() -> weights.map(PretrainedWeights::unfilled))
            .filter(unused -> train.transfer().uses(TransferSettings.Method.L2_SP))
            .map(unfilled -> penalty(network, unfilled));
    Optimizer optimizer = resources.add(optimizer(network, penalty));
    Optional<ModelEma> average =
        train.averageDecay() == 0
            ? Optional.empty()
            : Optional.of(resources.add(new ModelEma(network.trained(), train.averageDecay())));
    return new Made(
        description, new TrainingModel(network, optimizer, average, context.collective()), penalty);
  }

  private Optional<PretrainedWeights> weights() {
    long[] input = InputSpec.of(plan.settings(), TrainSettings.Normalization.IMAGENET).shape();
    return Optional.of(plan.weights())
        .filter(InitialWeights::given)
        .map(file -> PretrainedWeights.read(train, input, file.content(), file.name()));
  }

  private Network network(ModelDescription description, Optional<PretrainedWeights> weights) {
    Backbone backbone = description.network(plan.weights().content());
    HelperHeads helpers = helpers(backbone, weights);
    Network network =
        resources.add(
            new Network(
                description,
                backbone,
                tuning(backbone, description),
                policy.channelsLast(),
                context.device(),
                helpers));
    network.initialize(plan.settings().seed());
    network.load(helpers.start(description.featureScale()));
    weights.ifPresent(
        given -> {
          SoundWeights.require(given.tensors(), plan.weights().name());
          network.load(given.tensors());
        });
    new BatchNormRows(train, context.collective().worldSize())
        .require(network, policy, description.input().shape());
    return network;
  }

  private HelperHeads helpers(Backbone backbone, Optional<PretrainedWeights> weights) {
    HelperHeads own = HelperHeads.of(train.transfer());
    if (!train.transfer().uses(TransferSettings.Method.CO_TUNING)) {
      return own;
    }
    return new HelperHeads(
        own.projects(),
        weights.map(given -> given.classifier(backbone.featureDimension(), plan.weights().name())));
  }

  /** The backbone is closed if it has not what the settings name. */
  private Tuning tuning(Backbone backbone, ModelDescription description) {
    try {
      return Tuning.of(train, backbone, description.seen());
    } catch (RuntimeException e) {
      backbone.close();
      throw e;
    }
  }

  private L2SpPenalty penalty(Network network, List<String> unfilled) {
    return resources.add(new L2SpPenalty(train.transfer().l2Sp(), network.trained(), unfilled));
  }

  private Optimizer optimizer(Network network, Optional<L2SpPenalty> penalty) {
    Optional<ExchangeProvider> engine = ExchangeProvider.of(train.engine());
    if (engine.isPresent()) {
      return new ExchangedSgd(engine.get(), context, train, network);
    }
    SgdNesterov.Rates rates = SgdNesterov.Rates.of(train, network.layerRates(train));
    GradientHook regularizer =
        penalty.isPresent()
            ? penalty.get()
            : new WeightDecay(network.trained(), train.weightDecay());
    return new SgdNesterov(rates, network.trained(), regularizer);
  }
}
