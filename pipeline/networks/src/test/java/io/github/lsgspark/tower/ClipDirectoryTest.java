package io.github.lsgspark.tower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.backbone.Backbone;
import io.github.lsgspark.backbone.Backbones;
import io.github.lsgspark.backbone.BatchNormalization;
import io.github.lsgspark.backbone.PretrainedWeights;
import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.Safetensors;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.hadoop.conf.Configuration;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories of networks on clips: their own, and those of images. */
class ClipDirectoryTest {
  private static final String SIZES =
      """
      "hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "patch_size": 8,
      "intermediate_size": 32, "image_size": 16 """;
  private static final String VJEPA =
      "{ \"model_type\": \"vjepa2\", \"crop_size\": 16, \"frames_per_clip\": 6, " + SIZES + "}";
  private static final String CLIP =
      "{ \"model_type\": \"clip_vision_model\", \"projection_dim\": 5, " + SIZES + "}";

  private static final TrainSettings AUTO =
      SettingsLoader.parse("data.modality = video, train { backbone = auto, weights = here }")
          .train();

  @TempDir Path folder;
  private final HadoopFiles files = new HadoopFiles(new Configuration());

  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  private TowerDirectory write(String config, long... input) throws Exception {
    Files.writeString(folder.resolve("config.json"), config);
    try (Tower network =
            Towers.of(
                TowerConfig.parse(config.getBytes(StandardCharsets.UTF_8), "config.json"), input);
        OutputStream out = Files.newOutputStream(folder.resolve("model.safetensors"))) {
      Safetensors.write(out, network.initialWeights(1), Map.of());
    }
    return TowerDirectory.open(files, folder.toString());
  }

  @Test
  void aDirectoryOfClipsSaysWhatTheyAre() throws Exception {
    Files.writeString(
        folder.resolve("video_preprocessor_config.json"),
        """
        { "video_processor_type": "VJEPA2VideoProcessor", "size": { "shortest_edge": 20 },
          "crop_size": { "height": 16, "width": 16 }, "resample": 2,
          "image_mean": [0.1, 0.2, 0.3], "image_std": [0.4, 0.5, 0.6] }
        """);
    TowerDirectory directory = write(VJEPA, 3, 6, 16, 16);
    assertThat(directory.clips()).contains(new ClipSpec(6, 16, 20));
    TowerReport report = TowerReport.of(directory);
    assertThat(report.isWhole()).isTrue();
    assertThat(String.join("\n", report.lines()))
        .contains("vjepa2, made for clips of 6 frames of 16 px")
        .contains(
            "frames     bilinear, the middle 0.800 of the shorter side, mean [0.1, 0.2, 0.3]");
    assertThat(Backbones.kind("auto").modality(directory.variant())).isEqualTo(Modality.VIDEO);
    PretrainedWeights weights =
        PretrainedWeights.read(
            AUTO,
            new long[] {3, 10, 24, 24},
            TowerDirectory.content(files, folder.toString()),
            "dir");
    assertThat(weights.unfilled()).isEmpty();
    assertThatThrownBy(() -> Backbones.of("auto", directory.variant(), new long[] {3, 16, 16}))
        .isInstanceOf(LsgException.class)
        .hasMessage(
            "train.backbone = auto, by its weights, is for data.modality = video, but that was:"
                + " image");
    assertThatThrownBy(() -> Backbones.of("auto", directory.variant(), new long[] {3, 5, 16, 16}))
        .isInstanceOf(LsgException.class)
        .hasMessage(
            "video.frames must be 1 or a multiple of the 2 frames of this network's patches, but"
                + " was: 5");
  }

  /** CLIP's vectors are compared by their angle, so the directions of frames are averaged. */
  @Test
  void aNetworkOfImagesSeesFramesOneByOne() throws Exception {
    TowerDirectory directory = write(CLIP, 3, 16, 16);
    assertThat(directory.clips()).isEmpty();
    try (TensorScope scope = new TensorScope();
        Backbone images = Backbones.of("auto", directory.variant(), new long[] {3, 16, 16});
        Backbone frames = Backbones.of("auto", directory.variant(), new long[] {3, 3, 16, 16})) {
      Tensor clips = random(2 * 3 * 3 * 16 * 16);
      double[] actual = features(frames, clips);
      for (int clip = 0; clip < 2; clip++) {
        double[] mean = new double[5];
        for (int t = 0; t < 3; t++) {
          double[] frame = unit(features(images, clips.narrow(0, clip, 1).select(2, t)));
          for (int i = 0; i < 5; i++) {
            mean[i] += frame[i];
          }
        }
        double[] expected = unit(mean);
        for (int i = 0; i < 5; i++) {
          assertThat(actual[clip * 5 + i]).isCloseTo(expected[i], within(1e-5));
        }
      }
    }
  }

  private static Tensor random(int size) {
    SplittableRandom random = new SplittableRandom(4);
    float[] pixels = new float[size];
    for (int i = 0; i < size; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    return Tensors.of(pixels, 2, 3, 3, 16, 16);
  }

  private static double[] unit(double[] vector) {
    double squares = 0;
    for (double value : vector) {
      squares += value * value;
    }
    double[] unit = vector.clone();
    for (int i = 0; i < unit.length; i++) {
      unit[i] /= Math.sqrt(squares);
    }
    return unit;
  }

  private static double[] features(Backbone backbone, Tensor input) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    backbone.initialWeights(3).forEach((name, array) -> tensors.put(name, array.tensor()));
    return Tensors.doubles(
        backbone.features(tensors::get, input, BatchNormalization.runningStatistics()));
  }

  /** Of every family, the defaults of the public code. */
  @Test
  void defaultsAreThoseOfThePublicCode() {
    for (Map.Entry<String, List<Integer>> family :
        Map.of(
                "videomae", List.of(16, 224),
                "timesformer", List.of(8, 224),
                "vjepa2", List.of(64, 256),
                "vivit", List.of(32, 224))
            .entrySet()) {
      TowerConfig config =
          TowerConfig.parse(
              "{\"model_type\": \"%s\"}"
                  .formatted(family.getKey())
                  .getBytes(StandardCharsets.UTF_8),
              "config.json");
      VideoFamily videos = (VideoFamily) Towers.family(config);
      assertThat(videos.frames(config)).isEqualTo(family.getValue().get(0));
      assertThat(videos.imageSize(config)).isEqualTo(family.getValue().get(1));
      assertThat(videos.pixels(config)).isPresent();
    }
  }
}
