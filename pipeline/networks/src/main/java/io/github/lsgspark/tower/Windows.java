package io.github.lsgspark.tower;

import io.github.lsgspark.backbone.Layers;
import io.github.lsgspark.torch.ConstantTensor;
import io.github.lsgspark.torch.HostArray;

/**
 * A map in windows, in which places attend to each other (Liu et al. 2021, Swin). A map that is no
 * multiple of a window is padded with zeros below and to the right; one whose windows are shifted
 * is moved around its edges, and places that were no neighbours do not see each other.
 *
 * <p>Windows stand side by side in the last dimension, as more heads: [n, side², windows · d].
 */
final class Windows implements AutoCloseable {
  private static final float APART = -100;

  private final int rows;
  private final int columns;
  private final int side;
  private final int down;
  private final int right;
  private final int tall;
  private final int wide;
  private final ConstantTensor mask;
  private final ConstantTensor pairs;

  /**
   * @param rows of the map
   * @param side of a window
   * @param down places by which windows are shifted
   */
  Windows(int rows, int columns, int side, int down, int right) {
    this.rows = rows;
    this.columns = columns;
    this.side = side;
    this.down = down;
    this.right = right;
    this.tall = multiple(rows, side);
    this.wide = multiple(columns, side);
    this.mask = new ConstantTensor(mask());
    this.pairs = new ConstantTensor(pairs(side));
  }

  private static int multiple(int length, int side) {
    return (length + side - 1) / side * side;
  }

  private int count() {
    return tall / side * (wide / side);
  }

  private int area() {
    return side * side;
  }

  /** Added to the attention: [windows, 1, area, area], or zeros that broadcast to it. */
  private HostArray mask() {
    int count = count();
    if (down == 0 && right == 0) {
      return HostArray.of(new float[count], count, 1, 1, 1);
    }
    int area = area();
    float[] values = new float[count * area * area];
    for (int window = 0; window < count; window++) {
      for (int i = 0; i < area; i++) {
        for (int j = 0; j < area; j++) {
          if (region(window, i) != region(window, j)) {
            values[(window * area + i) * area + j] = APART;
          }
        }
      }
    }
    return HostArray.of(values, count, 1, area, area);
  }

  /** Which part of the map a place of the moved map comes from. */
  private int region(int window, int place) {
    int row = window / (wide / side) * side + place / side;
    int column = window % (wide / side) * side + place % side;
    return 2 * moved(row, tall, down) + moved(column, wide, right);
  }

  private static int moved(int place, int length, int shift) {
    return place < length - shift ? 0 : 1;
  }

  /** Entries of a table of relative positions that each pair of places has: [area · area]. */
  private static HostArray pairs(int side) {
    int area = side * side;
    long[] places = new long[area * area];
    for (int i = 0; i < area; i++) {
      for (int j = 0; j < area; j++) {
        int rows = i / side - j / side + side - 1;
        int columns = i % side - j % side + side - 1;
        places[i * area + j] = (long) rows * (2 * side - 1) + columns;
      }
    }
    return HostArray.of(places, places.length);
  }

  /** Entries of a table of relative positions. */
  static int positions(int side) {
    return (2 * side - 1) * (2 * side - 1);
  }

  /**
   * A map as a sequence of its windows' places.
   *
   * @param x [n, rows, columns, d]
   * @return [n, side² · windows, d], the windows' first places in front
   */
  <V> V apart(Layers<V> layers, V x, int d) {
    V padded =
        tall == rows && wide == columns ? x : layers.padPlaces(x, tall - rows, wide - columns);
    V moved = down == 0 && right == 0 ? padded : layers.rollPlaces(padded, down, right);
    V parts = layers.reshape(moved, -1, tall / side, side, wide / side, side, d);
    return layers.reshape(layers.permute(parts, 0, 2, 4, 1, 3, 5), -1, area() * count(), d);
  }

  /** The map of {@link #apart}. */
  <V> V together(Layers<V> layers, V x, int d) {
    V parts = layers.reshape(x, -1, side, side, tall / side, wide / side, d);
    V map = layers.reshape(layers.permute(parts, 0, 3, 1, 4, 2, 5), -1, tall, wide, d);
    V back = down == 0 && right == 0 ? map : layers.rollPlaces(map, -down, -right);
    V cut = tall == rows ? back : layers.narrow(back, 1, 0, rows);
    return wide == columns ? cut : layers.narrow(cut, 2, 0, columns);
  }

  /**
   * Attention within windows.
   *
   * @param parts each [n, side² · windows, d]
   * @param table biases of relative positions [{@link #positions}, heads]
   */
  <V> V attention(Layers<V> layers, SelfAttention.Parts<V> parts, V table, int heads, int d) {
    int area = area();
    V ofPairs = layers.reshape(layers.select(table, 0, pairs), area, area, heads);
    V bias = layers.reshape(layers.permute(ofPairs, 2, 0, 1), 1, heads, area, area);
    V masked = layers.add(bias, layers.constant(mask, bias));
    V attended =
        layers.attention(
            beside(layers, parts.query(), d),
            beside(layers, parts.key(), d),
            beside(layers, parts.value(), d),
            count() * heads,
            layers.reshape(masked, 1, count() * heads, area, area));
    return layers.reshape(attended, -1, area * count(), d);
  }

  private <V> V beside(Layers<V> layers, V x, int d) {
    return layers.reshape(x, -1, area(), count() * d);
  }

  @Override
  public void close() {
    mask.close();
    pairs.close();
  }
}
