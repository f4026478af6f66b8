package io.github.lsgspark.tower;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.torch.Activation;
import io.github.lsgspark.tower.SwinRecipe.Names;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Swin transformers (Liu et al. 2021), by timm. */
public final class TimmSwinFamily implements TowerFamily {
  private static final Pattern NAME =
      Pattern.compile(
          "swin_(tiny|small|base|large)_patch([1-9]\\d?)_window([1-9]\\d?)_([1-9]\\d{0,3})");

  /** Channels of the first stage, blocks of the third and heads of the first, by a name's size. */
  private enum Size {
    TINY(96, 6, 3),
    SMALL(96, 18, 3),
    BASE(128, 18, 4),
    LARGE(192, 18, 6);

    private final int width;
    private final int third;
    private final int heads;

    Size(int width, int third, int heads) {
      this.width = width;
      this.third = third;
      this.heads = heads;
    }

    int[] depths() {
      return new int[] {2, 2, third, 2};
    }

    int[] heads() {
      return new int[] {heads, 2 * heads, 4 * heads, 8 * heads};
    }
  }

  @Override
  public String name() {
    return "swin-timm";
  }

  @Override
  public String help() {
    return "Swin transformers (timm)";
  }

  @Override
  public Optional<TowerExample> example() {
    return Optional.of(TowerExample.timm("swin_tiny_patch4_window7_224"));
  }

  @Override
  public boolean reads(TowerConfig config) {
    return config.architecture().startsWith("swin_");
  }

  @Override
  public int imageSize(TowerConfig config) {
    return TimmSizes.image(config, 224);
  }

  @Override
  public Tower create(TowerConfig config, int height, int width) {
    Matcher name = NAME.matcher(config.architecture());
    if (!name.matches()) {
      throw LsgException.input(
          config.source()
              + ": architecture must be swin_, one of "
              + Arrays.toString(Size.values()).toLowerCase(Locale.ROOT)
              + ", and patches, window and image as in _patch4_window7_224, but is: "
              + config.architecture());
    }
    Size size = Size.valueOf(name.group(1).toUpperCase(Locale.ROOT));
    TowerConfig arguments = config.arguments();
    List<List<Integer>> stages = arguments.stages(size.depths(), "num_heads", size.heads());
    SwinRecipe recipe =
        new SwinRecipe(
            stages.get(0),
            stages.get(1),
            arguments.count("embed_dim", size.width),
            3,
            TimmSizes.patch(config),
            arguments.count("window_size", Integer.parseInt(name.group(3))),
            true,
            arguments.number("mlp_ratio", 4),
            Activation.GELU,
            names(),
            1e-5);
    return new SwinTower(recipe, height, width, TimmSwinFamily::isOther);
  }

  private static Names names() {
    return new Names(
        "patch_embed.",
        "proj",
        "layers.%d.",
        false,
        "norm1",
        "attn.relative_position_bias_table",
        SelfAttention.Packed.of("attn.qkv", "attn.proj"),
        "norm2",
        "mlp.fc1",
        "mlp.fc2",
        "norm");
  }

  /** The classifier; older files have what follows from the window, too. */
  private static boolean isOther(String name) {
    return name.startsWith("head.")
        || name.endsWith(".relative_position_index")
        || name.endsWith(".attn_mask");
  }
}
