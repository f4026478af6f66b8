package io.github.lsgspark.tower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.PixelSpec;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files that public models come with, as their processors read them. */
class PreprocessingTest {
  private static final String COLOURS =
      "\"image_mean\": [0.5, 0.5, 0.5], \"image_std\": [0.5, 0.5, 0.5], ";

  private static TowerConfig file(String json) {
    return TowerConfig.parse(json.getBytes(StandardCharsets.UTF_8), "preprocessor_config.json");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DINOv2 | 'size': {'shortest_edge': 256}, 'do_center_crop': true, 'crop_size': {'height': 224, 'width': 224}, 'resample': 3 | BICUBIC | true | 0.875",
        "DINOv3 | 'size': {'height': 224, 'width': 224}, 'resample': 2 | BILINEAR | false | 1",
        "CLIP | 'size': {'shortest_edge': 224}, 'do_center_crop': true, 'crop_size': 224, 'resample': 3 | BICUBIC | true | 1",
        "old CLIP | 'size': 224, 'do_center_crop': true, 'crop_size': 224, 'resample': 3 | BICUBIC | true | 1",
        "squashed, then cut | 'size': {'height': 256, 'width': 256}, 'do_center_crop': true, 'crop_size': {'height': 224, 'width': 224}, 'resample': 3 | BICUBIC | false | 0.875",
        "SigLIP | 'size': {'height': 384, 'width': 384}, 'resample': 3 | BICUBIC | false | 1",
        "old ViT | 'size': 224, 'resample': 2 | BILINEAR | false | 1",
        "ConvNeXt | 'size': {'shortest_edge': 224}, 'crop_pct': 0.875, 'resample': 3 | BICUBIC | true | 0.875",
        "VideoMAE | 'image_processor_type': 'VideoMAEImageProcessor', 'size': {'shortest_edge': 224}, 'crop_size': {'height': 224, 'width': 224}, 'resample': 2 | BILINEAR | true | 1",
        "V-JEPA 2 | 'video_processor_type': 'VJEPA2VideoProcessor', 'size': {'shortest_edge': 256}, 'crop_size': {'height': 224, 'width': 224}, 'resample': 2 | BILINEAR | true | 0.875",
        "large ConvNeXt | 'size': {'shortest_edge': 384}, 'crop_pct': 1.0, 'resample': 3 | BICUBIC | false | 1",
      })
  void transformersFiles(
      String name, String json, String interpolation, boolean keepsAspect, double share) {
    PixelSpec pixels =
        Preprocessing.transformers(file("{" + COLOURS + json.replace('\'', '"') + "}"));
    assertThat(pixels.interpolation().name()).isEqualTo(interpolation);
    assertThat(pixels.keepsAspect()).isEqualTo(keepsAspect);
    assertThat(pixels.share()).isEqualTo(share);
  }

  @Test
  void whatIsDoneToNumbersBesidesIsPartOfMeanAndDeviation() {
    String size = "\"size\": {\"height\": 8, \"width\": 8}, ";
    PixelSpec doubled =
        Preprocessing.transformers(
            file("{" + size + COLOURS + "\"rescale_factor\": 0.00784313725490196}"));
    // 255 becomes 2: (2 v - 0.5) / 0.5 for v from 0 to 1.
    assertThat(doubled.mean().get(0)).isCloseTo(0.25, within(1e-12));
    assertThat(doubled.deviation().get(0)).isCloseTo(0.25, within(1e-12));
    PixelSpec bare =
        Preprocessing.transformers(file("{" + size + COLOURS + "\"do_normalize\": false}"));
    assertThat(bare.mean()).containsExactly(0.0, 0.0, 0.0);
    assertThat(bare.deviation()).containsExactly(1.0, 1.0, 1.0);
    PixelSpec bytes =
        Preprocessing.transformers(file("{" + size + COLOURS + "\"do_rescale\": false}"));
    assertThat(bytes.deviation().get(0)).isCloseTo(0.5 / 255, within(1e-12));
  }

  /** v / 127.5 - 1, then (x - 0.5) / 0.5, for v from 0 to 255: (u - 0.75) / 0.25 for 0 to 1. */
  @ParameterizedTest
  @ValueSource(strings = {"'rescale_factor': 0.00784313725490196, 'offset': true, ", ""})
  void vivitTakesOneOffBeforeItsMean(String stated) {
    String size = "'size': {'shortest_edge': 256}, 'crop_size': {'height': 224, 'width': 224}, ";
    PixelSpec pixels =
        Preprocessing.transformers(
            file(
                "{"
                    + (stated + "'image_processor_type': 'VivitImageProcessor', " + size)
                        .replace('\'', '"')
                    + COLOURS.replaceFirst(", $", "}")));
    assertThat(pixels.mean().get(0)).isCloseTo(0.75, within(1e-12));
    assertThat(pixels.deviation().get(0)).isCloseTo(0.25, within(1e-12));
    assertThat(pixels.share()).isEqualTo(0.875);
  }

  @Test
  void aCropThatIsNotKnownIsRefused() {
    assertThatThrownBy(
            () ->
                Preprocessing.timm(
                    file(
                        "{\"pretrained_cfg\": {\"mean\": [0.1, 0.2, 0.3], \"std\": [0.4, 0.5, 0.6],"
                            + " \"crop_mode\": \"border\"}}")))
        .hasMessageContaining("crop_mode must be center or squash, but is: border");
  }

  @ParameterizedTest
  @CsvSource({"center, 0.9, true", "squash, 1.0, false", "squash, 0.95, false"})
  void timmsFiles(String mode, double share, boolean keepsAspect) {
    PixelSpec pixels =
        Preprocessing.timm(
                file(
                    "{\"pretrained_cfg\": {\"mean\": [0.1, 0.2, 0.3], \"std\": [0.4, 0.5, 0.6],"
                        + " \"interpolation\": \"bicubic\", \"crop_mode\": \""
                        + mode
                        + "\", \"crop_pct\": "
                        + share
                        + "}}"))
            .orElseThrow();
    assertThat(pixels.keepsAspect()).isEqualTo(keepsAspect);
    assertThat(pixels.share()).isEqualTo(share);
    assertThat(pixels.mean()).containsExactly(0.1, 0.2, 0.3);
  }
}
