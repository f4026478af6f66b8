package io.github.lsgspark.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.config.TrainSettings;
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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Networks against torchvision's, with weights made by a formula, and against real weights. */
@Tag("real-data")
class BackboneGoldenTest {
  private static final Path SHARED = Path.of(System.getProperty("lsg.shared.dir"));

  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  @ParameterizedTest
  @CsvSource({"resnet18_64, RESNET18", "resnet18_224, RESNET18", "resnet50_64, RESNET50"})
  void resnetsEqualTorchvision(String name, TrainSettings.Backbone kind) throws Exception {
    Path folder = SHARED.resolve("plm/backbone");
    JsonNode meta = new ObjectMapper().readTree(folder.resolve(name + ".json").toFile());
    Map<String, HostArray> expected = Safetensors.map(folder.resolve(name + ".safetensors"));
    Backbone backbone = Backbones.of(kind, "");
    Map<String, long[]> shapes = new LinkedHashMap<>(backbone.parameterShapes());
    shapes.put("fc.weight", new long[] {10, backbone.featureDimension()});
    shapes.put("fc.bias", new long[] {10});
    try (TensorScope scope = new TensorScope();
        FlatParameters parameters =
            FlatParameters.allocate(shapes, Set.of(), Dtype.FLOAT32, ComputeDevice.cpu());
        FlatParameters buffers =
            FlatParameters.allocate(
                backbone.bufferShapes(),
                backbone.bufferShapes().keySet(),
                Dtype.FLOAT32,
                ComputeDevice.cpu())) {
      Map<String, HostArray> weights = FormulaWeights.of(meta, kind);
      parameters.load(weights);
      buffers.load(weights);
      for (String parameter : parameters.names()) {
        assertThat(meta.path("state_dict").toString()).contains("\"" + parameter + "\"");
      }
      Tensor image = FormulaWeights.image(meta.path("input"));
      Backbone.Weights lookup =
          key -> buffers.names().contains(key) ? buffers.parameter(key) : parameters.parameter(key);
      compare(expected, "f64/eval_logits", logits(backbone, lookup, image, false), 1e-4);

      Tensor labels =
          Tensors.of(
              IntStream.range(0, meta.path("labels").size())
                  .mapToLong(i -> meta.path("labels").path(i).asLong())
                  .toArray(),
              meta.path("labels").size());
      Tensor velocity = Tensors.zeros(Dtype.FLOAT32, ComputeDevice.cpu(), parameters.size());
      for (int step = 0; step < 3; step++) {
        parameters.zeroGradients();
        Tensor logits = logits(backbone, lookup, image, true);
        if (step == 0) {
          compare(expected, "f64/train_logits_step1", logits, 1e-4);
        }
        Tensor loss = Ops.crossEntropy(logits, labels, 0);
        assertThat(Tensors.item(loss))
            .isCloseTo(meta.path("f64_losses").path(step).asDouble(), within(1e-4));
        Ops.backward(loss);
        if (step == 0) {
          gradients(meta, parameters);
        }
        sgd(parameters, velocity, meta.path("lrs_used").path(step));
      }
      compare(expected, "f64/eval_logits_after_3", logits(backbone, lookup, image, false), 1e-4);
    }
  }

  private static Tensor logits(
      Backbone backbone, Backbone.Weights lookup, Tensor image, boolean training) {
    Tensor features = backbone.features(lookup, image, training);
    return NeuralOps.linear(features, lookup.get("fc.weight"), lookup.get("fc.bias"));
  }

  private static void gradients(JsonNode meta, FlatParameters parameters) {
    for (String parameter : parameters.names()) {
      double norm =
          Ops.norm(
              Ops.narrow(
                  parameters.gradients(),
                  0,
                  parameters.offset(parameter),
                  parameters.size(parameter)));
      double expected = meta.path("f64_grad_l2").path(parameter).asDouble();
      assertThat(norm).as(parameter).isCloseTo(expected, within(1e-3 * expected + 1e-6));
    }
  }

  /** Nesterov momentum 0.9, weight decay 1e-4, the classifier at its own rate. */
  private static void sgd(FlatParameters parameters, Tensor velocity, JsonNode rates) {
    Ops.addScaledInPlace(parameters.gradients(), parameters.values(), 1e-4);
    Ops.mulInPlace(velocity, 0.9);
    Ops.addScaledInPlace(velocity, parameters.gradients(), 1);
    Tensor update = Ops.addScaled(parameters.gradients(), velocity, 0.9);
    for (String parameter : parameters.names()) {
      double rate = rates.path(parameter.startsWith("fc.") ? 1 : 0).asDouble();
      long offset = parameters.offset(parameter);
      long size = parameters.size(parameter);
      Ops.addScaledInPlace(
          Ops.narrow(parameters.values(), 0, offset, size),
          Ops.narrow(update, 0, offset, size),
          -rate);
    }
  }

  @Test
  void squeezeNetWithRealWeights() throws Exception {
    Map<String, HostArray> golden =
        Safetensors.map(SHARED.resolve("plm/realweights/realweights.safetensors"));
    PretrainedWeights weights =
        pretrained(
            TrainSettings.Backbone.SQUEEZENET1_1,
            "data/models/squeezenet-imagenet-notop/squeezenet1_1_notop.safetensors");
    assertThat(weights.normalization()).isEqualTo(TrainSettings.Normalization.CAFFE_BGR);
    try (TensorScope scope = new TensorScope()) {
      Tensor images = golden.get("squeezenet.input4_f32").tensor();
      Tensor features = features(TrainSettings.Backbone.SQUEEZENET1_1, weights, images);
      double[] expected = golden.get("squeezenet.pooled_f64").doubles();
      double[] actual = Tensors.doubles(features);
      for (int i = 0; i < actual.length; i++) {
        assertThat(actual[i]).isCloseTo(expected[i], within(1e-3));
      }
    }
  }

  @Test
  void cifarResNetWithRealWeights() throws Exception {
    Map<String, HostArray> golden =
        Safetensors.map(SHARED.resolve("plm/realweights/realweights.safetensors"));
    PretrainedWeights weights =
        pretrained(
            TrainSettings.Backbone.RESNET20_CIFAR,
            "data/models/resnet-cifar10/resnet20.safetensors");
    double[] mean = {.485, .456, .406};
    double[] deviation = {.229, .224, .225};
    double[] raw = golden.get("raw_uint8_nhwc_rgb").doubles();
    float[] input = new float[raw.length];
    for (int n = 0; n < 8; n++) {
      for (int c = 0; c < 3; c++) {
        for (int pixel = 0; pixel < 1024; pixel++) {
          input[(n * 3 + c) * 1024 + pixel] =
              (float) ((raw[(n * 1024 + pixel) * 3 + c] / 255 - mean[c]) / deviation[c]);
        }
      }
    }
    try (TensorScope scope = new TensorScope()) {
      Tensor features =
          features(TrainSettings.Backbone.RESNET20_CIFAR, weights, Tensors.of(input, 8, 3, 32, 32));
      compare(golden, "resnet20.pooled64_f64", features, 1e-4);
    }
  }

  private static PretrainedWeights pretrained(TrainSettings.Backbone kind, String file)
      throws Exception {
    return PretrainedWeights.read(
        kind, java.nio.file.Files.readAllBytes(SHARED.resolve(file)), file);
  }

  private static Tensor features(
      TrainSettings.Backbone kind, PretrainedWeights weights, Tensor images) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    weights.tensors().forEach((name, array) -> tensors.put(name, array.tensor()));
    return Backbones.of(kind, weights.variant()).features(tensors::get, images, false);
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
}
