package io.github.lsgspark.head;

import io.github.lsgspark.config.HeadSettings;
import io.github.lsgspark.torch.LinearAlgebra;
import io.github.lsgspark.torch.NeuralOps;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.RowOps;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * Least squares from transformed features to the texts of the labelled samples' classes, V = (X'X +
 * λI)⁻¹ X'T, with the weights of rows that a ridge on one-hot targets has.
 *
 * <p>λ is chosen by leaving classes out: those with labels are divided into parts, and the samples
 * of each part are told among its classes by a map that has seen none of them, as classes without
 * labels will be. Where rows are many it is not chosen.
 */
final class TextRidge {
  /** The first is taken where nothing is chosen, and where others are no better. */
  static final double[] LAMBDAS = {0.3, 0.1, 1};

  private static final int PARTS = 5;

  /** Rows whose products with each other the driver holds. */
  private static final int MOST_ROWS = 6_000;

  private TextRidge() {}

  static TextMap fit(LabelledRows rows, ClassTexts texts, HeadSettings settings) {
    try (TensorScope scope = new TensorScope()) {
      Tensor held = rows.held();
      return held != null && held.size(0) <= MOST_ROWS
          ? dual(held, rows, texts, settings)
          : primal(rows, texts, settings.fixedByNameLambda().orElse(LAMBDAS[0]));
    }
  }

  private static TextMap dual(
      Tensor held, LabelledRows rows, ClassTexts texts, HeadSettings settings) {
    int[] labels = rows.dualLabels();
    Tensor roots = RidgeHead.roots(labels, rows.rowWeights(), rows.views());
    Tensor x = Ops.mul(held, roots);
    Tensor targets = Ops.mul(texts.targets(labels, rows.views()), roots);
    Tensor gram = Ops.matmul(x, Ops.transpose(x, 0, 1));
    List<TextMap.Judged> tried = List.of();
    int[] parts = parts(rows.classes());
    if (settings.fixedByNameLambda().isEmpty() && parts.length > 0) {
      tried = judged(gram, targets, labels, rows.views(), parts, texts);
    }
    double lambda = settings.fixedByNameLambda().orElse(best(tried));
    Tensor solved = solved(gram, targets, lambda);
    return new TextMap(
        Tensors.doubles(Ops.matmul(Ops.transpose(solved, 0, 1), x)), texts, lambda, tried);
  }

  private static TextMap primal(LabelledRows rows, ClassTexts texts, double lambda) {
    int d = rows.dimension();
    double[] weights = rows.rowWeights();
    int views = rows.views();
    double[] sums =
        rows.sum(
            (x, labels) -> {
              Tensor roots = RidgeHead.roots(labels, weights, views);
              Tensor own = Ops.mul(x, roots);
              Tensor targets = Ops.mul(texts.targets(labels, views), roots);
              return Tensors.doubles(
                  Ops.matmul(Ops.transpose(own, 0, 1), Ops.cat(1, own, targets)));
            });
    Tensor both = Tensors.of(sums, d, d + texts.dimension());
    Tensor solved =
        solved(Ops.narrow(both, 1, 0, d), Ops.narrow(both, 1, d, texts.dimension()), lambda);
    return new TextMap(Tensors.doubles(Ops.transpose(solved, 0, 1)), texts, lambda, List.of());
  }

  /** (A + λI)⁻¹ B. */
  private static Tensor solved(Tensor a, Tensor b, double lambda) {
    Tensor own = Ops.mul(a, 1);
    LinearAlgebra.addToDiagonal(own, lambda);
    return LinearAlgebra.choleskySolve(LinearAlgebra.cholesky(own), b);
  }

  /**
   * The part of each class, -1 without labels; classes next to each other are of different parts.
   *
   * @return empty where there are too few classes for parts of two
   */
  private static int[] parts(ClassCounts classes) {
    int[] seen = IntStream.range(0, classes.size()).filter(c -> classes.counts()[c] > 0).toArray();
    int parts = Math.min(PARTS, seen.length / 2);
    if (parts < 2) {
      return new int[0];
    }
    int[] part = new int[classes.size()];
    Arrays.fill(part, -1);
    for (int i = 0; i < seen.length; i++) {
      part[seen[i]] = i % parts;
    }
    return part;
  }

  private static double best(List<TextMap.Judged> tried) {
    double best = LAMBDAS[0];
    double accuracy = Double.NEGATIVE_INFINITY;
    for (TextMap.Judged one : tried) {
      if (one.accuracy() > accuracy) {
        best = one.lambda();
        accuracy = one.accuracy();
      }
    }
    return best;
  }

  private static List<TextMap.Judged> judged(
      Tensor gram, Tensor targets, int[] labels, int views, int[] parts, ClassTexts texts) {
    int count = Arrays.stream(parts).max().orElseThrow() + 1;
    double[] hits = new double[LAMBDAS.length];
    double guessing = 0;
    for (int part = 0; part < count; part++) {
      try (TensorScope scope = new TensorScope()) {
        int own = part;
        long[] classes =
            IntStream.range(0, parts.length).filter(c -> parts[c] == own).asLongStream().toArray();
        Tensor kept = rows(labels, views, 0, i -> parts[labels[i]] != own);
        // Of several views the first is told.
        Tensor out = rows(labels, 1, views, i -> parts[labels[i]] == own);
        Tensor among = Ops.indexSelect(texts.tensor(), 0, Tensors.of(classes, classes.length));
        Tensor inner = Ops.indexSelect(Ops.indexSelect(gram, 0, kept), 1, kept);
        Tensor across = Ops.indexSelect(Ops.indexSelect(gram, 0, out), 1, kept);
        Tensor known = Ops.indexSelect(targets, 0, kept);
        Tensor places = places(labels, classes, i -> parts[labels[i]] == own);
        guessing += (double) out.size(0) / classes.length / labels.length;
        for (int l = 0; l < LAMBDAS.length; l++) {
          Tensor mapped = Ops.matmul(across, solved(inner, known, LAMBDAS[l]));
          Tensor cosines =
              Ops.matmul(
                  RowOps.normalizeRows(mapped, NeuralOps.LEAST_NORM), Ops.transpose(among, 0, 1));
          hits[l] += RowOps.hits(cosines, places);
        }
      }
    }
    List<TextMap.Judged> judged = new ArrayList<>();
    for (int l = 0; l < LAMBDAS.length; l++) {
      judged.add(new TextMap.Judged(LAMBDAS[l], hits[l] / labels.length, guessing));
    }
    return judged;
  }

  /**
   * Numbers of the rows of some samples.
   *
   * @param views rows of a sample that are taken
   * @param stride from one sample's first row to the next's; 0: as many as are taken
   */
  private static Tensor rows(int[] labels, int views, int stride, IntPredicate samples) {
    int step = stride == 0 ? views : stride;
    long[] rows =
        IntStream.range(0, labels.length)
            .filter(samples)
            .flatMap(i -> IntStream.range(i * step, i * step + views))
            .asLongStream()
            .toArray();
    return Tensors.of(rows, rows.length);
  }

  /** Place of each sample's class among those of its part. */
  private static Tensor places(int[] labels, long[] classes, IntPredicate samples) {
    long[] places =
        IntStream.range(0, labels.length)
            .filter(samples)
            .mapToLong(i -> Arrays.binarySearch(classes, labels[i]))
            .toArray();
    return Tensors.of(places, places.length);
  }
}
