package io.github.lsgspark.tower;

import io.github.lsgspark.config.LsgException;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What timm means by the size in a transformer's name; arguments beside the name come first. */
enum TimmSizes {
  TINY("tiny", 192, 12, 3, 4),
  SMALL_PLUS("small_plus", 384, 12, 6, 4),
  SMALL("small", 384, 12, 6, 4),
  BASE("base", 768, 12, 12, 4),
  LARGE("large", 1024, 24, 16, 4),
  HUGE_PLUS("huge_plus", 1280, 32, 20, 4),
  HUGE("huge", 1280, 32, 16, 4),
  GIANT("giant", 1536, 40, 24, 4),
  SO400M("so400m", 1152, 27, 16, 3.7362);

  private static final Pattern PATCH = Pattern.compile("_patch([1-9]\\d{0,3})(?!\\d)");
  private static final Pattern IMAGE = Pattern.compile("_([1-9]\\d{0,3})$");

  /** Of an image's shape [3, height, width] both its first number and its length. */
  private static final int COLOURS = 3;

  private final String text;
  final int width;
  final int depth;
  final int heads;

  /** Width of the feed-forward part as a multiple of d. */
  final double hidden;

  TimmSizes(String text, int width, int depth, int heads, double hidden) {
    this.text = text;
    this.width = width;
    this.depth = depth;
    this.heads = heads;
    this.hidden = hidden;
  }

  /**
   * The size of a network.
   *
   * @throws LsgException exit 3 if its name says none that is known here
   */
  static TimmSizes of(TowerConfig config) {
    String name = config.architecture();
    return Arrays.stream(values())
        .filter(size -> name.contains("_" + size.text + "_"))
        .findFirst()
        .orElseThrow(
            () ->
                LsgException.input(
                    config.source() + ": architecture = " + name + " is of no size known here"));
  }

  /** Side of the patches. */
  static int patch(TowerConfig config) {
    return config.arguments().count("patch_size", inName(PATCH, config, 16));
  }

  /**
   * Side of the images: as it was passed, as pretrained_cfg fixes it, or that which a name ends
   * with.
   *
   * @param otherwise where there is none of these
   */
  static int image(TowerConfig config, int otherwise) {
    int named = inName(IMAGE, config, otherwise);
    boolean fixed = config.part("pretrained_cfg").truth("fixed_input_size", false);
    return config.arguments().count("img_size", fixed ? trained(config, named) : named);
  }

  /** Side of the images that a file's weights were trained with. */
  static int trained(TowerConfig config, int otherwise) {
    int[] shape = config.part("pretrained_cfg").counts("input_size", COLOURS, otherwise, otherwise);
    return shape.length == COLOURS ? shape[1] : otherwise;
  }

  private static int inName(Pattern pattern, TowerConfig config, int otherwise) {
    Matcher found = pattern.matcher(config.architecture());
    return found.find() ? Integer.parseInt(found.group(1)) : otherwise;
  }
}
