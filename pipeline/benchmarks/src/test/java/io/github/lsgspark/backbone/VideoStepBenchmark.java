package io.github.lsgspark.backbone;

import io.github.lsgspark.torch.Autograd;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.FlatParameters;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.NeuralOps;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.Set;
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
 * One step of plain fine-tuning on videos, forward, backward and an update of all weights: a
 * network on 4 clips of 16 frames of 112 x 112 pixels.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx2g")
@Warmup(iterations = 1)
@Measurement(iterations = 3)
public class VideoStepBenchmark {
  private static final long[] CLIP = {3, 16, 112, 112};
  private static final int CLIPS = 4;

  @Param({"r3d-18", "r2plus1d-18", "resnet18"})
  public String network;

  @Param({"false", "true"})
  public boolean bfloat16;

  /** Whether channels lie innermost in memory. */
  @Param({"false", "true"})
  public boolean channelsLast;

  @Param("2")
  public int threads;

  private Backbone backbone;
  private FlatParameters parameters;
  private FlatParameters buffers;
  private Tensor clips;

  @Setup(Level.Trial)
  public void prepare() {
    NativeTorch.load();
    NativeTorch.setThreads(threads);
    backbone = Backbones.of(network, "", CLIP);
    ComputeDevice cpu = ComputeDevice.cpu();
    parameters =
        channelsLast
            ? FlatParameters.allocateChannelsLast(
                backbone.parameterShapes(), Set.of(), Dtype.FLOAT32, cpu)
            : FlatParameters.allocate(backbone.parameterShapes(), Set.of(), Dtype.FLOAT32, cpu);
    buffers =
        FlatParameters.allocate(
            backbone.bufferShapes(), backbone.bufferShapes().keySet(), Dtype.FLOAT32, cpu);
    parameters.load(backbone.initialWeights(1));
    buffers.load(backbone.initialWeights(1));
    SplittableRandom random = new SplittableRandom(2);
    float[] pixels = new float[(int) (CLIPS * CLIP[0] * CLIP[1] * CLIP[2] * CLIP[3])];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    Tensor contiguous = Tensors.of(pixels, CLIPS, CLIP[0], CLIP[1], CLIP[2], CLIP[3]);
    clips = channelsLast ? NeuralOps.channelsLast(contiguous) : contiguous;
  }

  @Benchmark
  public double step() throws Exception {
    try (TensorScope scope = new TensorScope()) {
      parameters.zeroGradients();
      Tensor features;
      try (AutoCloseable autocast = NeuralOps.autocast(bfloat16, ComputeDevice.cpu())) {
        features = backbone.features(this::weight, clips, BatchNormalization.batchStatistics());
      }
      Tensor loss = Ops.mean(Ops.mul(features, features));
      Autograd.backward(loss);
      Ops.addScaledInPlace(parameters.values(), parameters.gradients(), -1e-3);
      return Tensors.item(loss);
    }
  }

  private Tensor weight(String name) {
    return parameters.names().contains(name) ? parameters.parameter(name) : buffers.parameter(name);
  }
}
