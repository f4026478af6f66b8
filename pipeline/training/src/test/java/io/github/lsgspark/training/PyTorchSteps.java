package io.github.lsgspark.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.backbone.Backbone;
import io.github.lsgspark.backbone.BatchNormalization;
import io.github.lsgspark.backbone.FormulaWeights;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.torch.Autograd;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.FlatParameters;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.NeuralOps;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.Safetensors;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * Three training steps of a public network as PyTorch takes them: two learning rates, Nesterov
 * momentum, weight decay and a milestone, with weights made by a formula.
 */
final class PyTorchSteps {
  private PyTorchSteps() {}

  /**
   * How far numbers may be from the double-precision run. Three steps carry rounding on: with the
   * kernels for AVX2 the logits of ResNet-50 were 1.2e-4 off.
   */
  private record Tolerance(
      double logits,
      double logitsAfterSteps,
      double gradients,
      double buffers,
      double parameters,
      double changes) {
    static Tolerance of(Dtype dtype) {
      return dtype == Dtype.FLOAT64
          ? new Tolerance(1e-9, 1e-9, 1e-8, 1e-9, 1e-11, 1e-7)
          : new Tolerance(1e-4, 5e-4, 1e-3, 1e-5, 1e-6, 5e-2);
    }
  }

  /**
   * Takes the steps and compares all that was written down of PyTorch's.
   *
   * @param folder of NAME.json and NAME.safetensors
   */
  static void compare(Path folder, String name, Dtype dtype) throws Exception {
    NativeTorch.load();
    JsonNode meta = new ObjectMapper().readTree(folder.resolve(name + ".json").toFile());
    Map<String, HostArray> golden = Safetensors.map(folder.resolve(name + ".safetensors"));
    Tolerance tolerance = Tolerance.of(dtype);
    TrainSettings settings = settings(meta.path("base_lr").asDouble());
    LearningRate rate = new LearningRate(settings.learningRate(), settings.schedule(), 3);
    try (TensorScope scope = new TensorScope();
        Run run = new Run(name, meta, dtype);
        SgdNesterov optimizer =
            new SgdNesterov(
                SgdNesterov.Rates.of(settings, LayerRates.none()),
                run.parameters,
                new WeightDecay(run.parameters, settings.weightDecay()))) {
      compare(golden, "f64/eval_logits", run.evaluate(), tolerance.logits());
      Tensor start = run.parameters.values().clone();
      for (int step = 0; step < 3; step++) {
        run.parameters.zeroGradients();
        Tensor logits = run.logits(BatchNormalization.batchStatistics());
        Tensor loss = Ops.crossEntropy(logits, run.labels, 0);
        assertThat(Tensors.item(loss))
            .isCloseTo(meta.path("f64_losses").path(step).asDouble(), within(tolerance.logits()));
        Autograd.backward(loss);
        if (step == 0) {
          compare(golden, "f64/train_logits_step1", logits, tolerance.logits());
          run.compareNorms("f64_grad_l2", run.parameters.gradients(), tolerance.gradients(), 1e-6);
          run.compareBuffers(tolerance.buffers());
        }
        assertThat(rate.at(step))
            .isCloseTo(meta.path("lrs_used").path(step).path(0).asDouble(), within(1e-15));
        optimizer.step(rate.at(step));
      }
      compare(golden, "f64/eval_logits_after_3", run.evaluate(), tolerance.logitsAfterSteps());
      run.compareNorms("f64_param_l2_after_3", run.parameters.values(), tolerance.parameters(), 0);
      run.compareNorms(
          "f64_param_delta_l2_after_3",
          Ops.sub(run.parameters.values(), start),
          tolerance.changes(),
          1e-7);
    }
  }

  private static TrainSettings settings(double learningRate) {
    return SettingsLoader.parse(
            """
            train {
              learning-rate = %s, head-multiplier = 10, momentum = 0.9, weight-decay = 1e-4
              gradient-clip = 0
              schedule { kind = multi-step, milestones = [2], gamma = 0.1 }
            }
            """
                .formatted(learningRate))
        .train();
  }

