package io.github.lsgspark.training;

import io.github.lsgspark.backbone.Backbone;
import io.github.lsgspark.backbone.Backbones;
import io.github.lsgspark.backbone.BatchNormalization;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.torch.Autograd;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.FlatParameters;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.ModeGuard;
import io.github.lsgspark.torch.NeuralOps;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.Recompute;
import io.github.lsgspark.torch.RowOps;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;

/**
 * Backbone, classifier and, for guided training, projector over flat tensors. Trained parameters
 * lie in one buffer, in the order backbone, projector, classifier; frozen ones in another; running
 * statistics in a third.
 */
final class Network implements AutoCloseable {
  static final String CLASSIFIER = "classifier";
  static final String PROJECTOR = "projector";

  static final String NONE = "none";
  static final String LINEAR = "linear";

  private final ModelDescription description;
  private final Backbone backbone;
  private final Projector projector;
  private final Tuning tuning;
  private final Recompute recompute = new Recompute();
  private final Backbone.Weights weights;
  private final FlatParameters trained;
  private final FlatParameters frozen;
  private final FlatParameters buffers;

  /**
   * A network that is not trained.
   *
   * @param module content of the TorchScript file that the backbone comes from; not looked at for
   *     other backbones
   * @param channelsLast whether convolutions lie as images with channels innermost want them
   */
  Network(ModelDescription description, byte[] module, boolean channelsLast, ComputeDevice device) {
    this(
        description,
        description.network(module),
        Tuning.all(),
        channelsLast,
        device,
        HelperHeads.NONE);
  }

  /**
   * @param backbone closed with this
   * @param tuning what of it is trained
   * @param helpers classifiers that are no part of the model
   */
  Network(
      ModelDescription description,
      Backbone backbone,
      Tuning tuning,
      boolean channelsLast,
      ComputeDevice device,
      HelperHeads helpers) {
    this.description = description;
    this.backbone = backbone;
    this.tuning = tuning;
    this.weights = new TunedWeights(this::tensor, tuning, recompute);
    Map<String, long[]> trainedShapes = new LinkedHashMap<>();
    Map<String, long[]> frozenShapes = new LinkedHashMap<>();
    backbone
        .parameterShapes()
        .forEach(
            (name, shape) ->
                (tuning.frozen().contains(name) ? frozenShapes : trainedShapes).put(name, shape));
    tuning.adapters().ifPresent(own -> trainedShapes.putAll(own.tensors()));
    projector =
        new Projector(
            description.projector(), backbone.featureDimension(), description.dimension());
    trainedShapes.putAll(projector.shapes());
    trainedShapes.put(
        CLASSIFIER + ".weight", new long[] {description.classes(), backbone.featureDimension()});
    trainedShapes.put(CLASSIFIER + ".bias", new long[] {description.classes()});
    trainedShapes.putAll(
        helpers.shapes(
            description.classes(), description.dimension(), backbone.featureDimension()));
    Map<String, long[]> bufferShapes = new LinkedHashMap<>(backbone.bufferShapes());
    bufferShapes.putAll(projector.bufferShapes());
    trained = allocate(trainedShapes, Set.of(), channelsLast, device);
    frozen = allocate(frozenShapes, frozenShapes.keySet(), channelsLast, device);
    buffers = allocate(bufferShapes, bufferShapes.keySet(), false, device);
  }

  private static FlatParameters allocate(
      Map<String, long[]> shapes,
      Set<String> constant,
      boolean channelsLast,
      ComputeDevice device) {
    return channelsLast
        ? FlatParameters.allocateChannelsLast(shapes, constant, Dtype.FLOAT32, device)
        : FlatParameters.allocate(shapes, constant, Dtype.FLOAT32, device);
  }

  /** Whether a parameter belongs to the classifier or the projector, not to the backbone. */
  static boolean isHead(String name) {
    return isClassifier(name) || name.startsWith(PROJECTOR + ".");
  }

  /** Whether a parameter is that of a classifier, on features or on projections. */
  static boolean isClassifier(String name) {
    return name.startsWith(CLASSIFIER + ".") || name.startsWith(HelperHeads.PROJECTED + ".");
  }

  /** Numbers of a feature vector, d. */
  long featureDimension() {
    return backbone.featureDimension();
  }

  int classes() {
    return description.classes();
  }

  /** Classes of the source task, S; its classifier must be there. */
  int sourceClasses() {
    return (int) trained.shape(HelperHeads.SOURCE + ".bias")[0];
  }

  boolean hasProjector() {
    return projector.exists();
  }

  /**
   * Whether batches are normalised on the way to features, other than by a module of the user's.
   */
  boolean normalizesFeatures() {
    return !Backbones.TORCHSCRIPT.equals(description.backbone()) && backbone.normalizesBatches();
  }

  /** Whether batches are normalised on the way from features to projections. */
  boolean normalizesProjections() {
    return projector.isMlp();
  }

