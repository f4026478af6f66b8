package io.github.lsgspark.tower;

import io.github.lsgspark.backbone.LayerOutput;
import io.github.lsgspark.backbone.LayerOutputs;
import io.github.lsgspark.backbone.Layers;
import io.github.lsgspark.torch.Activation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * HTS-AT (Chen et al. 2022): a Swin transformer over a spectrogram whose stretches of time stand
 * one over the other, as a square; and CLAP's projection of its vector.
 */
final class ClapTower extends Tower {
  private static final String BATCH_NORM = "audio_model.audio_encoder.batch_norm";
  private static final String ONE = "audio_projection.linear1";
  private static final String TWO = "audio_projection.linear2";

  private final SwinTower swin;
  private final Picture picture;
  private final int width;
  private final Activation function;
  private final Predicate<String> others;

  /**
   * The square that a spectrogram is brought to.
   *
   * @param bands of the spectrogram
   * @param frames of it
   * @param side of the square
   */
  record Picture(int bands, int frames, int side) {

    /** Checks that the spectrogram fits. */
    Picture {
      if (side % bands != 0) {
        throw new IllegalArgumentException(
            "spec_size = %d must be a multiple of num_mel_bins = %d".formatted(side, bands));
      }
    }

    /** Stretches that stand one over the other. */
    int ratio() {
      return side / bands;
    }

    /** Frames that time is brought to. */
    int wide() {
      return side * ratio();
    }
  }

  /**
   * @param width of the projection
   * @param function in it
   */
  ClapTower(
      SwinRecipe recipe,
      Picture picture,
      int width,
      Activation function,
      Predicate<String> others) {
    if (picture.frames() > picture.wide()) {
      throw new IllegalArgumentException(
          "%d frames are more than spec_size · spec_size / num_mel_bins = %d"
              .formatted(picture.frames(), picture.wide()));
    }
    this.swin = new SwinTower(recipe, picture.side(), picture.side(), others);
    this.picture = picture;
    this.width = width;
    this.function = function;
    this.others = others;
    swin.parameterShapes().forEach(shapes::array);
    shapes.batchNorm(BATCH_NORM, picture.bands());
    shapes.linear(ONE, width, swin.featureDimension());
    shapes.linear(TWO, width, width);
  }

  @Override
  public int featureDimension() {
    return width;
  }

  @Override
  public List<Layer> layers() {
    List<Layer> layers = new ArrayList<>();
    for (Layer layer : swin.layers()) {
      List<String> prefixes = new ArrayList<>(layer.prefixes());
      if (layers.isEmpty()) {
        prefixes.add(0, BATCH_NORM);
      }
      layers.add(new Layer(layer.name(), layer.aliases(), prefixes));
    }
    layers.add(Layer.of("projection", ONE, TWO));
    return layers;
  }

  /** The map that leaves each stage; the last one's is normalised. */
  @Override
  public List<LayerOutput> outputs() {
    return swin.outputs();
  }

  @Override
  <V> V features(Layers<V> layers, V view, LayerOutputs<V> outputs, BiConsumer<String, V> see) {
    V square = square(layers, view);
    see.accept("picture", square);
    V pooled = swin.features(layers, square, outputs, see);
    V hidden = layers.activate(layers.linear(pooled, ONE), function);
    return layers.vectors(layers.linear(hidden, TWO));
  }

  /**
   * @param view [n, 1, bands, frames]
   * @return [n, 1, side, side]: the bands of the first stretch of time, then those of the next
   */
  private <V> V square(Layers<V> layers, V view) {
    int bands = picture.bands();
    V bandsAsChannels = layers.reshape(view, -1, bands, 1, picture.frames());
    V normed =
        layers.reshape(
            layers.batchNorm(bandsAsChannels, BATCH_NORM), -1, 1, bands, picture.frames());
    V wide =
        picture.frames() == picture.wide()
            ? normed
            : layers.stretched(normed, bands, picture.wide());
    V stretches = layers.reshape(wide, -1, bands, picture.ratio(), picture.side());
    return layers.reshape(
        layers.permute(stretches, 0, 2, 1, 3), -1, 1, picture.side(), picture.side());
  }

  @Override
  public boolean leavesOut(String name) {
    return others.test(name);
  }

  @Override
  public void close() {
    swin.close();
  }
}
