package io.github.lsgspark.tower;

import io.github.lsgspark.backbone.Layers;
import io.github.lsgspark.backbone.PositionGrid;
import io.github.lsgspark.torch.ArrayOps.Resampling;
import io.github.lsgspark.torch.HostArray;

/**
 * Learned positions of patches, and of the class token where they begin with it.
 *
 * @param name of the parameter
 * @param ofClass whether the first position is the class token's
 * @param flat whether the parameter is a table [length, d], not [1, length, d]
 * @param by how they are brought to another grid
 */
record Positions(String name, boolean ofClass, boolean flat, Resampling by) {

  /** As timm has them. */
  static Positions timm(boolean ofClass) {
    return new Positions("pos_embed", ofClass, false, Resampling.BICUBIC_ANTIALIAS);
  }

  long[] shape(int places, int width) {
    long length = (long) places + (ofClass ? 1 : 0);
    return flat ? new long[] {length, width} : new long[] {1, length, width};
  }

  /** Patches [n, places, d] with their positions. */
  <V> V ofPatches(Layers<V> layers, V x, int places) {
    V all = layers.parameter(name);
    return layers.add(x, ofClass ? layers.narrow(all, flat ? 0 : 1, 1, places) : all);
  }

  /** The class token [1, 1, d] with its position. */
  <V> V ofClassToken(Layers<V> layers, V token) {
    return ofClass
        ? layers.add(token, layers.narrow(layers.parameter(name), flat ? 0 : 1, 0, 1))
        : token;
  }

  /** The positions on another grid; the array itself if it is no such parameter. */
  HostArray fitted(HostArray array, int rows, int columns) {
    return array.shape().length == (flat ? 2 : 3)
        ? PositionGrid.resampled(array, ofClass ? 1 : 0, rows, columns, by)
        : array;
  }
}
