package io.github.lsgspark.training;

import io.github.lsgspark.backbone.BatchNormalization;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.torch.Autograd;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.ModeGuard;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.NeuralOps;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import io.github.lsgspark.tower.RealSizes;
import io.github.lsgspark.tower.Tower;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A network of a published size on drawn weights: a forward pass, or a step of one of the ways to
 * tune it; {@code PeakMemory} beside it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx3g")
@Warmup(iterations = 1)
@Measurement(iterations = 3)
public class TuningStepBenchmark {
  private static final int CLASSES = 100;

  @Param({"vit-b14"})
  public String network;

  @Param("224")
  public int side;

  @Param("8")
  public int views;

  /** {@code forward}, or a method of {@code train.tuning}, perhaps with blocks computed again. */
  @Param({"forward", "all", "lora", "bias", "last-blocks", "lora+recompute"})
  public String tuning;

  @Param("2")
  public int threads;

  private Network model;
  private Tensor images;
  private Tensor labels;

  @Setup(Level.Trial)
  public void prepare() {
    NativeTorch.setThreads(threads);
    Tower tower = RealSizes.of(network, side);
    String[] words = tuning.replace("forward", "bias").split("\\+");
    TrainSettings train =
        SettingsLoader.parse(
                "data.train = x, train.tuning { method = %s, recompute = %s }"
                    .formatted(words[0], words.length > 1))
            .train();
    ModelDescription description =
        new ModelDescription("auto", "", CLASSES, Network.NONE, 0, null, 1, null);
    model =
        new Network(
            description,
            tower,
            Tuning.of(train, tower),
            true,
            ComputeDevice.cpu(),
            HelperHeads.NONE);
    model.initialize(1);
    images =
        NeuralOps.channelsLast(
            Tensors.zeros(Dtype.FLOAT32, ComputeDevice.cpu(), views, 3, side, side));
    labels = Tensors.of(new long[views], views);
  }

  @Benchmark
  public double one() {
    try (TensorScope scope = new TensorScope()) {
      if (tuning.equals("forward")) {
        try (ModeGuard none = Autograd.noGrad()) {
          return Tensors.item(Ops.sum(features()));
        }
      }
      model.trained().zeroGradients();
      Tensor loss = Ops.crossEntropy(model.classify(features()), labels, 0);
      model.backward(loss, () -> () -> {});
      Ops.addScaledInPlace(model.trained().values(), model.trained().gradients(), -1e-6);
      return Tensors.item(loss);
    }
  }

  private Tensor features() {
    return model.features(images, BatchNormalization.runningStatistics());
  }

  @TearDown(Level.Trial)
  public void close() {
    model.close();
  }
}
