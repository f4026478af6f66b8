package io.github.lsgspark.tower;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.PixelSpec;
import io.github.lsgspark.config.PixelSpec.Interpolation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** How images were prepared for a public network, by the file that lies beside its weights. */
final class Preprocessing {
  private static final int PIL_BILINEAR = 2;
  private static final int PIL_BICUBIC = 3;

  /** Whose values are from -1 to 1 before the mean is taken off, unless its file says otherwise. */
  private static final String VIVIT = "VivitImageProcessor";

  /** From this size on ConvNeXt's processor shows whole images. */
  private static final int WHOLE_FROM = 384;

  private Preprocessing() {}

  /** timm's pretrained_cfg; empty where the file has none. */
  static Optional<PixelSpec> timm(TowerConfig config) {
    TowerConfig own = config.part("pretrained_cfg");
    if (!own.has("mean")) {
      return Optional.empty();
    }
    return Optional.of(
        of(
            own,
            "mean",
            "std",
            interpolation(own, own.text("interpolation", "bicubic")),
            isCentre(own),
            own.number("crop_pct", 1),
            1));
  }

  /** transformers' preprocessor_config.json. */
  static PixelSpec transformers(TowerConfig file) {
    int edge = edge(file);
    boolean squash = file.part("size").has("height");
    double share = 1;
    if (file.has("crop_pct")) {
      squash = edge >= WHOLE_FROM;
      share = squash ? 1 : file.number("crop_pct", 1);
    } else if (file.truth("do_center_crop", isOfVideos(file))) {
      share = Math.min(1, cropped(file, edge) / (double) edge);
    } else if (!file.part("size").has("shortest_edge")) {
      squash = true;
    }
    return of(file, "image_mean", "image_std", resample(file), !squash, share, scale(file));
  }

  /** The side of what a processor of transformers' shows the network; empty where it names none. */
  static OptionalInt side(TowerConfig file) {
    int edge = edge(file);
    if (file.truth("do_center_crop", isOfVideos(file))) {
      return OptionalInt.of(cropped(file, edge));
    }
    return file.has("size") ? OptionalInt.of(edge) : OptionalInt.empty();
  }

  /** The same of timm's pretrained_cfg. */
  static OptionalInt timmSide(TowerConfig config) {
    int[] shape = config.part("pretrained_cfg").counts("input_size");
    return shape.length == 3 ? OptionalInt.of(shape[2]) : OptionalInt.empty();
  }

  private static int cropped(TowerConfig file, int edge) {
    TowerConfig crop = file.part("crop_size");
    return crop.has("height") ? crop.count("height", edge) : side(file, "crop_size", edge);
  }

  private static boolean isCentre(TowerConfig file) {
    String mode = file.text("crop_mode", "center");
    return switch (mode) {
      case "center" -> true;
      case "squash" -> false;
      default ->
          throw LsgException.input(
              file.source() + ": crop_mode must be center or squash, but is: " + mode);
    };
  }

  /** Processors of videos cut out the middle unless their file says otherwise. */
  private static boolean isOfVideos(TowerConfig file) {
    String processor = processor(file);
    return processor.startsWith("VideoMAE")
        || processor.startsWith("VJEPA2")
        || processor.equals(VIVIT);
  }

  private static String processor(TowerConfig file) {
    String own = file.text("video_processor_type", file.text("image_processor_type", ""));
    return own.isEmpty() ? file.text("feature_extractor_type", "") : own;
  }

  /** What 255 becomes before anything is taken off: 1 as a rule. */
  private static double scale(TowerConfig file) {
    double usual = (processor(file).equals(VIVIT) ? 2 : 1) / 255.0;
    return 255 * (file.truth("do_rescale", true) ? file.number("rescale_factor", usual) : 1);
  }

  /** What is taken off before the mean is. */
  private static double offset(TowerConfig file) {
    boolean shifted = file.truth("offset", processor(file).equals(VIVIT));
    return shifted && file.truth("do_rescale", true) ? 1 : 0;
  }

  /** The side that images are brought to before they are cut. */
  private static int edge(TowerConfig file) {
    TowerConfig size = file.part("size");
    if (size.has("shortest_edge")) {
      return size.count("shortest_edge", 224);
    }
    return size.has("height") ? size.count("height", 224) : side(file, "size", 224);
  }

  private static int side(TowerConfig file, String key, int otherwise) {
    return file.node().path(key).isNumber() ? file.count(key, otherwise) : otherwise;
  }

  private static Interpolation resample(TowerConfig file) {
    int code = file.count("resample", PIL_BILINEAR);
    return switch (code) {
      case PIL_BILINEAR -> Interpolation.BILINEAR;
      case PIL_BICUBIC -> Interpolation.BICUBIC;
      default ->
          throw LsgException.input(
              file.source() + ": resample must be 2 (bilinear) or 3 (bicubic), but is: " + code);
    };
  }

  private static Interpolation interpolation(TowerConfig file, String name) {
    return switch (name) {
      case "bilinear" -> Interpolation.BILINEAR;
      case "bicubic" -> Interpolation.BICUBIC;
      default ->
          throw LsgException.input(
              file.source() + ": interpolation must be bilinear or bicubic, but is: " + name);
    };
  }

  private static PixelSpec of(
      TowerConfig file,
      String mean,
      String deviation,
      Interpolation interpolation,
      boolean keepsAspect,
      double share,
      double scale) {
    boolean normalizes = file.truth("do_normalize", true);
    try {
      double offset = offset(file);
      return new PixelSpec(
          normalizes ? numbers(file, mean, offset, scale) : same(offset / scale),
          normalizes ? numbers(file, deviation, 0, scale) : same(1 / scale),
          interpolation,
          keepsAspect,
          share);
    } catch (IllegalArgumentException e) {
      throw LsgException.input(file.source() + ": " + e.getMessage());
    }
  }

  private static List<Double> same(double number) {
    return List.of(number, number, number);
  }

  /**
   * Numbers that are taken off and divided by where 255 has become {@code scale}, for 1.
   *
   * @param offset is added to each
   */
  private static List<Double> numbers(TowerConfig file, String key, double offset, double scale) {
    JsonNode array = file.node().path(key);
    List<Double> numbers = new ArrayList<>();
    array.forEach(number -> numbers.add((number.asDouble(Double.NaN) + offset) / scale));
    return numbers;
  }
}
