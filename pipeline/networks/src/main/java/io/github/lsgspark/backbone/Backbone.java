package io.github.lsgspark.backbone;

import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.NeuralOps;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;

/**
 * A network without its classifier, as a function of its parameters. Names are the public ones
 * (torchvision, timm); the caller owns the tensors, so that they can lie in one flat buffer.
 */
public interface Backbone extends AutoCloseable {

  /** The tensors of a network, and what is done with them on the way. */
  interface Weights {
    /** A parameter or buffer by name. */
    Tensor get(String name);

    /**
     * A linear layer: x Wᵀ, plus b where it has one. What is learned beside W, adds here.
     *
     * @param name of the layer, without {@code .weight}
     */
    default Tensor linear(Tensor x, String name, boolean biased) {
      Tensor weight = get(name + ".weight");
      return biased
          ? NeuralOps.linear(x, weight, get(name + ".bias"))
          : NeuralOps.linear(x, weight);
    }

    /** A part of the network that may forget what it computed, and compute it again. */
    default Tensor segment(Tensor x, UnaryOperator<Tensor> part) {
      return part.apply(x);
    }

    /** The tensors whose names begin with a prefix, without it. */
    default Weights within(String prefix) {
      return new WeightsWithin(this, prefix);
    }
  }

  /** Shapes of the trained tensors, in the order of the public state dict. */
  Map<String, long[]> parameterShapes();

  /** Shapes of the running statistics of batch normalisation; empty if there is none. */
  Map<String, long[]> bufferShapes();

  /** Length F of a feature vector. */
  int featureDimension();

  /** Layers in forward order; a layer is a prefix of parameter names. */
  List<Layer> layers();

  /** Layers whose outputs it offers while features are computed, in forward order. */
  default List<LayerOutput> outputs() {
    return List.of();
  }

  /**
   * The layers whose pooled outputs, side by side, suit a head on frozen features: names of {@link
   * #outputs}. Of a network that offers none, its own features.
   */
  default List<String> featureLayers() {
    return List.of(LayerOutput.FEATURES);
  }

  /** Whether batches are normalised on the way to features. */
  default boolean normalizesBatches() {
    return !bufferShapes().isEmpty();
  }

  /**
   * Pooled features.
   *
   * @param images [n, 3, height, width], or clips [n, 3, T, height, width]
   * @param outputs takes the outputs of {@link #outputs} on the way
   * @return [n, F], float
   */
  <V> V features(Layers<V> layers, V images, LayerOutputs<V> outputs);

  /**
   * Pooled features.
   *
   * @param images [n, 3, height, width], or clips [n, 3, T, height, width]
   * @return [n, F], float
   */
  default <V> V features(Layers<V> layers, V images) {
    return features(layers, images, (layer, output) -> {});
  }

  /**
   * Computes pooled features.
   *
   * @param images [n, 3, height, width], or clips [n, 3, T, height, width]
   * @return [n, F], float
   */
  default Tensor features(Weights weights, Tensor images, BatchNormalization normalization) {
    return features(new TensorLayers(weights, normalization), images);
  }

  /**
   * Random weights and the running statistics that belong to them.
   *
   * @param seed decides together with a tensor's name
   */
  default Map<String, HostArray> initialWeights(long seed) {
    Map<String, HostArray> arrays = new LinkedHashMap<>();
    parameterShapes().forEach((name, shape) -> arrays.put(name, initial(name, shape, seed)));
    bufferShapes()
        .forEach(
            (name, shape) ->
                arrays.put(name, InitialValues.constant(shape, name.endsWith("var") ? 1 : 0)));
    return arrays;
  }

  /**
   * Random values of one parameter: He et al. (2015) normal for convolutions (fan-out), ones for
   * gains and scales, zeros for biases.
   */
  default HostArray initial(String name, long[] shape, long seed) {
    if (shape.length == 1) {
      return InitialValues.constant(shape, name.endsWith("bias") ? 0 : 1);
    }
    double deviation = Math.sqrt(2.0 / (InitialValues.size(shape) / shape[1]));
    return InitialValues.drawn(name, shape, seed, random -> deviation * random.nextGaussian());
  }

  /** A tensor of a published file in the shape this network needs, if there is a way. */
  default HostArray fitted(String name, HostArray array) {
    return array;
  }

  /** Whether a tensor of a published file is known to be no part of the network. */
  default boolean leavesOut(String name) {
    return false;
  }

  /** Frees what the network holds beside its parameters, which are the caller's. */
  @Override
  default void close() {}

  /**
   * Translates the names of a published file to this network's, if it knows the file's style.
   *
   * @return null for names that are not part of the backbone
   */
  default UnaryOperator<String> translator(Iterable<String> names) {
    return UnaryOperator.identity();
  }

  /** A part of the network that can be frozen: a name, and its parameters or their prefixes. */
  record Layer(String name, List<String> aliases, List<String> prefixes) {
    /** A layer without other names. */
    public static Layer of(String name, String... prefixes) {
      return new Layer(name, List.of(), List.of(prefixes));
    }

    /** Whether a parameter is one of this layer. */
    public boolean owns(String parameter) {
      return prefixes.stream()
          .anyMatch(prefix -> parameter.equals(prefix) || parameter.startsWith(prefix + "."));
    }

    /** Whether it has a name, or an alias. */
    public boolean isNamed(String wanted) {
      return name.equals(wanted) || aliases.contains(wanted);
    }
  }
}
