package io.github.lsgspark.head;

import io.github.lsgspark.config.HeadSettings.ClassWeights;
import io.github.lsgspark.features.FeatureSlice;
import io.github.lsgspark.torch.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/** Drawn rows, and fits to them in plain loops. */
final class PlainFits {
  private PlainFits() {}

  /** A system A x = b for several right sides, by Gauss and Jordan. */
  static double[][] solved(double[][] a, double[][] b) {
    int n = a.length;
    double[][] left = Arrays.stream(a).map(double[]::clone).toArray(double[][]::new);
    double[][] right = Arrays.stream(b).map(double[]::clone).toArray(double[][]::new);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        double factor = left[j][i] / left[i][i];
        for (int k = 0; j != i && k < n; k++) {
          left[j][k] -= factor * left[i][k];
        }
        for (int k = 0; j != i && k < right[j].length; k++) {
          right[j][k] -= factor * right[i][k];
        }
      }
    }
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < right[i].length; k++) {
        right[i][k] /= left[i][i];
      }
    }
    return right;
  }

  /**
   * Drawn unit rows around a direction for each class.
   *
   * @param x [m · views][d]
   * @param values the same before they were made of unit length
   */
  record Rows(
      double[][] x, float[] values, int[] labels, int views, int classes, boolean distributed) {

    static Rows drawn(long seed, int samples, int views, int d, int classes, boolean distributed) {
      Random random = new Random(seed);
      double[][] centres = new double[classes][d];
      for (double[] centre : centres) {
        Arrays.setAll(centre, i -> random.nextGaussian());
      }
      int[] labels = new int[samples];
      double[][] x = new double[samples * views][d];
      float[] values = new float[samples * views * d];
      for (int i = 0; i < samples; i++) {
        labels[i] = i < classes ? i : Math.min(random.nextInt(classes), random.nextInt(classes));
        for (int v = 0; v < views; v++) {
          double[] row = x[i * views + v];
          for (int j = 0; j < d; j++) {
            float value = (float) (centres[labels[i]][j] + 1.5 * random.nextGaussian());
            values[(i * views + v) * d + j] = value;
            row[j] = value;
          }
          double length = Math.sqrt(dot(row, row));
          for (int j = 0; j < d; j++) {
            row[j] /= length;
          }
        }
      }
      return new Rows(x, values, labels, views, classes, distributed);
    }

    int d() {
      return x[0].length;
    }

    ClassCounts counts() {
      long[] counts = new long[classes];
      Arrays.stream(labels).forEach(label -> counts[label]++);
      List<String> names = IntStream.range(0, classes).mapToObj(c -> "c" + c).toList();
      return ClassCounts.of(names, counts, ClassWeights.BALANCED);
    }

    /** What a row counts. */
    double weight(int row) {
      return counts().weights()[labels[row / views]] / views;
    }

    /** As heads see them, in memory or in parts of three samples. */
    LabelledRows labelled(Optional<ClassTexts> texts) {
      FeatureTransform none =
          new FeatureTransform(
              false,
              List.of(new FeatureSlice("a", "a", 0, d())),
              d(),
              new double[d()],
              new double[0],
              new double[0]);
      String[] ids = new String[labels.length];
      Arrays.setAll(ids, i -> "s" + i);
      if (!distributed) {
        return new MemoryRows(new RowBlock(ids, labels, values), none, counts(), views, texts);
      }
      return new Parts(this, texts);
    }
  }

  private record Parts(Rows rows, Optional<ClassTexts> texts) implements LabelledRows {
    @Override
    public ClassCounts classes() {
      return rows.counts();
    }

    @Override
    public int views() {
      return rows.views;
    }

    @Override
    public int dimension() {
      return rows.d();
    }

    @Override
    public double[] sum(Term term) {
      double[] sum = null;
      for (int from = 0; from < rows.labels.length; from += 3) {
        int to = Math.min(rows.labels.length, from + 3);
        double[] flat =
            Arrays.stream(rows.x, from * rows.views, to * rows.views)
                .flatMapToDouble(Arrays::stream)
                .toArray();
        double[] part =
            term.of(
                Tensors.of(flat, (to - from) * rows.views, rows.d()),
                Arrays.copyOfRange(rows.labels, from, to));
        sum = sum == null ? part : Sums.added(sum, part);
      }
      return sum;
    }

    @Override
    public Tensor dual() {
      return null;
    }

    @Override
    public int[] dualLabels() {
      return new int[0];
    }
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** Unit texts, drawn. */
  static ClassTexts texts(long seed, int classes, int dimension) {
    Random random = new Random(seed);
    double[] vectors = new double[classes * dimension];
    for (int c = 0; c < classes; c++) {
      double squares = 0;
      for (int i = 0; i < dimension; i++) {
        vectors[c * dimension + i] = random.nextGaussian();
        squares += vectors[c * dimension + i] * vectors[c * dimension + i];
      }
      for (int i = 0; i < dimension; i++) {
        vectors[c * dimension + i] /= Math.sqrt(squares);
      }
    }
    return new ClassTexts(vectors, vectors, dimension);
  }

  static double[] text(ClassTexts texts, int c) {
    return Arrays.copyOfRange(texts.vectors(), c * texts.dimension(), (c + 1) * texts.dimension());
  }

  /**
   * V [d][n] of a weighted ridge on some rows.
   *
   * @param targets of each class [C][n]
   */
  static double[][] ridge(Rows rows, double[][] targets, double lambda, IntPredicate samples) {
    int d = rows.d();
    double[][] a = new double[d][d];
    double[][] b = new double[d][targets[0].length];
    for (int row = 0; row < rows.x.length; row++) {
      if (!samples.test(row / rows.views)) {
        continue;
      }
      double[] x = rows.x[row];
      for (int i = 0; i < d; i++) {
        double own = rows.weight(row) * x[i];
        for (int j = 0; j < d; j++) {
          a[i][j] += own * x[j];
        }
        for (int k = 0; k < b[i].length; k++) {
          b[i][k] += own * targets[rows.labels[row / rows.views]][k];
        }
      }
    }
    for (int i = 0; i < d; i++) {
      a[i][i] += lambda;
    }
    return solved(a, b);
  }

  /** x V. */
  static double[] mapped(double[] x, double[][] v) {
    double[] out = new double[v[0].length];
    for (int i = 0; i < x.length; i++) {
      for (int k = 0; k < out.length; k++) {
        out[k] += x[i] * v[i][k];
      }
    }
    return out;
  }

  /** The gradient [C][d] of the weighted cross entropy of some samples, by the weights [C][d]. */
  static double[][] crossEntropyGradient(Rows rows, double[][] weight, IntPredicate samples) {
    double[][] gradient = new double[weight.length][rows.d()];
    for (int row = 0; row < rows.x.length; row++) {
      int sample = row / rows.views;
      if (!samples.test(sample)) {
        continue;
      }
      double[] x = rows.x[row];
      double[] scores = scores(weight, x);
      for (int c = 0; c < weight.length; c++) {
        double p = Math.exp(-entropy(scores, c, 1));
        double error = rows.weight(row) * (p - (c == rows.labels[sample] ? 1 : 0));
        for (int k = 0; k < x.length; k++) {
          gradient[c][k] += error * x[k];
        }
      }
    }
    return gradient;
  }

  /** W x. */
  static double[] scores(double[][] weight, double[] x) {
    return Arrays.stream(weight).mapToDouble(own -> dot(own, x)).toArray();
  }

  /** Texts that say what their classes look like: the sums of their rows. */
  static ClassTexts describing(Rows rows) {
    double[] sums = new double[rows.classes * rows.d()];
    for (int row = 0; row < rows.x.length; row++) {
      for (int k = 0; k < rows.d(); k++) {
        sums[rows.labels[row / rows.views] * rows.d() + k] += rows.x[row][k];
      }
    }
    return new ClassTexts(sums, sums, rows.d());
  }

  static int largest(double[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }

  /** −log softmax at a label. */
  static double entropy(double[] scores, int label, double temperature) {
    double sum = 0;
    for (double score : scores) {
      sum += Math.exp((score - scores[label]) / temperature);
    }
    return Math.log(sum);
  }
}
