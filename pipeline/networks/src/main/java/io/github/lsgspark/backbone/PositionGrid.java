package io.github.lsgspark.backbone;

import io.github.lsgspark.torch.ArrayOps;
import io.github.lsgspark.torch.ArrayOps.Resampling;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/**
 * Resamples the learned positions of a vision transformer for images of another size or clips of
 * another number of frames, by libtorch's own operators; positions of tokens before the patches
 * stay.
 */
public final class PositionGrid {
  private PositionGrid() {}

  /**
   * Embeddings of positions on a grid of another size.
   *
   * @param positions [1, first + g², d] or [first + g², d]: those of tokens, then a square grid row
   *     by row
   * @param first tokens before the grid
   * @param rows of the grid that is wanted
   * @param columns likewise
   * @return likewise with the other grid; the array itself if it is on this grid, or on no square
   */
  public static HostArray resampled(
      HostArray positions, int first, int rows, int columns, Resampling by) {
    long[] shape = positions.shape();
    int length = (int) shape[shape.length - 2] - first;
    int width = (int) shape[shape.length - 1];
    int side = (int) Math.round(Math.sqrt(Math.max(0, length)));
    if (side * side != length || side == 0 || side == rows && side == columns) {
      return positions;
    }
    long[] wanted = Arrays.copyOf(shape, shape.length);
    wanted[shape.length - 2] = first + (long) rows * columns;
    if (positions.isOutline()) {
      return HostArray.outline(positions.dtype(), wanted);
    }
    try (TensorScope scope = new TensorScope()) {
      Tensor all = ArrayOps.reshape(positions.tensor(), first + length, width);
      Tensor grid = ArrayOps.reshape(Ops.narrow(all, 0, first, length), 1, side, side, width);
      Tensor map = ArrayOps.resized(ArrayOps.permute(grid, 0, 3, 1, 2), rows, columns, by);
      Tensor other = ArrayOps.reshape(ArrayOps.permute(map, 0, 2, 3, 1), rows * columns, width);
      Tensor whole = first == 0 ? other : Ops.cat(0, Ops.narrow(all, 0, 0, first), other);
      return HostArray.of(Tensors.floats(whole), wanted);
    }
  }

  /**
   * Embeddings of another number of times, each the nearest at or before.
   *
   * @param times [1, T, d]
   * @param wanted number of times
   * @return the array itself if it has so many
   */
  public static HostArray retimed(HostArray times, int wanted) {
    long[] shape = times.shape();
    if (shape[1] == wanted) {
      return times;
    }
    long[] other = {1, wanted, shape[2]};
    if (times.isOutline()) {
      return HostArray.outline(times.dtype(), other);
    }
    try (TensorScope scope = new TensorScope()) {
      Tensor column =
          ArrayOps.reshape(
              Ops.transpose(times.tensor(), 1, 2), 1, (int) shape[2], (int) shape[1], 1);
      Tensor resized = ArrayOps.resized(column, wanted, 1, Resampling.NEAREST);
      Tensor back = ArrayOps.permute(resized, 0, 2, 1, 3);
      return HostArray.of(Tensors.floats(back), other);
    }
  }
}
