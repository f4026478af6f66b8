package io.github.lsgspark.tower;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.config.PixelSpec;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        "SigLIP | 'size': {'height': 384, 'width': 384}, 'resample': 3 | BICUBIC | false | 1",
        "old ViT | 'size': 224, 'resample': 2 | BILINEAR | false | 1",
        "ConvNeXt | 'size': {'shortest_edge': 224}, 'crop_pct': 0.875, 'resample': 3 | BICUBIC | true | 0.875",
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

  @ParameterizedTest
  @CsvSource({"center, 0.9, true", "squash, 1.0, false", "border, 0.95, true"})
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
