package io.github.lsgspark.backbone;

import io.github.lsgspark.torch.Activation;
import io.github.lsgspark.torch.ArrayOps;
import io.github.lsgspark.torch.AttentionOps;
import io.github.lsgspark.torch.ConstantTensor;
import io.github.lsgspark.torch.NeuralOps;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.SignalOps;
import io.github.lsgspark.torch.Tensors;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;

/** Computes the operations on arrays at once. */
interface TensorArrays extends ArrayLayers<Tensor> {

  /** The parameters and buffers by public name. */
  Backbone.Weights weights();

  @Override
  default Tensor parameter(String name) {
    return weights().get(name);
  }

  @Override
  default Tensor constant(ConstantTensor values, Tensor like) {
    return values.on(Tensors.device(like));
  }

  @Override
  default Tensor linear(Tensor x, String name, boolean biased) {
    return weights().linear(x, name, biased);
  }

  @Override
  default Tensor linear(Tensor x, Tensor weight, Tensor bias) {
    return NeuralOps.linear(x, weight, bias);
  }

  @Override
  default Tensor segment(Tensor x, UnaryOperator<Tensor> part) {
    return weights().segment(x, part);
  }

  @Override
  default Tensor multiply(Tensor a, Tensor b) {
    return Ops.mul(a, b);
  }

  @Override
  default Tensor activate(Tensor x, Activation function) {
    return function.of(x);
  }

  @Override
  default Tensor conv(Tensor x, String name, Convolution form) {
    return NeuralOps.conv2d(
        x,
        weights().get(name + ".weight"),
        form.biased() ? weights().get(name + ".bias") : null,
        form.stride(),
        form.padding(),
        form.groups());
  }

  @Override
  default Tensor conv(
      Tensor x, Tensor weight, Tensor bias, int[] stride, int[] padding, int groups) {
    return NeuralOps.conv2d(x, weight, bias, stride, padding, groups);
  }

  @Override
  default Tensor channelNorm(Tensor x, String name, int channels, double epsilon) {
    return ArrayOps.channelNorm(
        x, weights().get(name + ".weight"), weights().get(name + ".bias"), epsilon);
  }

  @Override
  default Tensor plainNorm(Tensor x, int width, double epsilon) {
    return ArrayOps.plainNorm(x, epsilon);
  }

  @Override
  default Tensor weightNorm(Tensor direction, Tensor gain) {
    return ArrayOps.weightNorm(direction, gain);
  }

  @Override
  default Tensor stretched(Tensor x, int rows, int columns) {
    return ArrayOps.stretched(x, rows, columns);
  }

  @Override
  default Tensor sounding(Tensor samples, ConstantTensor ends) {
    return SignalOps.sounding(samples, constant(ends, samples));
  }

  @Override
  default Tensor withoutPadding(Tensor x, Tensor sounding) {
    return SignalOps.withoutPadding(x, sounding);
  }

  @Override
  default Tensor narrow(Tensor x, int dimension, int from, int length) {
    return Ops.narrow(x, dimension, from, length);
  }

  @Override
  default Tensor select(Tensor x, int dimension, ConstantTensor places) {
    return Ops.indexSelect(x, dimension, places.on(Tensors.device(x)));
  }

  @Override
  default Tensor reshape(Tensor x, int... shape) {
    return ArrayOps.reshape(x, shape);
  }

  @Override
  default Tensor permute(Tensor x, int... order) {
    return ArrayOps.permute(x, order);
  }

  @Override
  default Tensor prepend(Tensor tokens, Tensor x) {
    return NeuralOps.prependToken(x, tokens);
  }

  @Override
  default Tensor padPlaces(Tensor x, int rows, int columns) {
    return ArrayOps.padPlaces(x, rows, columns);
  }

  @Override
  default Tensor rollPlaces(Tensor x, int rows, int columns) {
    return ArrayOps.rollPlaces(x, rows, columns);
  }

  @Override
  default Tensor attention(Tensor query, Tensor key, Tensor value, int heads, Tensor bias) {
    return AttentionOps.attention(query, key, value, heads, bias);
  }

  @Override
  default Tensor rotate(
      Tensor x, ConstantTensor cosines, ConstantTensor sines, ConstantTensor places) {
    return ArrayOps.rotate(x, constant(cosines, x), constant(sines, x), constant(places, x));
  }

  @Override
  default Tensor responseNorm(Tensor x, Tensor weight, Tensor bias) {
    return ArrayOps.responseNorm(x, weight, bias);
  }
}
