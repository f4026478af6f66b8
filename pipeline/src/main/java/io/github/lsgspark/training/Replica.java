package io.github.lsgspark.training;

import io.github.lsgspark.backbone.PretrainedWeights;
import io.github.lsgspark.config.LsgSettings;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.dataset.SampleSource;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.torch.Collective;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.Guard;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.NeuralOps;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.bytedeco.pytorch.Tensor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One replica of the training program (LSG-SPEC sections 5.2 to 5.6). All replicas run it with the
 * same plan; each computes its part of every global batch, gradients are summed, and all take the
 * same step. Batch normalisation uses each replica's own part of the batch; its running statistics
 * are averaged before they are used.
 */
final class Replica implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Replica.class);
  private static final String LABELLED = "view";
  private static final String UNLABELLED = "unlabelled view";

  private final TrainingPlan plan;
  private final Settings settings;
  private final TrainSettings train;
  private final Collective collective;
  private final ComputeDevice device;
  private final boolean bfloat16;
  private final ModelDescription description;
  private final Network network;
  private final SgdNesterov optimizer;
  private final ViewLoader loader;
  private final Inference inference;
  private final Guidance guidance;
  private final History history;
  private final SampleOrder labelledOrder;
  private final SampleOrder unlabelledOrder;
  private int[] pseudoLabels;
  private double bestValidation = -1;
  private int bestStep;
  private Map<String, HostArray> best;

  /**
   * @param threads that make views
   */
  Replica(TrainingPlan plan, Collective collective, ComputeDevice device, int threads) {
    this.plan = plan;
    this.settings = plan.settings();
    this.train = settings.train();
    this.collective = collective;
    this.device = device;
    this.bfloat16 = Precision.isBfloat16(train.precision(), device);
    PretrainedWeights weights =
        plan.weights() == null
            ? null
            : PretrainedWeights.read(train.backbone(), plan.weights(), plan.weightsName());
    this.description = describe(weights);
    this.network = new Network(description, train.freeze(), device);
    network.initialize(settings.seed());
    if (weights != null) {
      network.load(weights.tensors());
    }
    this.optimizer = new SgdNesterov(train, network.trained());
    Configuration hadoop = plan.hadoop().value();
    this.loader =
        new ViewLoader(new SampleSource(hadoop, settings.prepare()), description.views(), threads);
    this.inference = new Inference(network, loader, description.imageSize(), collective, device);
    this.guidance =
        plan.guided()
            ? new Guidance(settings.lsg(), plan.graph(), plan.gcn(), collective, device)
            : null;
    this.history = new History(plan.iterations(), collective.rank() == 0);
    this.labelledOrder = new SampleOrder(plan.labelled(), "order", settings.seed());
    this.unlabelledOrder = new SampleOrder(plan.unlabelled(), "unlabelled order", settings.seed());
  }

  private ModelDescription describe(PretrainedWeights weights) {
    TrainSettings.Normalization normalization = train.normalization();
    if (normalization == TrainSettings.Normalization.AUTO) {
      normalization =
          weights == null ? TrainSettings.Normalization.IMAGENET : weights.normalization();
    }
    LsgSettings lsg = settings.lsg();
    return new ModelDescription(
        train.backbone(),
        weights == null ? "" : weights.variant(),
        plan.labels().size(),
        plan.guided() ? lsg.projector().name().toLowerCase(Locale.ROOT) : Network.NONE,
        plan.guided() ? plan.graph().dimension() : 0,
        train.imageSize(),
        normalization,
        train.featureScale(),
        train.augmentation().cropScaleMin(),
        train.augmentation().resizeFactor(),
        train.augmentation().flip());
  }

  /**
   * Takes all steps; rank 0 writes the model.
   *
   * @return the content of metrics.json
   */
  Map<String, Object> run() {
    LearningRate rate = new LearningRate(train.learningRate(), train.schedule(), plan.iterations());
    long start = System.nanoTime();
    BatchPlan next = batch(0, plan.labelled(), labelledOrder, LABELLED);
    ViewLoader.Pending nextViews = loader.start(next.views());
    for (int step = 0; step < plan.iterations(); step++) {
      BatchPlan batch = next;
      ViewLoader.Pending views = nextViews;
      if (step + 1 < plan.iterations()) {
        next = batch(step + 1, plan.labelled(), labelledOrder, LABELLED);
        nextViews = loader.start(next.views());
      }
      step(step, batch, views, rate.at(step), start);
      boolean last = step + 1 == plan.iterations();
      boolean due = train.validateEvery() > 0 && (step + 1) % train.validateEvery() == 0;
      if ((last || due) && !plan.validation().isEmpty()) {
        validate(step + 1);
      }
    }
    averageStatistics();
    double seconds = (System.nanoTime() - start) / 1e9;
    if (collective.rank() == 0) {
      write();
    }
    collective.barrier();
    return metrics(seconds);
  }

  private BatchPlan batch(int step, List<Sample> samples, SampleOrder order, String purpose) {
    return BatchPlan.of(
        samples,
        order,
        step,
        train.globalBatch(),
        train.views(),
        collective.rank(),
        collective.worldSize(),
        settings.seed(),
        purpose);
  }

  private void step(
      int step, BatchPlan batch, ViewLoader.Pending views, double learningRate, long start) {
    boolean unlabelled = guidance != null && !plan.unlabelled().isEmpty();
    if (unlabelled) {
      refreshPseudoLabels(step);
    }
    try (TensorScope scope = new TensorScope()) {
      network.trained().zeroGradients();
      Tensor features = features(views);
      Tensor logits;
      try (Guard mixed = NeuralOps.autocast(bfloat16, device)) {
        logits = Tensors.to(network.classify(features), Dtype.FLOAT32);
      }
      long[] own = batch.ownLabels();
      Tensor targets = Tensors.to(Tensors.of(own, own.length), Dtype.INT64, device);
      double share = (double) own.length / batch.labels().length;
      Tensor crossEntropy =
          Ops.mul(Ops.crossEntropy(logits, targets, train.labelSmoothing()), share);
      Tensor loss = crossEntropy;
      Map<String, Double> values = new LinkedHashMap<>();
      double guided = 0;
      Tensor projected = null;
      Guidance.Losses losses = null;
      if (guidance != null) {
        projected = network.project(features, true);
        losses = guidance.losses(projected, batch.rows(), batch.labels());
        loss = Ops.add(loss, losses.total());
        guided = Tensors.item(losses.total().detach());
      }
      if (unlabelled) {
        Tensor terms = unlabelledTerms(step);
        loss = Ops.add(loss, Ops.mul(terms, settings.ssl().weight()));
        guided += settings.ssl().weight() * Tensors.item(terms.detach());
      }
      Ops.backward(loss);
      double sum = reduced(crossEntropy.detach().clone());
      requireFinite(sum + guided, step, batch, learningRate);
      collective.allReduceSum(network.trained().gradients());
      optimizer.step(learningRate);
      history.step(sum + guided, sum);
      if ((step + 1) % train.logEvery() == 0 || step + 1 == plan.iterations()) {
        values.put("ce", sum);
        if (losses != null) {
          values.put("align", Tensors.item(losses.align().detach()));
          values.put("reg", Tensors.item(losses.regularization().detach()));
          values.put("projector_norm", Tensors.item(Ops.rowNorms(projected.detach()).mean()));
          values.put(
              "prototype_accuracy", guidance.prototypeAccuracy(losses.projected(), batch.labels()));
        }
        values.put("lr", learningRate);
        double seconds = (System.nanoTime() - start) / 1e9;
        double images = (double) (step + 1) * train.globalBatch() * train.views();
        values.put("images_per_second", images / seconds);
        values.put("seconds_left", seconds / (step + 1) * (plan.iterations() - step - 1));
        history.line(step + 1, values);
      }
    }
  }

  private Tensor features(ViewLoader.Pending views) {
    int size = description.imageSize();
    Tensor images =
        Tensors.to(Tensors.of(views.await(), views.count(), 3, size, size), Dtype.FLOAT32, device);
    try (Guard mixed = NeuralOps.autocast(bfloat16, device)) {
      return network.features(bfloat16 ? NeuralOps.channelsLast(images) : images, true);
    }
  }

  private Tensor unlabelledTerms(int step) {
    BatchPlan batch =
        batch(step, plan.unlabelled(), unlabelledOrder, UNLABELLED).relabelled(pseudoLabels);
    Tensor features = features(loader.start(batch.views()));
    return guidance.losses(network.project(features, true), batch.rows(), batch.labels()).total();
  }

  /** Hard labels by the present classifier, renewed after each pass over the unlabelled samples. */
  private void refreshPseudoLabels(int step) {
    int pass = Math.max(1, plan.unlabelled().size() / train.globalBatch());
    if (step % pass == 0) {
      averageStatistics();
      pseudoLabels =
          inference.labels(
              plan.unlabelled(),
              sample ->
                  ViewLoader.Wanted.random(
                      sample, settings.seed(), "pseudo label", step / pass, 0));
    }
  }

  private double reduced(Tensor scalar) {
    collective.allReduceSum(scalar);
    return Tensors.item(scalar);
  }

  private void averageStatistics() {
    if (collective.worldSize() > 1 && network.statistics().numel() > 0) {
      collective.allReduceSum(network.statistics());
      Ops.mulInPlace(network.statistics(), 1.0 / collective.worldSize());
    }
  }

  /** All replicas see the same loss, so all stop. */
  private void requireFinite(double loss, int step, BatchPlan batch, double learningRate) {
    if (!Double.isFinite(loss)) {
      List<String> ids =
          Arrays.stream(batch.indices()).mapToObj(i -> plan.labelled().get(i).id()).toList();
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "the loss is %s at step %d of %d, at learning rate %.4g, with the samples %s; lower"
                  + " train.learning-rate, or set train.gradient-clip",
              loss,
              step + 1,
              plan.iterations(),
              learningRate,
              ids));
    }
  }

  private void validate(int step) {
    averageStatistics();
    double accuracy = inference.accuracy(plan.validation());
    if (collective.rank() == 0) {
      LOG.info(
          "train step {}/{}  validation accuracy {}",
          step,
          plan.iterations(),
          String.format(Locale.ROOT, "%.4f", accuracy));
    }
    if (accuracy > bestValidation) {
      bestValidation = accuracy;
      bestStep = step;
      best = network.export();
    }
  }

  private void write() {
    ModelFiles files = new ModelFiles(new HadoopFiles(plan.hadoop().value()), plan.outDir());
    Map<String, HostArray> tensors = network.export();
    files.write(description);
    if (best != null) {
      files.write(ModelFiles.VALIDATION_PICKED, best, description);
    }
    if (guidance != null) {
      files.write(
          ModelFiles.PROTOTYPES, Map.of(ModelFiles.PROTOTYPES_TENSOR, guidance.prototypes()));
    }
    files.write(ModelFiles.LAST, tensors, description);
    Map<String, HostArray> checkpoint = new LinkedHashMap<>(tensors);
    checkpoint.put(
        "optimizer.velocity",
        HostArray.of(Tensors.floats(optimizer.velocity()), network.trained().size()));
    files.write(ModelFiles.CHECKPOINT, checkpoint);
  }

  private Map<String, Object> metrics(double seconds) {
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("iterations", plan.iterations());
    metrics.put("replicas", collective.worldSize());
    metrics.put("labelled", plan.labelled().size());
    metrics.put("unlabelled", plan.unlabelled().size());
    metrics.put("parameters", network.trained().size());
    metrics.put("training_seconds", seconds);
    metrics.put("precision", bfloat16 ? "bfloat16" : "float32");
    metrics.put("device", device.toString());
    if (best != null) {
      metrics.put("best_validation_accuracy", bestValidation);
      metrics.put("best_validation_step", bestStep);
    }
    if (guidance != null) {
      double recent = history.recent("prototype_accuracy");
      metrics.put("prototype_accuracy", recent);
      metrics.put("projector_norm", history.recent("projector_norm"));
      boolean collapsed = recent < 2.0 / plan.labels().size();
      metrics.put("collapsed", collapsed);
      if (collapsed && collective.rank() == 0) {
        LOG.warn(
            "the projection tells classes apart no better than chance (prototype accuracy {}):"
                + " the guidance has collapsed, see lsg.normalize-projection",
            recent);
      }
    }
    metrics.putAll(history.metrics());
    return metrics;
  }

  @Override
  public void close() {
    loader.close();
    if (guidance != null) {
      guidance.close();
    }
    optimizer.close();
    network.close();
  }
}
