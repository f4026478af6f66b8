package io.github.lsgspark.backbone;

import io.github.lsgspark.torch.AttentionOps;
import io.github.lsgspark.torch.NeuralOps;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.RowOps;
import io.github.lsgspark.torch.ScriptModule;
import org.bytedeco.pytorch.Tensor;

/**
 * Computes a network at once, on the tensors that hold its parameters.
 *
 * @param weights parameters and buffers by public name
 * @param normalization how batch normalisation takes its statistics
 */
public record TensorLayers(Backbone.Weights weights, BatchNormalization normalization)
    implements Layers<Tensor>, TensorArrays {

  @Override
  public Layers<Tensor> within(String prefix) {
    return new TensorLayers(weights.within(prefix), normalization);
  }

  private Tensor weight(String name) {
    return weights.get(name + ".weight");
  }

  private Tensor bias(String name) {
    return weights.get(name + ".bias");
  }

  @Override
  public Tensor conv3d(Tensor x, String name, int[] stride, int[] padding) {
    return NeuralOps.conv3d(x, weight(name), stride, padding);
  }

  @Override
  public Tensor batchNorm(Tensor x, String name) {
    return normalization.apply(
        x,
        weight(name),
        bias(name),
        weights.get(name + ".running_mean"),
        weights.get(name + ".running_var"));
  }

  @Override
  public Tensor layerNorm(Tensor x, String name, double epsilon) {
    return NeuralOps.layerNorm(x, weight(name), bias(name), epsilon);
  }

  @Override
  public Tensor relu(Tensor x) {
    return Ops.relu(x);
  }

  @Override
  public Tensor gelu(Tensor x) {
    return NeuralOps.gelu(x);
  }

  @Override
  public Tensor add(Tensor a, Tensor b) {
    return Ops.add(a, b);
  }

  @Override
  public Tensor scale(Tensor x, double factor) {
    return Ops.mul(x, factor);
  }

  @Override
  public Tensor addParameter(Tensor x, String name) {
    return Ops.add(x, weights.get(name));
  }

  @Override
  public Tensor maxPool(Tensor x, int window, int stride, int padding, boolean ceil) {
    return NeuralOps.maxPool2d(x, window, stride, padding, ceil);
  }

  @Override
  public Tensor globalAveragePool(Tensor x) {
    return NeuralOps.globalAveragePool(x);
  }

  @Override
  public Tensor averagePool(Tensor x, int window) {
    return NeuralOps.averagePool2d(x, window);
  }

  @Override
  public Tensor transpose(Tensor x, int first, int second) {
    return Ops.transpose(x, first, second);
  }

  @Override
  public Tensor mean(Tensor x, int dimension) {
    return Ops.mean(x, dimension, false);
  }

  @Override
  public Tensor largest(Tensor x, int dimension) {
    return Ops.largest(x, dimension, false);
  }

  @Override
  public Tensor globalAveragePool3d(Tensor x) {
    return NeuralOps.globalAveragePool3d(x);
  }

  @Override
  public Tensor framesAsImages(Tensor clips) {
    return NeuralOps.framesAsImages(clips);
  }

  @Override
  public Tensor meanOverFrames(Tensor vectors, int frames) {
    return RowOps.meanOfGroups(vectors, frames);
  }

  @Override
  public Tensor attendedOverFrames(Tensor vectors, int frames, String rows, double temperature) {
    Tensor best = Ops.largest(NeuralOps.linear(vectors, weights.get(rows)), 1);
    Tensor shares = Ops.softmax(Ops.div(best.view(-1, frames), temperature), 1);
    return RowOps.weightedSumOfGroups(vectors, shares);
  }

  @Override
  public Tensor catChannels(Tensor a, Tensor b) {
    return Ops.cat(1, a, b);
  }

  @Override
  public Tensor padChannels(Tensor x, int front, int back) {
    return NeuralOps.padChannels(x, front, back);
  }

  @Override
  public Tensor subsample(Tensor x, int step) {
    return NeuralOps.subsample(x, step);
  }

  @Override
  public Tensor places(Tensor x) {
    return NeuralOps.places(x);
  }

  @Override
  public Tensor prependToken(Tensor x, String name) {
    return NeuralOps.prependToken(x, weights.get(name));
  }

  @Override
  public Tensor token(Tensor x, int index) {
    return NeuralOps.token(x, index);
  }

  @Override
  public Tensor withoutFirst(Tensor x, int count) {
    return Ops.narrow(x, 1, count, x.size(1) - count);
  }

  @Override
  public Tensor signedRoot(Tensor x) {
    return NeuralOps.signedRoot(x);
  }

  @Override
  public Tensor unitNorm(Tensor x) {
    return RowOps.normalizeRows(x, NeuralOps.LEAST_NORM);
  }

  @Override
  public Tensor vectors(Tensor x) {
    return NeuralOps.widened(x);
  }

  @Override
  public Tensor module(Tensor images, ScriptModule module) {
    return ScriptBackbone.run(module, images, weights, normalization.training());
  }

  @Override
  public Tensor attention(Tensor queryKeyValue, int heads) {
    long d = queryKeyValue.size(2) / 3;
    return AttentionOps.attention(
        Ops.narrow(queryKeyValue, 2, 0, d),
        Ops.narrow(queryKeyValue, 2, d, d),
        Ops.narrow(queryKeyValue, 2, 2 * d, d),
        heads,
        false);
  }

  @Override
  public Tensor attention(Tensor query, Tensor key, Tensor value, int heads) {
    return AttentionOps.attention(query, key, value, heads, false);
  }
}
