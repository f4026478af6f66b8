package io.github.lsgspark.tower;

import io.github.lsgspark.backbone.Convolution;
import io.github.lsgspark.backbone.Layers;
import io.github.lsgspark.backbone.TensorShapes;
import io.github.lsgspark.torch.ConstantTensor;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.tower.TransformerRecipe.Patches;
import io.github.lsgspark.tower.TransformerRecipe.Token;
import io.github.lsgspark.tower.TransformerRecipe.Tubelets;
import java.util.List;
import java.util.Optional;

/** How images and clips become the tokens of a transformer's first block, by its recipe. */
final class PatchEmbedding implements AutoCloseable {
  private static final double LONGEST = 10_000;

  private final TransformerRecipe recipe;
  private final PatchGrid grid;
  private final ConstantTensor waves;
  private final ConstantTensor still;

  /**
   * @param still whether clips are one frame each, which is seen for as long as a tubelet lasts
   */
  PatchEmbedding(TransformerRecipe recipe, PatchGrid grid, boolean still) {
    this.recipe = recipe;
    this.grid = grid;
    Optional<Tubelets> tubelets = recipe.patches().tubelets();
    this.waves =
        tubelets.filter(Tubelets::waves).isPresent()
            ? new ConstantTensor(waves(grid.places(), recipe.width()))
            : null;
    this.still =
        still
            ? new ConstantTensor(
                HostArray.of(
                    new long[tubelets.orElseThrow().duration()], tubelets.orElseThrow().duration()))
            : null;
  }

  /**
   * Positions by sines and cosines (Vaswani et al. 2017, section 3.5): number 2i of place p is
   * sin(p / 10000^(2i/d)), number 2i + 1 its cosine.
   *
   * @return [1, places, d]
   */
  static HostArray waves(int places, int d) {
    float[] table = new float[places * d];
    for (int place = 0; place < places; place++) {
      for (int i = 0; i < d; i++) {
        double angle = place / Math.pow(LONGEST, i / 2 * 2 / (double) d);
        table[place * d + i] = (float) (i % 2 == 0 ? Math.sin(angle) : Math.cos(angle));
      }
    }
    return HostArray.of(table, 1, places, d);
  }

  void shapes(TensorShapes shapes) {
    int d = recipe.width();
    for (Token token : recipe.tokens()) {
      if (token.flat()) {
        shapes.vector(token.name(), d);
      } else {
        shapes.array(token.name(), 1, token.count(), d);
      }
    }
    recipe.positions().ifPresent(own -> shapes.array(own.name(), own.shape(grid.places(), d)));
    Patches patches = recipe.patches();
    int side = patches.side();
    if (patches.tubelets().isPresent()) {
      shapes.conv3d(patches.name(), d, 3, patches.tubelets().get().duration(), side);
      shapes.vector(patches.name() + ".bias", d);
    } else if (patches.flat()) {
      shapes.matrix(patches.name(), d, 3 * side * side, patches.biased());
    } else {
      shapes.conv(patches.name(), d, 3, side, patches.biased());
    }
  }

  /**
   * The tokens.
   *
   * @param images [n, 3, height, width], or clips [n, 3, T, height, width]
   * @return [n, length, d]
   */
  <V> V of(Layers<V> layers, V images) {
    V x = patches(layers, images);
    if (waves != null) {
      x = layers.add(x, layers.constant(waves, x));
    }
    if (recipe.positions().isPresent()) {
      x = recipe.positions().get().ofPatches(layers, x, grid.places());
    }
    List<Token> tokens = recipe.tokens();
    for (int i = tokens.size() - 1; i >= 0; i--) {
      V token = layers.parameter(tokens.get(i).name());
      if (tokens.get(i).flat()) {
        token = layers.reshape(token, 1, 1, recipe.width());
      }
      if (i == 0 && recipe.positions().isPresent()) {
        token = recipe.positions().get().ofClassToken(layers, token);
      }
      x = layers.prepend(token, x);
    }
    return x;
  }

  private <V> V patches(Layers<V> layers, V images) {
    Patches own = recipe.patches();
    if (own.tubelets().isPresent()) {
      return tubelets(layers, images, own, own.tubelets().get());
    }
    if (!own.flat()) {
      return layers.places(
          layers.conv(images, own.name(), Convolution.patches(own.side(), own.biased())));
    }
    V parts = layers.reshape(images, -1, 3, grid.rows(), own.side(), grid.columns(), own.side());
    V rowsOfPixels =
        layers.reshape(
            layers.permute(parts, 0, 2, 4, 3, 5, 1),
            -1,
            grid.places(),
            own.side() * own.side() * 3);
    return layers.linear(rowsOfPixels, own.name());
  }

  /** A convolution whose blocks do not overlap, as the product of a matrix with each block. */
  private <V> V tubelets(Layers<V> layers, V clips, Patches own, Tubelets form) {
    int duration = form.duration();
    int side = own.side();
    V whole = still == null ? clips : layers.select(clips, 2, still);
    V parts =
        layers.reshape(
            whole, -1, 3, grid.times(), duration, grid.rows(), side, grid.columns(), side);
    int size = 3 * duration * side * side;
    V blocks =
        layers.reshape(layers.permute(parts, 0, 2, 4, 6, 1, 3, 5, 7), -1, grid.places(), size);
    V weight = layers.reshape(layers.parameter(own.name() + ".weight"), recipe.width(), size);
    return layers.linear(blocks, weight, layers.parameter(own.name() + ".bias"));
  }

  /** Tokens of an image or clip. */
  int length() {
    return recipe.prefix() + grid.places();
  }

  /** Positions learned for images of another size are resampled; those of clips stay. */
  HostArray fitted(String name, HostArray array) {
    return recipe
        .positions()
        .filter(own -> own.name().equals(name) && recipe.patches().tubelets().isEmpty())
        .map(own -> own.fitted(array, grid.rows(), grid.columns()))
        .orElse(array);
  }

  @Override
  public void close() {
    if (waves != null) {
      waves.close();
    }
    if (still != null) {
      still.close();
    }
  }
}