  private static void compare(
      Map<String, HostArray> golden, String key, Tensor actual, double tolerance) {
    double[] expected = golden.get(key).doubles();
    double[] values = Tensors.doubles(actual);
    assertThat(values).as(key).hasSameSizeAs(expected);
    for (int i = 0; i < values.length; i++) {
      assertThat(values[i]).as(key).isCloseTo(expected[i], within(tolerance));
    }
  }

  /** A network, its classifier and the one batch. */
  private static final class Run implements AutoCloseable {
    private final JsonNode meta;
    private final Backbone backbone;
    private final FlatParameters parameters;
    private final FlatParameters buffers;
    private final Tensor images;
    private final Tensor labels;

    Run(String name, JsonNode meta, Dtype dtype) {
      this.meta = meta;
      this.backbone = FormulaWeights.network(name);
      Map<String, long[]> shapes = new LinkedHashMap<>(backbone.parameterShapes());
      shapes.put(Network.CLASSIFIER + ".weight", new long[] {10, backbone.featureDimension()});
      shapes.put(Network.CLASSIFIER + ".bias", new long[] {10});
      parameters = FlatParameters.allocate(shapes, Set.of(), dtype, ComputeDevice.cpu());
      buffers =
          FlatParameters.allocate(
              backbone.bufferShapes(),
              backbone.bufferShapes().keySet(),
              dtype,
              ComputeDevice.cpu());
      Map<String, HostArray> weights = new LinkedHashMap<>();
      FormulaWeights.of(meta).forEach((key, array) -> weights.put(own(key), array));
      assertThat(weights.keySet()).containsAll(shapes.keySet()).containsAll(buffers.names());
      parameters.load(weights);
      buffers.load(weights);
      images = Tensors.to(FormulaWeights.image(meta.path("input")), dtype);
      int count = meta.path("labels").size();
      labels =
          Tensors.of(
              IntStream.range(0, count)
                  .mapToLong(i -> meta.path("labels").path(i).asLong())
                  .toArray(),
              count);
    }

    /** torchvision and timm call the classifier fc and head. */
    private static String own(String name) {
      return name.replaceFirst("^(fc|head)\\.", Network.CLASSIFIER + ".");
    }

    private Tensor tensor(String name) {
      return buffers.names().contains(name) ? buffers.parameter(name) : parameters.parameter(name);
    }

    Tensor logits(BatchNormalization normalization) {
      Tensor features = backbone.features(this::tensor, images, normalization);
      return NeuralOps.linear(
          features, tensor(Network.CLASSIFIER + ".weight"), tensor(Network.CLASSIFIER + ".bias"));
    }

    Tensor evaluate() {
      return logits(BatchNormalization.runningStatistics()).detach();
    }

    void compareNorms(String key, Tensor flat, double relative, double absolute) {
      JsonNode expected = meta.path(key);
      Tensor exact = Tensors.to(flat, Dtype.FLOAT64);
      assertThat(expected.size()).isEqualTo(parameters.names().size());
      expected
          .properties()
          .forEach(
              entry -> {
                String name = own(entry.getKey());
                double norm =
                    Ops.norm(Ops.narrow(exact, 0, parameters.offset(name), parameters.size(name)));
                double value = entry.getValue().asDouble();
                assertThat(norm)
                    .as(key + " " + name)
                    .isCloseTo(value, within(relative * value + absolute));
              });
    }

    void compareBuffers(double tolerance) {
      JsonNode expected = meta.path("f64_running_after_1_forward");
      assertThat(expected.size()).isEqualTo(buffers.names().size());
      expected
          .properties()
          .forEach(
              entry -> {
                double[] values = Tensors.doubles(buffers.parameter(entry.getKey()));
                double squares = 0;
                for (double value : values) {
                  squares += value * value;
                }
                double norm = entry.getValue().path("l2").asDouble();
                assertThat(Math.sqrt(squares))
                    .as(entry.getKey())
                    .isCloseTo(norm, within(tolerance * norm));
                for (int i = 0; i < entry.getValue().path("first").size(); i++) {
                  assertThat(values[i])
                      .as(entry.getKey())
                      .isCloseTo(
                          entry.getValue().path("first").path(i).asDouble(),
                          within(tolerance * norm));
                }
              });
    }

    @Override
    public void close() {
      parameters.close();
      buffers.close();
    }
  }
}
