package io.github.lsgspark.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.Safetensors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PretrainedWeightsTest {
  private static final String KIND = "resnet20-cifar";

  private final Map<String, HostArray> file =
      new LinkedHashMap<>(Backbones.of(KIND, "").initialWeights(1));

  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  private static final long[] IMAGES = {3, 224, 224};

  private PretrainedWeights read() throws IOException {
    return read(KIND, file);
  }

  private static PretrainedWeights read(String kind, Map<String, HostArray> arrays)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Safetensors.write(bytes, arrays, Map.of());
    return PretrainedWeights.read(
        settings(kind, ""), IMAGES, bytes.toByteArray(), "weights.safetensors");
  }

  private static TrainSettings settings(String kind, String changes) {
    return SettingsLoader.parse("train.backbone = " + kind + "\n" + changes).train();
  }

  private void assertRefused(String... parts) {
    assertThatThrownBy(this::read)
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.INPUT))
        .hasMessageContaining("weights.safetensors")
        .hasMessageContainingAll(parts);
  }

  @Test
  void headsAndBatchCountersAreNotTakenOver() throws IOException {
    int own = file.size();
    file.put("linear.weight", HostArray.of(new float[640], 10, 64));
    file.put("classifier.bias", HostArray.of(new float[10], 10));
    file.put("projector.0.weight", HostArray.of(new float[128], 2, 64));
    file.put("bn1.num_batches_tracked", HostArray.of(new float[1], 1));
    PretrainedWeights weights = read();
    assertThat(weights.tensors()).hasSize(own).doesNotContainKey("linear.weight");
    assertThat(weights.normalization()).isEqualTo(TrainSettings.Normalization.IMAGENET);
  }

  @Test
  void aMissingTensorIsNamed() {
    file.remove("layer2.0.bn1.running_var");
    assertRefused("layer2.0.bn1.running_var", "missing");
  }

  @Test
  void anExtraTensorIsNamed() {
    file.put("layer4.0.conv1.weight", HostArray.of(new float[1], 1));
    assertRefused("layer4.0.conv1.weight", "1 not part of this network");
  }

  @Test
  void aMisshapenTensorIsNamed() {
    file.put("layer1.0.bn1.weight", HostArray.of(new float[8], 8));
    assertRefused("layer1.0.bn1.weight", "[8]", "[16]");
  }

  @Test
  void whatFitsIsTakenOnRequest() throws IOException {
    file.remove("layer2.0.bn1.running_var");
    file.put("layer4.0.conv1.weight", HostArray.of(new float[1], 1));
    file.put("layer1.0.bn1.weight", HostArray.of(new float[8], 8));
    assertRefused("train.partial-weights");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Safetensors.write(bytes, file, Map.of());
    PretrainedWeights weights =
        PretrainedWeights.read(
            settings(KIND, "train.partial-weights = true"), IMAGES, bytes.toByteArray(), "part");
    assertThat(weights.leftOut())
        .containsExactlyInAnyOrder("layer4.0.conv1.weight", "layer1.0.bn1.weight");
    assertThat(weights.unfilled())
        .containsExactlyInAnyOrder("layer2.0.bn1.running_var", "layer1.0.bn1.weight");
    assertThat(weights.tensors()).containsKey("conv1.weight").hasSize(file.size() - 2);
  }

  @Test
  void positionsAreResampledForPicturesOfAnotherSize() throws IOException {
    String kind = "vit-tiny";
    Map<String, HostArray> large = Backbones.of(kind, "", new long[] {3, 48, 48}).initialWeights(1);
    large.put("head.weight", HostArray.of(new float[192], 1, 192));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Safetensors.write(bytes, large, Map.of());
    PretrainedWeights weights =
        PretrainedWeights.read(
            settings(kind, "train.image-size = 32"),
            new long[] {3, 32, 32},
            bytes.toByteArray(),
            "vit");
    assertThat(weights.tensors().get("pos_embed").shape()).containsExactly(1, 5, 192);
    assertThat(weights.tensors().get("cls_token")).isEqualTo(large.get("cls_token"));
    assertThat(weights.normalization()).isEqualTo(TrainSettings.Normalization.INCEPTION);
    assertThat(weights.unfilled()).isEmpty();
  }

  @Test
  void kerasNamesBecomeTorchvisionsAndBringTheirPixels() throws IOException {
    String kind = "squeezenet1_1";
    Map<String, HostArray> own = Backbones.of(kind, "").initialWeights(1);
    Map<String, HostArray> keras = new LinkedHashMap<>();
    int[] places = {3, 4, 6, 7, 9, 10, 11, 12};
    own.forEach(
        (name, array) -> {
          String[] parts = name.split("\\.");
          if (parts.length == 3) {
            keras.put("conv1/" + parts[2], array);
          } else {
            int fire = 2 + java.util.Arrays.binarySearch(places, Integer.parseInt(parts[1]));
            String part = parts[2].equals("squeeze") ? "squeeze1x1" : parts[2];
            keras.put("fire" + fire + "/" + part + "/" + parts[3], array);
          }
        });
    PretrainedWeights weights = read(kind, keras);
    assertThat(weights.tensors().keySet()).isEqualTo(own.keySet());
    own.forEach(
        (name, array) ->
            assertThat(weights.tensors().get(name).floats()).as(name).isEqualTo(array.floats()));
    assertThat(weights.variant()).isEqualTo(PretrainedWeights.KERAS);
    assertThat(weights.normalization()).isEqualTo(TrainSettings.Normalization.CAFFE_BGR);
    assertThat(read(kind, own).variant()).isEmpty();
  }

  @Test
  void weightsTrainedFromKerasOnesStillSeeTheirPixels() throws IOException {
    String kind = "squeezenet1_1";
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Safetensors.write(
        bytes,
        Backbones.of(kind, "").initialWeights(1),
        PretrainedWeights.metadata(
            TrainSettings.Normalization.CAFFE_BGR, PretrainedWeights.KERAS, 1));
    PretrainedWeights weights =
        PretrainedWeights.read(settings(kind, ""), IMAGES, bytes.toByteArray(), "trained");
    assertThat(weights.variant()).isEqualTo(PretrainedWeights.KERAS);
    assertThat(weights.normalization()).isEqualTo(TrainSettings.Normalization.CAFFE_BGR);
  }

  private PretrainedWeights read(String changes) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Safetensors.write(bytes, file, Map.of());
    return PretrainedWeights.read(
        settings(KIND, changes), IMAGES, bytes.toByteArray(), "weights.safetensors");
  }

  private void rename(java.util.function.UnaryOperator<String> change) {
    Map<String, HostArray> renamed = new LinkedHashMap<>();
    file.forEach((name, array) -> renamed.put(change.apply(name), array));
    file.clear();
    file.putAll(renamed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "module.",
        "_orig_mod.",
        "backbone.",
        "model.",
        "encoder.",
        "module.model.",
        "_orig_mod.module.backbone."
      })
  void prefixesOfWrappersAreTakenOff(String prefix) throws IOException {
    Map<String, HostArray> plain = read().tensors();
    rename(name -> prefix + name);
    file.put(prefix + "linear.weight", HostArray.of(new float[640], 10, 64));
    assertThat(read().tensors()).isEqualTo(plain);
    file.put("linear.bias", HostArray.of(new float[10], 10));
    assertThat(read().tensors()).as("a head beside it").isEqualTo(plain);
  }

  /** torch.optim.swa_utils.AveragedModel counts beside the module. */
  @Test
  void averagedWeightsAreTaken() throws IOException {
    rename(name -> "module." + name);
    file.put("n_averaged", HostArray.of(new float[] {100}));
    assertThat(read().unfilled()).isEmpty();
  }

  @Test
  void weightsAndTheirAverageInOneFileAreRefused() {
    Map<String, HostArray> both = new LinkedHashMap<>(file);
    both.forEach((name, array) -> file.put("module." + name, array));
    assertRefused("not part of this network (module.conv1.weight");
  }

  @Test
  void otherPrefixesAreNamed() {
    int all = file.size();
    rename(name -> "student." + name);
    assertRefused(
        "train.backbone = resnet20-cifar: 0 tensors fit",
        all + " missing (conv1.weight of [16, 3, 3, 3], ",
        all + " not part of this network (student.conv1.weight, ",
        ", …)");
  }

  @Test
  void partialWeightsThatFillNothingAreRefused() {
    rename(name -> "student." + name);
    assertThatThrownBy(() -> read("train.partial-weights = true"))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.INPUT))
        .hasMessageContainingAll(
            "weights.safetensors: fills 0 % of the parameters of train.backbone = resnet20-cifar",
            "half or more", "0 tensors fit");
  }

  /** The last stage has three quarters of the numbers. */
  @Test
  void partialWeightsMustFillHalf() throws IOException {
    Map<String, HostArray> all = new LinkedHashMap<>(file);
    file.keySet().removeIf(name -> !name.startsWith("layer3."));
    assertThat(read("train.partial-weights = true").tensors()).hasSameSizeAs(file);
    file.clear();
    file.putAll(all);
    file.keySet().removeIf(name -> name.startsWith("layer3."));
    assertThatThrownBy(() -> read("train.partial-weights = true"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("fills 24 % of the parameters");
  }

  @Test
  void halfPrecisionBecomesFloat() throws IOException {
    HostArray gains = file.get("bn1.weight");
    java.nio.ByteBuffer ones =
        java.nio.ByteBuffer.allocate(32).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 16; i++) {
      ones.putShort(2 * i, (short) 0x3C00);
    }
    file.put("bn1.weight", new HostArray(Dtype.FLOAT16, new long[] {16}, ones));
    assertThat(read().tensors().get("bn1.weight").floats()).isEqualTo(gains.floats());
  }

  @Test
  void integersAndValuesThatAreNotFiniteAreRefused() {
    HostArray sound = file.get("bn1.bias");
    file.put(
        "bn1.bias", new HostArray(Dtype.INT8, new long[] {16}, java.nio.ByteBuffer.allocate(16)));
    assertRefused("tensor bn1.bias has elements of type I8");
    float[] values = sound.floats();
    values[3] = Float.NaN;
    file.put("bn1.bias", HostArray.of(values, 16));
    assertRefused("tensor bn1.bias[16] holds a value that is no finite number (NaN at element 3)");
  }
}
