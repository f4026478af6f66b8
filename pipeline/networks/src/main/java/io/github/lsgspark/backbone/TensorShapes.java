package io.github.lsgspark.backbone;

import java.util.LinkedHashMap;
import java.util.Map;

/** Collects parameter and buffer shapes in state-dict order. */
public final class TensorShapes {
  final Map<String, long[]> parameters = new LinkedHashMap<>();
  final Map<String, long[]> buffers = new LinkedHashMap<>();

  /** A convolution of images with a square kernel. */
  public void conv(String name, int out, int in, int kernel, boolean bias) {
    parameters.put(name + ".weight", new long[] {out, in, kernel, kernel});
    if (bias) {
      parameters.put(name + ".bias", new long[] {out});
    }
  }

  /**
   * A convolution over time, height and width, without bias.
   *
   * @param duration of the kernel
   * @param side of the kernel
   */
  public void conv3d(String name, int out, int in, int duration, int side) {
    parameters.put(name + ".weight", new long[] {out, in, duration, side, side});
  }

  /** A matrix and a bias. */
  public void linear(String name, int out, int in) {
    parameters.put(name + ".weight", new long[] {out, in});
    parameters.put(name + ".bias", new long[] {out});
  }

  /** A matrix, and a bias if it has one. */
  public void matrix(String name, int out, int in, boolean biased) {
    parameters.put(name + ".weight", new long[] {out, in});
    if (biased) {
      parameters.put(name + ".bias", new long[] {out});
    }
  }

  /** A parameter of one dimension, by its whole name. */
  public void vector(String name, int length) {
    parameters.put(name, new long[] {length});
  }

  /** A parameter of any shape, by its whole name. */
  public void array(String name, long... shape) {
    parameters.put(name, shape);
  }

  /** A convolution of groups of channels. */
  public void conv(String name, int out, int in, int kernel, Convolution form) {
    conv(name, out, in / form.groups(), kernel, form.biased());
  }

  /** Gain and bias of a layer normalisation. */
  public void layerNorm(String name, int width) {
    parameters.put(name + ".weight", new long[] {width});
    parameters.put(name + ".bias", new long[] {width});
  }

  /** Gain and bias of a batch normalisation, and its running statistics. */
  public void batchNorm(String name, int channels) {
    parameters.put(name + ".weight", new long[] {channels});
    parameters.put(name + ".bias", new long[] {channels});
    buffers.put(name + ".running_mean", new long[] {channels});
    buffers.put(name + ".running_var", new long[] {channels});
  }
}
