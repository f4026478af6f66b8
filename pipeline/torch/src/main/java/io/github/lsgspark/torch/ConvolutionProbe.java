package io.github.lsgspark.torch;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * Convolutions as the networks have them, forward and backward, in a process of its own that may
 * die of them: {@code java -Dlsg.convolutions=MODE ConvolutionProbe}. Ends with 0 if it lives.
 */
final class ConvolutionProbe {
  /** What it ends with where the mode cannot be taken. */
  static final int NOT_POSSIBLE = 9;

  private static final int IMAGES = 2;

  /** Channels in and out, side of the map, kernel, stride, padding. */
  private static final List<int[]> CONVOLUTIONS =
      List.of(
          new int[] {3, 64, 64, 7, 2, 3}, // ResNet's first
          new int[] {3, 192, 32, 16, 16, 0}, // patches of a ViT
          new int[] {3, 64, 33, 3, 2, 0}, // SqueezeNet's first
          new int[] {16, 64, 13, 1, 1, 0}, // its fire modules
          new int[] {64, 256, 13, 3, 1, 1},
          new int[] {512, 1000, 6, 1, 1, 0},
          new int[] {64, 64, 56, 1, 1, 0}, // ResNet's blocks
          new int[] {64, 256, 56, 1, 1, 0},
          new int[] {256, 512, 28, 1, 2, 0},
          new int[] {256, 1024, 14, 1, 1, 0},
          new int[] {1024, 256, 14, 1, 1, 0},
          new int[] {256, 1024, 4, 1, 1, 0},
          new int[] {512, 1024, 8, 1, 2, 0},
          new int[] {1024, 2048, 14, 1, 2, 0},
          new int[] {512, 2048, 7, 1, 1, 0},
          new int[] {2048, 512, 7, 1, 1, 0},
          new int[] {2048, 512, 2, 1, 1, 0},
          new int[] {128, 128, 28, 3, 2, 1},
          new int[] {512, 512, 7, 3, 1, 1});

  /** The same of clips, four frames long. */
  private static final List<int[]> OVER_TIME =
      List.of(
          new int[] {3, 64, 32, 3, 1, 1},
          new int[] {64, 128, 14, 1, 2, 0},
          new int[] {256, 512, 8, 1, 2, 0},
          new int[] {64, 128, 14, 3, 2, 1});

  private static final int FRAMES = 4;

  private ConvolutionProbe() {}

  /** Runs all; the exit code tells how it went. */
  public static void main(String[] args) {
    NativeTorch.load();
    if (!NativeTorch.convolutions().label().equals(System.getProperty(ConvolutionMode.PROPERTY))) {
      System.exit(NOT_POSSIBLE);
    }
    for (Dtype dtype : List.of(Dtype.FLOAT32, Dtype.BFLOAT16)) {
      for (boolean channelsLast : new boolean[] {true, false}) {
        CONVOLUTIONS.forEach(shape -> run(shape, 2, dtype, channelsLast));
        OVER_TIME.forEach(shape -> run(shape, 3, dtype, channelsLast));
      }
    }
    // Without the hooks of the JVM's end: it has said what it had to say.
    Runtime.getRuntime().halt(0);
  }

  private static void run(int[] shape, int dimensions, Dtype dtype, boolean channelsLast) {
    try (TensorScope scope = new TensorScope()) {
      long[] input = sides(dimensions, IMAGES, shape[0], shape[2]);
      if (dimensions == 3) {
        input[2] = FRAMES;
      }
      Tensor x = tensor(input, dtype, channelsLast);
      Tensor weight = tensor(sides(dimensions, shape[1], shape[0], shape[3]), dtype, channelsLast);
      long[] stride = filled(dimensions, shape[4]);
      long[] padding = filled(dimensions, shape[5]);
      long[] once = filled(dimensions, 1);
      Tensor y =
          dimensions == 2
              ? torch.conv2d(x, weight, new TensorOptional(), stride, padding, once, 1)
              : torch.conv3d(x, weight, new TensorOptional(), stride, padding, once, 1);
      Autograd.backward(Ops.sum(NeuralOps.widened(y)));
    }
  }

  private static Tensor tensor(long[] shape, Dtype dtype, boolean channelsLast) {
    Tensor tensor = Tensors.zeros(dtype, ComputeDevice.cpu(), shape);
    return (channelsLast ? NeuralOps.channelsLast(tensor) : tensor).set_requires_grad(true);
  }

  private static long[] sides(int dimensions, int first, int second, int side) {
    long[] shape = filled(dimensions + 2, side);
    shape[0] = first;
    shape[1] = second;
    return shape;
  }

  private static long[] filled(int length, long value) {
    long[] values = new long[length];
    Arrays.fill(values, value);
    return values;
  }
}
