package io.github.lsgspark.jobs.gpucheck;

import io.github.lsgspark.backbone.Backbone;
import io.github.lsgspark.backbone.Backbones;
import io.github.lsgspark.backbone.BatchNormalization;
import io.github.lsgspark.torch.Autograd;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.FlatParameters;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.ModeGuard;
import io.github.lsgspark.torch.NeuralOps;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.Tensors;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;

/**
 * A network with a classifier on one device, with the same weights wherever it lies: what a
 * training step does, forward and backward.
 */
final class TrialNetwork implements AutoCloseable {
  private static final int CLASSES = 100;
  private static final String WEIGHT = "classifier.weight";
  private static final String BIAS = "classifier.bias";

  private final Backbone backbone;
  private final Layout layout;
  private final FlatParameters weights;
  private final FlatParameters buffers;

  /**
   * Where and how it lies.
   *
   * @param dtype of its weights and of its input
   * @param channelsLast whether channels are innermost in memory
   */
  record Layout(ComputeDevice device, Dtype dtype, boolean channelsLast) {}

  /**
   * @param name as train.backbone has it
   * @param input shape of one sample
   */
  TrialNetwork(String name, long[] input, Layout layout) {
    this.layout = layout;
    backbone = Backbones.of(name, "", input);
    Map<String, long[]> shapes = new LinkedHashMap<>(backbone.parameterShapes());
    int width = backbone.featureDimension();
    shapes.put(WEIGHT, new long[] {CLASSES, width});
    shapes.put(BIAS, new long[] {CLASSES});
    weights =
        layout.channelsLast()
            ? FlatParameters.allocateChannelsLast(shapes, Set.of(), layout.dtype(), layout.device())
            : FlatParameters.allocate(shapes, Set.of(), layout.dtype(), layout.device());
    Map<String, long[]> statistics = backbone.bufferShapes();
    buffers =
        FlatParameters.allocate(statistics, statistics.keySet(), layout.dtype(), layout.device());
    Map<String, HostArray> initial = new LinkedHashMap<>(backbone.initialWeights(1));
    initial.put(WEIGHT, HostArray.of(Draw.centred(5, CLASSES * width, 0.01), CLASSES, width));
    initial.put(BIAS, HostArray.of(new float[CLASSES], CLASSES));
    weights.load(initial);
    buffers.load(initial);
  }

  /** A drawn batch as this network takes it. */
  Tensor samples(int count, long... input) {
    long[] shape = new long[input.length + 1];
    shape[0] = count;
    System.arraycopy(input, 0, shape, 1, input.length);
    Tensor drawn = Tensors.of(Draw.centred(2, Draw.elements(shape), 1), shape);
    Tensor moved = Tensors.to(drawn, layout.dtype(), layout.device());
    return layout.channelsLast() ? NeuralOps.channelsLast(moved) : moved;
  }

  /** Drawn labels of a batch, on this network's device. */
  Tensor labels(int count) {
    return Tensors.onto(Tensors.of(Draw.labels(3, count, CLASSES), count), layout.device());
  }

  private Tensor tensor(String name) {
    return weights.names().contains(name) ? weights.parameter(name) : buffers.parameter(name);
  }

  /** Features of a batch. */
  Tensor features(Tensor samples, BatchNormalization normalization, boolean mixed) {
    try (ModeGuard mode = NeuralOps.autocast(mixed, layout.device())) {
      return backbone.features(this::tensor, samples, normalization);
    }
  }

  /** The loss of features; its gradients are in the weights' buffer. */
  Tensor backward(Tensor features, Tensor labels, boolean mixed) {
    weights.zeroGradients();
    Tensor logits;
    try (ModeGuard mode = NeuralOps.autocast(mixed, layout.device())) {
      logits = NeuralOps.linear(features, tensor(WEIGHT), tensor(BIAS));
    }
    Dtype wide = layout.dtype() == Dtype.FLOAT64 ? Dtype.FLOAT64 : Dtype.FLOAT32;
    Tensor loss = Ops.crossEntropy(Tensors.to(logits, wide), labels, 0);
    Autograd.backward(loss);
    return loss;
  }

  /** A step along the gradients. */
  void descend(double rate) {
    Ops.addScaledInPlace(weights.values(), weights.gradients(), -rate);
  }

  /** All gradients, the parameters in their order and each row by row. */
  double[] gradients() {
    double[] all = new double[Math.toIntExact(weights.size())];
    int place = 0;
    for (String name : weights.names()) {
      double[] part = Tensors.doubles(weights.view(weights.gradients(), name));
      System.arraycopy(part, 0, all, place, part.length);
      place += part.length;
    }
    return all;
  }

  @Override
  public void close() {
    weights.close();
    buffers.close();
    backbone.close();
  }
}
