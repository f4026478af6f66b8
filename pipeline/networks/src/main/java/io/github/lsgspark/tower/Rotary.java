package io.github.lsgspark.tower;

import io.github.lsgspark.torch.ConstantTensor;
import io.github.lsgspark.torch.HostArray;
import java.util.Arrays;

/**
 * Rotary positions on a grid (Su et al. 2021, in two or three dimensions): what queries and keys of
 * patches are turned by. Tokens before the patches are left as they are.
 *
 * @param cosines [length, d], as are sines, which have the signs of the other halves
 * @param places which number each is mixed with, int64 [d]
 */
record Rotary(ConstantTensor cosines, ConstantTensor sines, ConstantTensor places)
    implements AutoCloseable {

  /** The angle of a head's number at a place of the grid. */
  @FunctionalInterface
  private interface Angle {
    double at(int time, int row, int column, int number);
  }

  /**
   * A grid and the heads that see it.
   *
   * @param prefix tokens before the patches
   */
  record Grid(PatchGrid patches, int prefix, int width, int heads) {

    /** A quarter of each head is for sines and cosines of rows and of columns. */
    private int quarter() {
      if (width / heads % 4 != 0) {
        throw new IllegalArgumentException(
            "rotary positions need heads of a multiple of 4 numbers, but a width of "
                + width
                + " in "
                + heads
                + " heads has "
                + width / heads);
      }
      return head() / 4;
    }

    private int rows() {
      return patches.rows();
    }

    private int columns() {
      return patches.columns();
    }

    private int head() {
      return width / heads;
    }
  }

  /**
   * DINOv3's: places are the centres of patches, from -1 to 1 in each direction; the two halves of
   * a head turn together.
   *
   * @param base of the periods
   */
  static Rotary halves(Grid grid, double base) {
    int head = grid.head();
    int quarter = grid.quarter();
    return of(
        grid,
        (time, row, column, number) -> {
          int band = number % (head / 2);
          double place = band < quarter ? centre(row, grid.rows()) : centre(column, grid.columns());
          return 2 * Math.PI * place / Math.pow(base, (band % quarter) / (double) quarter);
        },
        number -> number < head / 2 ? number + head / 2 : number - head / 2,
        number -> number < head / 2);
  }

  private static double centre(int place, int places) {
    return 2 * (place + 0.5) / places - 1;
  }

  /**
   * EVA-02's and PE's: places are counted as on the grid of the pretraining; neighbours turn
   * together.
   *
   * @param reference rows and columns of that grid
   * @param offset of the first place
   * @param columnsFirst whether the first half of a head turns with the columns
   */
  static Rotary pairs(
      Grid grid, double temperature, int[] reference, int offset, boolean columnsFirst) {
    int quarter = grid.quarter();
    return of(
        grid,
        (time, row, column, number) -> {
          int band = number / 2;
          boolean down = band < quarter != columnsFirst;
          double place =
              down
                  ? (row + offset) / (double) grid.rows() * reference[0]
                  : (column + offset) / (double) grid.columns() * reference[1];
          return place / Math.pow(temperature, (band % quarter) / (double) quarter);
        },
        number -> number ^ 1,
        number -> number % 2 == 0);
  }

  /**
   * V-JEPA 2's: a part of each head turns with the time, one with the row, one with the column, and
   * the rest not at all; places are counted from 0. Neighbours turn together, but by the angles of
   * numbers that lie half a part apart.
   *
   * @param base of the periods
   */
  static Rotary axes(Grid grid, double base) {
    int part = grid.head() / 6 * 2;
    return of(
        grid,
        (time, row, column, number) -> {
          if (number >= 3 * part) {
            return 0;
          }
          int place = number < part ? time : number < 2 * part ? row : column;
          int half = part / 2;
          return place / Math.pow(base, number % part % half / (double) half);
        },
        number -> number < 3 * part ? number ^ 1 : number,
        number -> number % 2 == 0);
  }

  private static Rotary of(
      Grid grid,
      Angle angle,
      java.util.function.IntUnaryOperator partner,
      java.util.function.IntPredicate negative) {
    int width = grid.width();
    int head = grid.head();
    int area = grid.rows() * grid.columns();
    int length = grid.prefix() + grid.patches().places();
    float[] cosines = new float[length * width];
    float[] sines = new float[length * width];
    Arrays.fill(cosines, 0, grid.prefix() * width, 1);
    for (int place = 0; place < grid.patches().places(); place++) {
      for (int i = 0; i < width; i++) {
        int number = i % head;
        int row = place % area / grid.columns();
        double turn = angle.at(place / area, row, place % grid.columns(), number);
        int at = (grid.prefix() + place) * width + i;
        cosines[at] = (float) Math.cos(turn);
        sines[at] = (float) (negative.test(number) ? -Math.sin(turn) : Math.sin(turn));
      }
    }
    long[] places = new long[width];
    for (int i = 0; i < width; i++) {
      places[i] = (long) i / head * head + partner.applyAsInt(i % head);
    }
    return new Rotary(
        new ConstantTensor(HostArray.of(cosines, length, width)),
        new ConstantTensor(HostArray.of(sines, length, width)),
        new ConstantTensor(HostArray.of(places, width)));
  }

  @Override
  public void close() {
    cosines.close();
    sines.close();
    places.close();
  }
}
