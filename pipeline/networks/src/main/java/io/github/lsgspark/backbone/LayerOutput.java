package io.github.lsgspark.backbone;

import io.github.lsgspark.config.FeaturesSettings.Pooling;

/**
 * A layer whose output can be pooled to a vector.
 *
 * @param layer its name among {@link Backbone#layers}, or {@link #FEATURES}
 * @param form of the output
 * @param width d of a vector, channels of a map, d of a sequence
 * @param tokens of a sequence that stand for the whole, first in it
 * @param registers behind them, which stand for nothing (Darcet et al. 2023); then come the places
 */
public record LayerOutput(String layer, Form form, int width, int tokens, int registers) {

  /** One without registers. */
  public LayerOutput(String layer, Form form, int width, int tokens) {
    this(layer, form, width, tokens, 0);
  }

  /** What every network has: its own pooled features. */
  public static final String FEATURES = "features";

  /** What an output looks like. */
  public enum Form {
    /** [n, d]. */
    VECTORS,
    /** [n, d, height, width]. */
    MAP,
    /** [n, d, time, height, width]. */
    MAP_OVER_TIME,
    /** [n, length, d]. */
    SEQUENCE
  }

  /** A map's output. */
  public static LayerOutput map(String layer, int channels) {
    return new LayerOutput(layer, Form.MAP, channels, 0);
  }

  /** Length of the pooled vector. */
  public int length(Pooling pooling) {
    return hasBoth(pooling) ? 2 * width : width;
  }

  private boolean hasBoth(Pooling pooling) {
    return form == Form.SEQUENCE && tokens > 0 && pooling == Pooling.AUTO;
  }

  /** The output as vectors [n, {@link #length}], in float. */
  <V> V pooled(Layers<V> layers, V x, Pooling pooling) {
    return switch (form) {
      case VECTORS -> layers.vectors(x);
      case MAP ->
          pooling == Pooling.MAX
              ? layers.vectors(layers.largest(layers.largest(x, 3), 2))
              : layers.globalAveragePool(x);
      case MAP_OVER_TIME ->
          pooling == Pooling.MAX
              ? layers.vectors(layers.largest(layers.largest(layers.largest(x, 4), 3), 2))
              : layers.globalAveragePool3d(x);
      case SEQUENCE -> {
        V places = layers.withoutFirst(x, tokens + registers);
        V one =
            layers.vectors(
                pooling == Pooling.MAX ? layers.largest(places, 1) : layers.mean(places, 1));
        yield hasBoth(pooling) ? layers.catChannels(whole(layers, x), one) : one;
      }
    };
  }

  private <V> V whole(Layers<V> layers, V x) {
    V sum = layers.token(x, 0);
    for (int token = 1; token < tokens; token++) {
      sum = layers.add(sum, layers.token(x, token));
    }
    return layers.vectors(tokens == 1 ? sum : layers.scale(sum, 1.0 / tokens));
  }
}
