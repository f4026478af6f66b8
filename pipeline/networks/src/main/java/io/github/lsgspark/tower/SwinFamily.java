package io.github.lsgspark.tower;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.PixelSpec;
import io.github.lsgspark.config.PixelSpec.Interpolation;
import io.github.lsgspark.tower.SwinRecipe.Names;
import java.util.List;
import java.util.Optional;

/** Swin transformers (Liu et al. 2021), by transformers. */
public final class SwinFamily implements TowerFamily {
  private static final int[] DEPTHS = {2, 2, 6, 2};
  private static final int[] HEADS = {3, 6, 12, 24};
  private static final int WIDTH = 96;
  private static final int WINDOW = 7;
  private static final String ABSOLUTE = "use_absolute_embeddings";

  @Override
  public String name() {
    return "swin";
  }

  @Override
  public String help() {
    return "Swin transformers (transformers)";
  }

  @Override
  public Optional<TowerExample> example() {
    return Optional.of(TowerExample.transformers("swin-tiny-patch4-window7-224", "swin"));
  }

  @Override
  public boolean reads(TowerConfig config) {
    return config.modelType().equals("swin");
  }

  @Override
  public Optional<PixelSpec> pixels(TowerConfig config) {
    return Optional.of(TowerFamily.imageNet(Interpolation.BICUBIC, false, 1));
  }

  @Override
  public int imageSize(TowerConfig config) {
    return config.count("image_size", 224);
  }

  @Override
  public Tower create(TowerConfig config, int height, int width) {
    if (config.truth(ABSOLUTE, false)) {
      throw LsgException.input(config.source() + ": " + ABSOLUTE + " must be false, but is: true");
    }
    List<List<Integer>> stages = config.stages(DEPTHS, "num_heads", HEADS);
    SwinRecipe recipe =
        new SwinRecipe(
            stages.get(0),
            stages.get(1),
            config.count("embed_dim", WIDTH),
            3,
            config.count("patch_size", 4),
            config.count("window_size", WINDOW),
            false,
            config.number("mlp_ratio", 4),
            config.function("hidden_act", "gelu"),
            names(
                "embeddings.",
                "patch_embeddings.projection",
                "encoder.layers.%d.",
                "layernorm",
                config.truth("qkv_bias", true)),
            config.number("layer_norm_eps", 1e-5));
    return new SwinTower(recipe, height, width, SwinFamily::isOther);
  }

  /**
   * The names of Swin and CLAP.
   *
   * @param embeddings before those of the patches
   * @param projection of the patches, behind that
   * @param stages before those of a stage, with %d for its number
   * @param norm behind the last stage
   */
  static Names names(
      String embeddings, String projection, String stages, String norm, boolean biased) {
    return new Names(
        embeddings,
        projection,
        stages,
        true,
        "layernorm_before",
        "attention.self.relative_position_bias_table",
        new SelfAttention.Separate(
            "attention.self.query",
            "attention.self.key",
            "attention.self.value",
            "attention.output.dense",
            biased,
            biased,
            biased,
            true),
        "layernorm_after",
        "intermediate.dense",
        "output.dense",
        norm);
  }

  /** The classifier, and the places of relative positions, which follow from the window. */
  private static boolean isOther(String name) {
    return name.startsWith("classifier.") || name.endsWith(".relative_position_index");
  }
}
