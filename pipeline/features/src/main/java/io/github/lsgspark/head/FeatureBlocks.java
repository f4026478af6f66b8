package io.github.lsgspark.head;

import io.github.lsgspark.config.LsgException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.JavaRDD;

/** Cuts rows of features into blocks, and checks them. */
final class FeatureBlocks implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Features of a block, about: 16 MiB of float32. */
  private static final int BLOCK_VALUES = 1 << 22;

  private static final int SMALLEST = 256;
  private static final int LARGEST = 4096;

  private final int dimension;
  private final int classes;
  private final int rows;

  private FeatureBlocks(int dimension, int classes) {
    this.dimension = dimension;
    this.classes = classes;
    this.rows = Math.max(SMALLEST, Math.min(LARGEST, BLOCK_VALUES / dimension));
  }

  /**
   * Blocks of rows, none of which crosses a partition.
   *
   * @param dimension D
   * @param classes C
   */
  static JavaRDD<Block> of(JavaRDD<Features> rows, int dimension, int classes) {
    FeatureBlocks blocks = new FeatureBlocks(dimension, classes);
    return rows.mapPartitions(blocks::cut);
  }

  private Iterator<Block> cut(Iterator<Features> source) {
    return new Iterator<>() {
      private Features next = source.hasNext() ? source.next() : null;

      @Override
      public boolean hasNext() {
        return next != null;
      }

      @Override
      public Block next() {
        if (next == null) {
          throw new NoSuchElementException();
        }
        List<String> ids = new ArrayList<>();
        int[] labels = new int[rows];
        float[] values = new float[rows * dimension];
        while (next != null && (ids.size() < rows || next.id().equals(ids.get(ids.size() - 1)))) {
          check(next, ids, labels);
          int at = ids.size();
          if (at == labels.length) {
            labels = Arrays.copyOf(labels, 2 * at);
            values = Arrays.copyOf(values, 2 * values.length);
          }
          labels[at] = next.label();
          System.arraycopy(next.values(), 0, values, at * dimension, dimension);
          ids.add(next.id());
          next = source.hasNext() ? source.next() : null;
        }
        int count = ids.size();
        return new Block(
            ids.toArray(String[]::new),
            Arrays.copyOf(labels, count),
            dimension,
            Arrays.copyOf(values, count * dimension));
      }
    };
  }

  private void check(Features one, List<String> before, int[] labels) {
    if (one.values().length != dimension) {
      throw LsgException.input(
          "%s has %d features, but the layers have %d"
              .formatted(one.id(), one.values().length, dimension));
    }
    if (one.label() < Features.UNLABELLED || one.label() >= classes) {
      throw LsgException.input(
          "%s has label %d, but there are %d classes".formatted(one.id(), one.label(), classes));
    }
    for (float value : one.values()) {
      if (!Float.isFinite(value)) {
        throw LsgException.input(one.id() + " has a feature that is " + value);
      }
    }
    int last = before.size() - 1;
    if (last >= 0 && before.get(last).equals(one.id()) && labels[last] != one.label()) {
      throw LsgException.input(
          "views of %s have labels %d and %d".formatted(one.id(), labels[last], one.label()));
    }
  }
}
