package io.github.lsgspark.tower;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.torch.Activation;
import io.github.lsgspark.tower.ConvNextRecipe.Block;
import io.github.lsgspark.tower.ConvNextRecipe.Form;
import io.github.lsgspark.tower.ConvNextRecipe.Names;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** ConvNeXt (Liu et al. 2022) and ConvNeXt V2 (Woo et al. 2023), by timm. */
public final class TimmConvNextFamily implements TowerFamily {
  private static final String V1 = "convnext_";
  private static final String V2 = "convnextv2_";
  private static final double EPSILON = 1e-6;

  /** Depths and widths by the size in a name. */
  private enum Size {
    ATTO(40, 2, 2, 6, 2),
    FEMTO(48, 2, 2, 6, 2),
    PICO(64, 2, 2, 6, 2),
    NANO(80, 2, 2, 8, 2),
    TINY(96, 3, 3, 9, 3),
    SMALL(96, 3, 3, 27, 3),
    BASE(128, 3, 3, 27, 3),
    LARGE(192, 3, 3, 27, 3),
    XLARGE(256, 3, 3, 27, 3),
    HUGE(352, 3, 3, 27, 3);

    private final int width;
    private final int[] depths;

    Size(int width, int... depths) {
      this.width = width;
      this.depths = depths;
    }

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    int[] widths() {
      return new int[] {width, 2 * width, 4 * width, 8 * width};
    }

    /** The small ones have convolutions of single places for matrices. */
    Form form() {
      return compareTo(NANO) <= 0 ? Form.CONVOLUTIONS : Form.VECTORS;
    }
  }

  @Override
  public String name() {
    return "convnext-timm";
  }

  @Override
  public String help() {
    return "ConvNeXt and ConvNeXt V2 (timm)";
  }

  @Override
  public Optional<TowerExample> example() {
    return Optional.of(TowerExample.timm("convnext_tiny"));
  }

  @Override
  public boolean reads(TowerConfig config) {
    return config.architecture().startsWith(V1) || config.architecture().startsWith(V2);
  }

  @Override
  public int imageSize(TowerConfig config) {
    return TimmSizes.trained(config, 224);
  }

  @Override
  public Tower create(TowerConfig config, int height, int width) {
    boolean second = config.architecture().startsWith(V2);
    Size size = size(config, second ? V2 : V1);
    List<List<Integer>> stages = config.arguments().stages(size.depths, "dims", size.widths());
    Block block =
        new Block(
            "conv_dw",
            "norm",
            "mlp.fc1",
            second ? "mlp.grn" : "",
            "mlp.fc2",
            second ? "" : "gamma",
            size.form());
    Names names =
        new Names(
            "stem.0",
            "stem.1",
            "stages.%d.",
            "downsample.0",
            "downsample.1",
            "blocks.%d.",
            block,
            "head.norm");
    ConvNextRecipe recipe =
        new ConvNextRecipe(
            stages.get(0), stages.get(1), 4, Activation.GELU, names, EPSILON, EPSILON);
    return new ConvNextTower(recipe, height, width, name -> name.startsWith("head.fc."));
  }

  private static Size size(TowerConfig config, String prefix) {
    String name = config.architecture();
    return Arrays.stream(Size.values())
        .filter(size -> name.equals(prefix + size.text()))
        .findFirst()
        .orElseThrow(
            () ->
                LsgException.input(
                    config.source()
                        + ": architecture must be "
                        + prefix
                        + " and one of "
                        + Arrays.stream(Size.values())
                            .map(Size::text)
                            .collect(Collectors.joining(", "))
                        + ", but is: "
                        + name));
  }
}
