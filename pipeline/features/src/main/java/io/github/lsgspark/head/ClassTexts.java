package io.github.lsgspark.head;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.embedding.ClassSums;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.Tensors;
import java.io.Serializable;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * The texts of the classes as vectors: the mean over the training prompts of a class, minus the
 * mean over all classes, of unit length.
 *
 * @param vectors row-major [C, D]
 * @param plain the means of the prompts themselves, of unit length, row-major [C, D]
 * @param dimension D
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
public record ClassTexts(double[] vectors, double[] plain, int dimension) implements Serializable {
  /** Parts of the mean length of texts below which what is left of one has no direction. */
  private static final double SHORTEST = 1e-6;

  /**
   * The texts by what the stage embed wrote.
   *
   * @param names of the classes, in order of their ids
   * @param source what to call it in errors
   * @throws LsgException exit 3 that names a class without a text, or whose text does not differ
   *     from the mean of all
   */
  public static ClassTexts of(List<String> names, List<ClassSums> sums, String source) {
    return centred(names, ClassSums.means(names, sums, source), source);
  }

  private static ClassTexts centred(List<String> names, double[][] means, String source) {
    int d = means[0].length;
    double[] centre = new double[d];
    double length = 0;
    for (double[] mean : means) {
      length += norm(mean) / means.length;
      for (int i = 0; i < d; i++) {
        centre[i] += mean[i] / means.length;
      }
    }
    double[] vectors = new double[means.length * d];
    double[] plain = new double[means.length * d];
    for (int c = 0; c < means.length; c++) {
      double whole = norm(means[c]);
      for (int i = 0; i < d; i++) {
        plain[c * d + i] = means[c][i] / whole;
        means[c][i] -= centre[i];
      }
      double norm = norm(means[c]);
      if (!(norm > SHORTEST * length)) {
        throw LsgException.input(
            "%s: the text of class %s is the mean of all texts, and tells it from no other"
                .formatted(source, names.get(c)));
      }
      for (int i = 0; i < d; i++) {
        vectors[c * d + i] = means[c][i] / norm;
      }
    }
    return new ClassTexts(vectors, plain, d);
  }

  private static double norm(double[] values) {
    double squares = 0;
    for (double value : values) {
      squares += value * value;
    }
    return Math.sqrt(squares);
  }

  /** C. */
  public int classes() {
    return vectors.length / dimension;
  }

  /**
   * The same, each text at another class.
   *
   * @param to for each class the one that gets its text
   */
  public ClassTexts shuffled(int[] to) {
    return new ClassTexts(moved(vectors, to), moved(plain, to), dimension);
  }

  private double[] moved(double[] rows, int[] to) {
    double[] moved = new double[rows.length];
    for (int c = 0; c < to.length; c++) {
      System.arraycopy(rows, c * dimension, moved, to[c] * dimension, dimension);
    }
    return moved;
  }

  /** The weights of a classifier of samples in the space of the texts [C, D]. */
  double[] classifier() {
    return plain;
  }

  /** [C, D]. */
  Tensor tensor() {
    return Tensors.of(vectors, classes(), dimension);
  }

  /** The text of each row's class [m · views, D]. */
  Tensor targets(int[] labels, int views) {
    long[] rows = new long[labels.length * views];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = labels[i / views];
    }
    return Ops.indexSelect(tensor(), 0, Tensors.of(rows, rows.length));
  }
}
