package io.github.lsgspark.tower;

import io.github.lsgspark.config.PixelSpec;
import io.github.lsgspark.config.PixelSpec.Interpolation;
import io.github.lsgspark.torch.Activation;
import io.github.lsgspark.tower.ConvNextRecipe.Block;
import io.github.lsgspark.tower.ConvNextRecipe.Form;
import io.github.lsgspark.tower.ConvNextRecipe.Names;
import java.util.List;
import java.util.Optional;

/**
 * ConvNeXt (Liu et al. 2022), ConvNeXt V2 (Woo et al. 2023) and DINOv3's ConvNeXt (Siméoni et al.
 * 2025), by transformers.
 */
public final class ConvNextFamily implements TowerFamily {
  private static final String V1 = "convnext";
  private static final String V2 = "convnextv2";
  private static final String DINOV3 = "dinov3_convnext";
  private static final int[] DEPTHS = {3, 3, 9, 3};
  private static final int[] WIDTHS = {96, 192, 384, 768};
  private static final double EPSILON = 1e-6;

  /** Of smaller images the middle is shown. */
  private static final int WHOLE_FROM = 384;

  private static final double SHARE = 0.875;

  @Override
  public String name() {
    return V1;
  }

  @Override
  public String help() {
    return "ConvNeXt, ConvNeXt V2 and DINOv3's ConvNeXt (transformers)";
  }

  @Override
  public Optional<TowerExample> example() {
    return Optional.of(TowerExample.transformers("convnext-tiny-224", V1));
  }

  @Override
  public boolean reads(TowerConfig config) {
    return List.of(V1, V2, DINOV3).contains(config.modelType());
  }

  @Override
  public Optional<PixelSpec> pixels(TowerConfig config) {
    boolean whole = imageSize(config) >= WHOLE_FROM;
    return Optional.of(
        config.modelType().equals(DINOV3)
            ? Dinov3Family.published()
            : TowerFamily.imageNet(Interpolation.BICUBIC, !whole, whole ? 1 : SHARE));
  }

  @Override
  public int imageSize(TowerConfig config) {
    return config.count("image_size", 224);
  }

  @Override
  public Tower create(TowerConfig config, int height, int width) {
    List<List<Integer>> stages = config.stages(DEPTHS, "hidden_sizes", WIDTHS);
    boolean dinov3 = config.modelType().equals(DINOV3);
    Activation function = config.function("hidden_act", "gelu");
    double last = config.number("layer_norm_eps", dinov3 ? EPSILON : 1e-12);
    ConvNextRecipe recipe =
        new ConvNextRecipe(
            stages.get(0),
            stages.get(1),
            dinov3 ? 4 : config.count("patch_size", 4),
            function,
            dinov3 ? dinov3() : names(config.modelType().equals(V2)),
            dinov3 ? last : EPSILON,
            last);
    return new ConvNextTower(recipe, height, width, name -> name.startsWith("classifier."));
  }

  private static Names names(boolean second) {
    Block block =
        new Block(
            "dwconv",
            "layernorm",
            "pwconv1",
            second ? "grn" : "",
            "pwconv2",
            second ? "" : "layer_scale_parameter",
            Form.FOUR_DIMENSIONS);
    return new Names(
        "embeddings.patch_embeddings",
        "embeddings.layernorm",
        "encoder.stages.%d.",
        "downsampling_layer.0",
        "downsampling_layer.1",
        "layers.%d.",
        block,
        "layernorm");
  }

  private static Names dinov3() {
    Block block =
        new Block(
            "depthwise_conv",
            "layer_norm",
            "pointwise_conv1",
            "",
            "pointwise_conv2",
            "gamma",
            Form.VECTORS);
    return new Names(
        "stages.0.downsample_layers.0",
        "stages.0.downsample_layers.1",
        "stages.%d.",
        "downsample_layers.0",
        "downsample_layers.1",
        "layers.%d.",
        block,
        "layer_norm");
  }
}
