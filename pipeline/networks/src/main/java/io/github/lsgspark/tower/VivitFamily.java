package io.github.lsgspark.tower;

import static io.github.lsgspark.torch.ArrayOps.Resampling.BICUBIC;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.PixelSpec;
import io.github.lsgspark.config.PixelSpec.Interpolation;
import io.github.lsgspark.tower.TransformerRecipe.Norms;
import io.github.lsgspark.tower.TransformerRecipe.Patches;
import io.github.lsgspark.tower.TransformerRecipe.Token;
import io.github.lsgspark.tower.TransformerRecipe.Tubelets;
import java.util.List;
import java.util.Optional;

/** ViViT's model 1 (Arnab et al. 2021), by transformers; its vector is the class token. */
public final class VivitFamily implements VideoFamily {
  private static final int WIDTH = 768;
  private static final String TUBELET = "tubelet_size";

  @Override
  public String name() {
    return "vivit";
  }

  @Override
  public String help() {
    return "ViViT, all patches at once (transformers)";
  }

  @Override
  public Optional<TowerExample> example() {
    return Optional.of(TowerExample.transformers("vivit-b-16x2", "vivit"));
  }

  @Override
  public boolean reads(TowerConfig config) {
    return config.modelType().equals("vivit");
  }

  @Override
  public Optional<PixelSpec> pixels(TowerConfig config) {
    List<Double> halves = List.of(0.5, 0.5, 0.5);
    return Optional.of(new PixelSpec(halves, halves, Interpolation.BILINEAR, true, 224 / 256.0));
  }

  @Override
  public int imageSize(TowerConfig config) {
    return config.count("image_size", 224);
  }

  @Override
  public int frames(TowerConfig config) {
    return config.count("num_frames", 32);
  }

  @Override
  public Tower create(TowerConfig config, int frames, int height, int width) {
    int[] tubelet = config.counts(TUBELET, 2, 16, 16);
    if (tubelet.length != 3 || tubelet[1] != tubelet[2]) {
      throw LsgException.input(
          config.source()
              + ": tubelet_size must be frames, height and width of a patch, both sides equal, but"
              + " is: "
              + config.node().path(TUBELET));
    }
    TransformerRecipe recipe =
        new TransformerRecipe(
            config.count("hidden_size", WIDTH),
            config.count("num_hidden_layers", 12),
            config.count("num_attention_heads", 12),
            Patches.of(
                "embeddings.patch_embeddings.projection",
                tubelet[1],
                imageSize(config),
                new Tubelets(tubelet[0], frames(config), false, true)),
            List.of(Token.of("embeddings.cls_token")),
            Optional.of(new Positions("embeddings.position_embeddings", true, false, BICUBIC)),
            Optional.empty(),
            new Norms("", "layernorm", config.number("layer_norm_eps", 1e-6)),
            VitFamily.block(config, "gelu_fast"),
            new Pool.Token(),
            Optional.empty());
    return TransformerTower.ofClips(
        recipe, frames, height, width, name -> name.startsWith("pooler."));
  }
}
