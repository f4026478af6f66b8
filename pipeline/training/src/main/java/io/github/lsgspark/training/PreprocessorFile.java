package io.github.lsgspark.training;

import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.PixelSpec;
import io.github.lsgspark.config.PixelSpec.Interpolation;
import io.github.lsgspark.dataset.InputSpec;
import io.github.lsgspark.storage.HadoopFiles;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How images come to the size that an ONNX file takes, as transformers writes it
 * (preprocessor_config.json): the middle of an image, resized, in values from 0 to 1.
 */
public final class PreprocessorFile {
  /** Its name. */
  public static final String NAME = "preprocessor_config.json";

  /** Pillow's numbers of its filters. */
  private static final int BILINEAR = 2;

  private static final int BICUBIC = 3;

  private PreprocessorFile() {}

  /** The content; empty for what transformers' image processors do not open. */
  public static Optional<Map<String, Object>> of(HadoopFiles files, String modelDir) {
    InputSpec input = new ModelFiles(files, modelDir).description().input();
    if (input.modality() != Modality.IMAGE) {
      return Optional.empty();
    }
    PixelSpec pixels = input.pixels();
    boolean keepsAspect = pixels != null && pixels.keepsAspect();
    double share = pixels != null ? pixels.share() : 1 / input.augmentation().resizeFactor();
    int side = (int) Math.round(input.imageSize() / share);
    Map<String, Object> square = square(input.imageSize());
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("image_processor_type", "CLIPImageProcessor");
    content.put("do_convert_rgb", true);
    content.put("do_resize", true);
    content.put("size", keepsAspect ? Map.of("shortest_edge", side) : square(side));
    content.put(
        "resample",
        pixels != null && pixels.interpolation() == Interpolation.BICUBIC ? BICUBIC : BILINEAR);
    content.put("do_center_crop", side != input.imageSize() || keepsAspect);
    content.put("crop_size", square);
    content.put("do_rescale", true);
    content.put("rescale_factor", 1 / 255.0);
    // The file scales colours itself.
    content.put("do_normalize", false);
    return Optional.of(content);
  }

  private static Map<String, Object> square(int side) {
    Map<String, Object> square = new LinkedHashMap<>();
    square.put("height", side);
    square.put("width", side);
    return square;
  }
}