  /**
   * Random initial weights: the backbone's own rule; classifier N(0, 0.01) and zero bias as in the
   * reference; projector uniform in ±1/sqrt(inputs), PyTorch's rule for linear layers.
   */
  void initialize(long seed) {
    Map<String, HostArray> arrays = backbone.initialWeights(seed);
    for (String name : trained.names()) {
      if (!backbone.parameterShapes().containsKey(name) && !Adapters.owns(name)) {
        arrays.put(name, InitialHead.values(name, trained::shape, seed));
      }
    }
    tuning.adapters().ifPresent(own -> arrays.putAll(own.initial(seed)));
    arrays.putAll(projector.initialBuffers());
    load(arrays);
  }

  /** Shapes of all tensors by public name. */
  Map<String, long[]> shapes() {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    for (FlatParameters part : List.of(frozen, trained, buffers)) {
      part.names().forEach(name -> shapes.put(name, part.shape(name)));
    }
    return shapes;
  }

  /** Copies the arrays named like tensors of this network into them. */
  void load(Map<String, HostArray> arrays) {
    trained.load(arrays);
    frozen.load(arrays);
    buffers.load(arrays);
  }

  /** The tensors of the model under their public names; adapters are part of the weights. */
  LinkedHashMap<String, HostArray> export() {
    return model(changing());
  }

  /**
   * The model that a state of this network is.
   *
   * @param state as {@link #changing} gave it
   */
  LinkedHashMap<String, HostArray> model(Map<String, HostArray> state) {
    LinkedHashMap<String, HostArray> arrays = frozen.export();
    arrays.putAll(state);
    tuning.adapters().ifPresent(own -> own.merge(arrays));
    arrays.keySet().removeIf(HelperHeads::owns);
    return arrays;
  }

  /** The tensors that a training changes, also those that only it needs. */
  LinkedHashMap<String, HostArray> changing() {
    LinkedHashMap<String, HostArray> arrays = trained.export();
    arrays.putAll(buffers.export());
    return arrays;
  }

  /** Factors of the learning rate by the layer. */
  LayerRates layerRates(TrainSettings train) {
    return LayerRates.of(backbone, train.tuning().layerDecay());
  }

  FlatParameters trained() {
    return trained;
  }

  /** Running statistics of batch normalisation, one after the other. */
  Tensor statistics() {
    return buffers.values();
  }

  private Tensor tensor(String name) {
    if (trained.names().contains(name)) {
      return trained.parameter(name);
    }
    return (frozen.names().contains(name) ? frozen : buffers).parameter(name);
  }

  /**
   * Pooled and scaled features [n,F]. Frozen parameters ask for no gradient, so none is computed in
   * layers that are frozen from the input on.
   */
  Tensor features(Tensor images, BatchNormalization normalization) {
    Tensor pooled = backbone.features(weights, images, normalization);
    return description.featureScale() == 1 ? pooled : Ops.mul(pooled, description.featureScale());
  }

  /** Logits [n,C] of the classifier. */
  Tensor classify(Tensor features) {
    return linear(features, CLASSIFIER);
  }

  /** Logits [n,C] of the classifier on projections. */
  Tensor classifyProjected(Tensor projected) {
    return linear(projected, HelperHeads.PROJECTED);
  }

  /** Logits [n,S] of the source task's classifier. */
  Tensor classifySource(Tensor features) {
    return linear(features, HelperHeads.SOURCE);
  }

  private Tensor linear(Tensor x, String name) {
    return NeuralOps.linear(x, tensor(name + ".weight"), tensor(name + ".bias"));
  }

  /** Unit rows of the classifier with its bias [C,d+1], as they are, without a gradient. */
  Tensor classifierDirections() {
    Tensor weight = tensor(CLASSIFIER + ".weight").detach();
    Tensor bias = tensor(CLASSIFIER + ".bias").detach();
    return RowOps.normalizeRows(Ops.cat(1, weight, bias.unsqueeze(1)), NeuralOps.LEAST_NORM);
  }

  /** The projection [n,D] into the text space, not normalised. */
  Tensor project(Tensor features, BatchNormalization normalization) {
    return projector.of(this::tensor, features, normalization);
  }

  /**
   * Fills the gradients of the trained parameters.
   *
   * @param loss of features of this network
   * @param mode in which they were computed
   */
  void backward(Tensor loss, Supplier<ModeGuard> mode) {
    Autograd.backward(loss);
    recompute.backward(mode);
  }

  /** Whether a parameter's gradient may come in parts, as blocks are computed again. */
  boolean recomputes() {
    return tuning.recompute();
  }

  /** Parameters of the network itself that keep their values. */
  long frozenSize() {
    return frozen.size();
  }

  @Override
  public void close() {
    trained.close();
    frozen.close();
    buffers.close();
    backbone.close();
  }
}
