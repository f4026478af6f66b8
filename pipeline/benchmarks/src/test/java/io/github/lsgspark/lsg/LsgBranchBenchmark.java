package io.github.lsgspark.lsg;

import io.github.lsgspark.benchmark.RandomTextGraph;
import io.github.lsgspark.torch.Autograd;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.bytedeco.pytorch.Tensor;
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
 * Cost of guidance in one training step: both losses of 48 image nodes and their gradient with
 * respect to the projected features, in the sparse form and in the reference's dense form.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx3g")
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 5, time = 5)
public class LsgBranchBenchmark {
  private static final int IMAGES = 48;
  private static final double ALIGN_WEIGHT = 1;
  private static final double REGULARIZATION_WEIGHT = 8;

  @Param({"100", "200"})
  public int classes;

  @Param("1")
  public int threads;

  private float[] features;
  private int[] labels;
  private Tensor labelTensor;
  private LsgBranch sparse;
  private DenseBranch dense;

  @Setup(Level.Trial)
  public void prepare() {
    NativeTorch.setThreads(threads);
    RandomTextGraph graph = RandomTextGraph.draw(classes, 1);
    int dimension = RandomTextGraph.DIMENSION;
    Tensor weight1 = RandomTextGraph.weights(dimension, dimension, 2).tensor();
    Tensor weight2 = RandomTextGraph.weights(dimension, classes, 3).tensor();
    sparse =
        new LsgBranch(
            graph.guiding(),
            RandomTextGraph.PROMPTS,
            graph.texts(),
            weight1,
            weight2,
            1,
            1,
            Dtype.FLOAT32,
            ComputeDevice.cpu());
    dense = new DenseBranch(graph, weight1, weight2);
    SplittableRandom random = new SplittableRandom(4);
    features = new float[IMAGES * dimension];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) random.nextGaussian();
    }
    labels = new int[IMAGES];
    Arrays.setAll(labels, i -> i < IMAGES / 2 ? random.nextInt(classes) : 0);
    System.arraycopy(labels, 0, labels, IMAGES / 2, IMAGES / 2);
    labelTensor = Tensors.of(Arrays.stream(labels).asLongStream().toArray(), IMAGES);
    requireAgreement(sparse(), dense());
  }

  private static void requireAgreement(double[] sparse, double[] dense) {
    for (int i = 0; i < sparse.length; i++) {
      if (!(Math.abs(sparse[i] - dense[i]) < 1e-5)) {
        throw new IllegalStateException(
            "gradient "
                + i
                + " is "
                + sparse[i]
                + " in the sparse and "
                + dense[i]
                + " dense form");
      }
    }
  }

  @Benchmark
  public double[] sparse() {
    try (TensorScope scope = new TensorScope()) {
      Tensor projected = projected();
      return gradient(projected, sparse.forward(projected, labels));
    }
  }

  @Benchmark
  public double[] dense() {
    try (TensorScope scope = new TensorScope()) {
      Tensor projected = projected();
      return gradient(projected, dense.forward(projected, labelTensor));
    }
  }

  private Tensor projected() {
    return Autograd.leaf(Tensors.of(features, IMAGES, RandomTextGraph.DIMENSION));
  }

  private double[] gradient(Tensor projected, LsgBranch.Output output) {
    Tensor align = LsgLosses.align(output.logits(), labelTensor);
    Tensor regularization = LsgLosses.regularization(projected, output.hidden());
    Autograd.backward(
        Ops.add(Ops.mul(align, ALIGN_WEIGHT), Ops.mul(regularization, REGULARIZATION_WEIGHT)));
    return Tensors.doubles(Autograd.grad(projected));
  }
}
