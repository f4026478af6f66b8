package io.github.lsgspark.tower;

import io.github.lsgspark.backbone.Backbone;
import io.github.lsgspark.backbone.BatchNormalization;
import io.github.lsgspark.torch.Autograd;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.FlatParameters;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.ModeGuard;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.NeuralOps;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A public network's forward pass and training step, and the same by libtorch's bare operators: the
 * loss is the mean square of the features, the step goes against the gradient of all weights. Both
 * run in turn, and what counts is the ratio of each pair.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx3g")
@Warmup(iterations = 2)
@Measurement(iterations = 12)
public class TowerBenchmark {
  private static final int SIDE = 224;
  private static final double RATE = 1e-6;

  @Param({"vit-b14", "convnext-t", "videomae-b", "ast-b"})
  public String network;

  @Param("8")
  public int views;

  @Param("2")
  public int threads;

  private Backbone backbone;
  private FlatParameters parameters;
  private BareOperators bare;
  private Tensor images;

  @Setup(Level.Trial)
  public void prepare() {
    NativeTorch.setThreads(threads);
    long[] input = RealSizes.input(network, SIDE);
    backbone = RealSizes.of(network, input);
    Map<String, HostArray> initial = backbone.initialWeights(1);
    parameters =
        FlatParameters.allocateChannelsLast(
            backbone.parameterShapes(), Set.of(), Dtype.FLOAT32, ComputeDevice.cpu());
    parameters.load(initial);
    Map<String, Tensor> own = new HashMap<>();
    initial.forEach(
        (name, array) -> {
          Tensor tensor = array.tensor();
          own.put(
              name,
              Autograd.leaf(array.shape().length == 4 ? NeuralOps.channelsLast(tensor) : tensor));
        });
    bare = new BareOperators(own);
    SplittableRandom random = new SplittableRandom(2);
    long[] shape = LongStream.concat(LongStream.of(views), Arrays.stream(input)).toArray();
    float[] pixels = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    Tensor all = Tensors.of(pixels, shape);
    images = shape.length == 4 ? NeuralOps.channelsLast(all) : all;
    requireEqual();
  }

  /** What is compared is the same function. */
  private void requireEqual() {
    try (TensorScope scope = new TensorScope();
        ModeGuard none = Autograd.noGrad()) {
      double[] ours = Tensors.doubles(features());
      double[] theirs = Tensors.doubles(bareFeatures());
      for (int i = 0; i < ours.length; i++) {
        if (!(Math.abs(ours[i] - theirs[i]) <= 1e-3 * Math.max(1, Math.abs(theirs[i])))) {
          throw new IllegalStateException("feature " + i + ": " + ours[i] + ", " + theirs[i]);
        }
      }
    }
  }

  private Tensor features() {
    return backbone.features(parameters::parameter, images, BatchNormalization.runningStatistics());
  }

  private Tensor bareFeatures() {
    return switch (network) {
      case "vit-b14" -> bare.vit(images);
      case "videomae-b" -> new BareEncoders(bare).videoMae(images);
      case "ast-b" -> new BareEncoders(bare).ast(images);
      default -> bare.convNext(images);
    };
  }

  /** The two sides' times of one pair, so that what else the machine does meets both. */
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class Pair {
    /** How often the bare operators' time goes into ours, times 1000: JMH prints no fractions. */
    public long bareByOurs;

    public long oursMillis;
    public long bareMillis;

    private void of(boolean oursFirst, Runnable ours, Runnable bare) {
      long first = System.nanoTime();
      (oursFirst ? ours : bare).run();
      long second = System.nanoTime();
      (oursFirst ? bare : ours).run();
      long end = System.nanoTime();
      double one = (second - first) / 1e6;
      double other = (end - second) / 1e6;
      oursMillis = Math.round(oursFirst ? one : other);
      bareMillis = Math.round(oursFirst ? other : one);
      bareByOurs = Math.round(1000 * (oursFirst ? other / one : one / other));
    }
  }

  private boolean oursFirst;

  @Benchmark
  public void forward(Pair pair) {
    oursFirst = !oursFirst;
    pair.of(oursFirst, () -> forward(this::features), () -> forward(this::bareFeatures));
  }

  @Benchmark
  public void step(Pair pair) {
    oursFirst = !oursFirst;
    pair.of(oursFirst, this::step, this::bareStep);
  }

  private static void forward(Supplier<Tensor> features) {
    try (TensorScope scope = new TensorScope();
        ModeGuard none = Autograd.noGrad()) {
      require(Tensors.item(Ops.sum(features.get())));
    }
  }

  private static Tensor loss(Tensor features) {
    return Ops.mean(Ops.mul(features, features).flatten(), 0, false);
  }

  private void step() {
    try (TensorScope scope = new TensorScope()) {
      parameters.zeroGradients();
      Tensor loss = loss(features());
      Autograd.backward(loss);
      Ops.addScaledInPlace(parameters.values(), parameters.gradients(), -RATE);
      require(Tensors.item(loss));
    }
  }

  private void bareStep() {
    try (TensorScope scope = new TensorScope()) {
      Tensor loss = loss(bareFeatures());
      Autograd.backward(loss);
      try (ModeGuard none = Autograd.noGrad()) {
        for (Tensor tensor : bare.tensors().values()) {
          Tensor gradient = Autograd.grad(tensor);
          if (gradient.defined()) {
            Ops.addScaledInPlace(tensor, gradient, -RATE);
            gradient.zero_();
          }
        }
      }
      require(Tensors.item(loss));
    }
  }

  private static void require(double value) {
    if (Double.isNaN(value)) {
      throw new IllegalStateException("not a number");
    }
  }
}
