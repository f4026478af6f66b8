package io.github.lsgspark.backbone;

import io.github.lsgspark.torch.Autograd;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.FlatParameters;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.NeuralOps;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.LinkedHashMap;
import java.util.Map;
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
 * One step of plain fine-tuning, against which the cost of guidance is held: ResNet-50 and its
 * classifier on views of 224 x 224 pixels, forward, backward and an update of all weights.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx2g")
@Warmup(iterations = 1)
@Measurement(iterations = 3)
public class ResNet50StepBenchmark {
  private static final int PIXELS = 224;
  private static final int CLASSES = 100;

  @Param({"false", "true"})
  public boolean bfloat16;

  @Param("1")
  public int threads;

  @Param("48")
  public int views;

  private Backbone backbone;
  private FlatParameters parameters;
  private FlatParameters buffers;
  private Tensor images;
  private Tensor labels;

  @Setup(Level.Trial)
  public void prepare() {
    NativeTorch.setThreads(threads);
    backbone = Backbones.of("resnet50", "");
    Map<String, HostArray> initial = backbone.initialWeights(1);
    Map<String, long[]> shapes = new LinkedHashMap<>(backbone.parameterShapes());
    shapes.put("classifier.weight", new long[] {CLASSES, backbone.featureDimension()});
    shapes.put("classifier.bias", new long[] {CLASSES});
    parameters = FlatParameters.allocate(shapes, Set.of(), Dtype.FLOAT32, ComputeDevice.cpu());
    buffers =
        FlatParameters.allocate(
            backbone.bufferShapes(),
            backbone.bufferShapes().keySet(),
            Dtype.FLOAT32,
            ComputeDevice.cpu());
    parameters.load(initial);
    buffers.load(initial);
    SplittableRandom random = new SplittableRandom(2);
    float[] pixels = new float[views * 3 * PIXELS * PIXELS];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    images = NeuralOps.channelsLast(Tensors.of(pixels, views, 3, PIXELS, PIXELS));
    long[] classes = random.longs(views, 0, CLASSES).toArray();
    labels = Tensors.of(classes, views);
  }

  @Benchmark
  public double step() throws Exception {
    try (TensorScope scope = new TensorScope()) {
      parameters.zeroGradients();
      Tensor loss;
      try (AutoCloseable autocast = NeuralOps.autocast(bfloat16, ComputeDevice.cpu())) {
        Tensor features =
            backbone.features(this::weight, images, BatchNormalization.batchStatistics());
        Tensor logits =
            NeuralOps.linear(features, weight("classifier.weight"), weight("classifier.bias"));
        loss = Ops.crossEntropy(Tensors.to(logits, Dtype.FLOAT32), labels, 0);
      }
      Autograd.backward(loss);
      Ops.addScaledInPlace(parameters.values(), parameters.gradients(), -1e-3);
      return Tensors.item(loss);
    }
  }

  private Tensor weight(String name) {
    return parameters.names().contains(name) ? parameters.parameter(name) : buffers.parameter(name);
  }
}
