package io.github.lsgspark.tower;

import io.github.lsgspark.backbone.Layers;
import io.github.lsgspark.torch.ArrayOps;
import io.github.lsgspark.torch.ArrayOps.Resampling;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import org.bytedeco.pytorch.Tensor;

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

  /**
   * The positions on another grid, by libtorch's own operators.
   *
   * @return the array itself if it is on this grid, or on none
   */
  HostArray fitted(HostArray array, int rows, int columns) {
    long[] shape = array.shape();
    if (shape.length != (flat ? 2 : 3)) {
      return array;
    }
    int first = ofClass ? 1 : 0;
    int length = (int) shape[shape.length - 2] - first;
    int width = (int) shape[shape.length - 1];
    int side = (int) Math.round(Math.sqrt(length));
    if (side * side != length || side == rows && side == columns) {
      return array;
    }
    if (array.isOutline()) {
      return HostArray.outline(array.dtype(), shape(rows * columns, width));
    }
    try (TensorScope scope = new TensorScope()) {
      Tensor all = ArrayOps.reshape(array.tensor(), first + length, width);
      Tensor map =
          ArrayOps.permute(
              ArrayOps.reshape(Ops.narrow(all, 0, first, length), 1, side, side, width),
              0,
              3,
              1,
              2);
      Tensor other =
          ArrayOps.reshape(
              ArrayOps.permute(ArrayOps.resized(map, rows, columns, by), 0, 2, 3, 1),
              rows * columns,
              width);
      Tensor whole = first == 0 ? other : Ops.cat(0, Ops.narrow(all, 0, 0, first), other);
      return HostArray.of(Tensors.floats(whole), shape(rows * columns, width));
    }
  }
}
