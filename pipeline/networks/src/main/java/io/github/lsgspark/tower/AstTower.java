package io.github.lsgspark.tower;

import io.github.lsgspark.backbone.Layers;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/**
 * Audio spectrogram transformers (Gong et al. 2021): patches of a spectrogram that overlap, all of
 * the lowest bands first, behind a class and a distillation token, whose mean is the vector.
 */
final class AstTower extends SoundEncoder {
  private static final String CLASS = "embeddings.cls_token";
  private static final String DISTILLATION = "embeddings.distillation_token";
  private static final String POSITIONS = "embeddings.position_embeddings";
  private static final String PATCHES = "embeddings.patch_embeddings.projection";
  private static final int TOKENS = 2;
  private static final int LAST_BLOCKS = 4;

  private final Patches patches;

  /**
   * Patches of a spectrogram.
   *
   * @param side of a patch
   * @param bandStride bands from one to the next
   * @param frameStride frames likewise
   */
  record Patches(int side, int bandStride, int frameStride) {
    long count(int bands, int frames) {
      if (Math.min(bands, frames) < side) {
        throw new IllegalArgumentException(
            "num_mel_bins = %d and max_length = %d must not be below patch_size = %d"
                .formatted(bands, frames, side));
      }
      return (long) ((bands - side) / bandStride + 1) * ((frames - side) / frameStride + 1);
    }
  }

  AstTower(Stack stack, Patches patches, int bands, int frames) {
    super(stack, name -> name.startsWith("classifier."));
    this.patches = patches;
    int d = stack.width();
    shapes.array(CLASS, 1, 1, d);
    shapes.array(DISTILLATION, 1, 1, d);
    shapes.array(POSITIONS, 1, TOKENS + patches.count(bands, frames), d);
    shapes.array(PATCHES + ".weight", d, 1, patches.side(), patches.side());
    shapes.vector(PATCHES + ".bias", d);
    listBlocks();
  }

  /** The last four blocks. */
  @Override
  public List<String> featureLayers() {
    return IntStream.range(Math.max(0, stack.depth() - LAST_BLOCKS), stack.depth())
        .mapToObj(TransformerRecipe.Block::layer)
        .toList();
  }

  @Override
  <V> V sequence(Layers<V> layers, V view, V sounding, BiConsumer<String, V> see) {
    V map =
        layers.conv(
            view,
            layers.parameter(PATCHES + ".weight"),
            layers.parameter(PATCHES + ".bias"),
            new int[] {patches.bandStride(), patches.frameStride()},
            new int[] {0, 0},
            1);
    V x = layers.prependToken(layers.places(map), DISTILLATION);
    return layers.addParameter(layers.prependToken(x, CLASS), POSITIONS);
  }

  @Override
  <V> V pooled(Layers<V> layers, V x) {
    return layers.scale(layers.add(layers.token(x, 0), layers.token(x, 1)), 1.0 / TOKENS);
  }
}
