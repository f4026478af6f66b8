package io.github.lsgspark.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.torch.Autograd;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.FlatParameters;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.ModeGuard;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.NeuralOps;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.Safetensors;
import io.github.lsgspark.torch.ScriptModule;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A module that Python's PyTorch saved (test resources, torchscript/make.py); two of its layers
 * share their weight.
 */
class ScriptBackboneTest {
  private static final long[] INPUT = {3, 16, 16};
  private static byte[] archive;
  private static JsonNode facts;

  @BeforeAll
  static void read() throws IOException {
    NativeTorch.load();
    archive = resource("module.pt");
    facts = new ObjectMapper().readTree(resource("module.json"));
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = ScriptBackboneTest.class.getResourceAsStream("/torchscript/" + name)) {
      return in.readAllBytes();
    }
  }

  private static Tensor images() {
    float[] pixels = new float[2 * 3 * 16 * 16];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) Math.sin(0.37 * i);
    }
    return Tensors.of(pixels, 2, 3, 16, 16);
  }

  @Test
  void trainsAsInPython() {
    try (TensorScope scope = new TensorScope();
        Backbone backbone = Backbones.ofModule(archive, "module.pt", INPUT);
        FlatParameters parameters = flat(backbone.parameterShapes(), Set.of());
        FlatParameters buffers = flat(backbone.bufferShapes(), backbone.bufferShapes().keySet())) {
      assertThat(backbone.featureDimension()).isEqualTo(6);
      assertThat(buffers.names())
          .containsExactlyInAnyOrder(
              "backbone.scale",
              "backbone.net.stem.1.running_mean",
              "backbone.net.stem.1.running_var");
      parameters.load(backbone.initialWeights(1));
      buffers.load(backbone.initialWeights(1));
      Backbone.Weights weights =
          name ->
              buffers.names().contains(name) ? buffers.parameter(name) : parameters.parameter(name);

      Tensor before = backbone.features(weights, images(), BatchNormalization.runningStatistics());
      requireClose(Tensors.doubles(before), facts.path("eval"));
      Tensor features = backbone.features(weights, images(), BatchNormalization.batchStatistics());
      requireClose(Tensors.doubles(features), facts.path("train"));
      Autograd.backward(Ops.sum(Ops.mul(features, features)));
      assertThat(facts.path("gradient_norms").size()).isEqualTo(parameters.names().size());
      for (String name : parameters.names()) {
        double norm =
            Ops.norm(
                Ops.narrow(
                    parameters.gradients(), 0, parameters.offset(name), parameters.size(name)));
        double expected =
            facts.path("gradient_norms").path(name.substring("backbone.".length())).asDouble();
        assertThat(norm).as(name).isCloseTo(expected, within(1e-4 * expected + 1e-6));
      }
      requireClose(
          Tensors.doubles(buffers.parameter("backbone.net.stem.1.running_var")),
          facts.path("running_var"));
    }
  }

  @Test
  void mixedPrecisionGivesFloatFeatures() {
    try (TensorScope scope = new TensorScope();
        Backbone backbone = Backbones.ofModule(archive, "module.pt", INPUT);
        FlatParameters tensors = flat(shapes(backbone), backbone.bufferShapes().keySet());
        ModeGuard mixed = NeuralOps.autocast(true, ComputeDevice.cpu())) {
      tensors.load(backbone.initialWeights(1));
      Tensor features =
          backbone.features(tensors::parameter, images(), BatchNormalization.runningStatistics());
      assertThat(Dtype.of(features)).isEqualTo(Dtype.FLOAT32);
      double[] values = Tensors.doubles(features);
      for (int i = 0; i < values.length; i++) {
        assertThat(values[i]).isCloseTo(facts.path("eval").path(i).asDouble(), within(0.05));
      }
    }
  }

  private static Map<String, long[]> shapes(Backbone backbone) {
    Map<String, long[]> shapes = new LinkedHashMap<>(backbone.parameterShapes());
    shapes.putAll(backbone.bufferShapes());
    return shapes;
  }

  private static FlatParameters flat(Map<String, long[]> shapes, Set<String> frozen) {
    return FlatParameters.allocate(shapes, frozen, Dtype.FLOAT32, ComputeDevice.cpu());
  }

  private static void requireClose(double[] actual, JsonNode expected) {
    assertThat(actual).hasSize(expected.size());
    for (int i = 0; i < actual.length; i++) {
      assertThat(actual[i]).isCloseTo(expected.path(i).asDouble(), within(1e-5));
    }
  }

  @Test
  void layersAreTheModulesAtTheTop() {
    try (Backbone backbone = Backbones.ofModule(archive, "module.pt", INPUT)) {
      assertThat(backbone.layers()).extracting(Backbone.Layer::name).containsExactly("net");
      assertThat(Backbones.frozen(backbone, List.of("net")))
          .isEqualTo(backbone.parameterShapes().keySet());
    }
  }

  @Test
  void whatReturnsNoFeaturesIsRefused() {
    assertRefused("def forward(self, x):\n  return x.mean()\n", "[n, F, h, w]", "[]");
    assertRefused("def forward(self, x):\n  return [x]\n", "one tensor");
    assertRefused(
        "def forward(self, x):\n  return x.view(-1, 100)\n", "views of [3, 16, 16]", "100");
  }

  private static void assertRefused(String forward, String... parts) {
    try (ScriptModule module = ScriptModule.define(Map.of(), Map.of(), Map.of(), forward)) {
      byte[] content = module.save();
      assertThatThrownBy(() -> Backbones.ofModule(content, "mine.pt", INPUT))
          .isInstanceOfSatisfying(
              LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.INPUT))
          .hasMessageContaining("mine.pt")
          .hasMessageContainingAll(parts);
    }
  }

  @Test
  void withoutAFileTheKeyIsNamed() {
    assertThatThrownBy(() -> Backbones.ofModule(null, "", INPUT))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.USAGE))
        .hasMessageContaining("train.weights");
  }

  private static void assertNamed(byte[] content, String... parts) {
    assertThatThrownBy(() -> Backbones.ofModule(content, "mine.pt", INPUT))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.INPUT))
        .hasMessageContaining("mine.pt: ")
        .hasMessageContainingAll(parts)
        .hasMessageNotContaining("\n");
  }

  @Test
  void otherFilesAreCalledWhatTheyAre() throws IOException {
    assertNamed(new byte[0], "is empty", "torch.jit.save");
    assertNamed("<html></html>".getBytes(StandardCharsets.UTF_8), "is an HTML page");
    assertNamed(
        "version https://git-lfs.github.com/spec/v1".getBytes(StandardCharsets.UTF_8),
        "is a Git LFS pointer");
    ByteArrayOutputStream safetensors = new ByteArrayOutputStream();
    Safetensors.write(safetensors, Map.of("w", HostArray.of(new float[] {1}, 1)), Map.of());
    assertNamed(safetensors.toByteArray(), "is something else", "torch.jit.save");
    ByteArrayOutputStream zip = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(zip)) {
      out.putNextEntry(new ZipEntry("archive/data.pkl"));
      out.write(new byte[] {(byte) 0x80, 2, '.'});
    }
    assertNamed(zip.toByteArray(), "is no TorchScript archive");
    assertNamed(Arrays.copyOf(archive, archive.length / 2), "is no TorchScript archive");
  }

  @Test
  void viewsOfOtherChannelsAreNamed() {
    assertThatThrownBy(() -> Backbones.ofModule(archive, "mine.pt", new long[] {1, 16, 16}))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.INPUT))
        .hasMessageContainingAll("mine.pt, tried with views of [1, 16, 16]", "channels");
  }

  @Test
  void aModuleWithoutParametersIsRefused() {
    assertRefused("def forward(self, x):\n  return x.mean([2, 3])\n", "has no parameters");
  }

  @Test
  void parametersThatAreNotFiniteAreNamed() {
    Map<String, HostArray> parameters =
        Map.of("gain", HostArray.of(new float[] {1, Float.POSITIVE_INFINITY, 1}, 3));
    try (ScriptModule module =
        ScriptModule.define(
            parameters,
            Map.of(),
            Map.of(),
            "def forward(self, x):\n  return x.mean([2, 3]) * self.gain\n")) {
      byte[] content = module.save();
      assertNamed(content, "tensor gain[3] holds a value that is no finite number");
    }
  }
}
