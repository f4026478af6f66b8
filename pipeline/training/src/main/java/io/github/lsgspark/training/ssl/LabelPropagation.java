package io.github.lsgspark.training.ssl;

import io.github.lsgspark.config.SslSettings.PropagationSettings;
import io.github.lsgspark.graph.CsrMatrix;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.RowOps;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/**
 * Probabilities of samples made to agree with those of samples that look alike: Y &lt;- (1 - α) Y0
 * + α D^-1/2 W D^-1/2 Y (Zhou et al., "Learning with Local and Global Consistency", NIPS 2003; for
 * the features of a network in training: Iscen et al., "Label Propagation for Deep Semi-supervised
 * Learning", CVPR 2019). W joins each sample with its nearest by the cosine of their features, each
 * feature replaced by its signed square root less the mean of all samples; an edge weighs the
 * cosine cubed, as in Iscen et al. In the end each class's column is scaled to the class's share of
 * the samples (class mass normalisation: Zhu, Ghahramani and Lafferty, ICML 2003).
 */
public final class LabelPropagation {
  private static final int ROUNDS = 15;
  private static final int BLOCK = 1024;
  private static final double EXPONENT = 3;
  private static final double EPSILON = 1e-12;

  private final PropagationSettings settings;
  private final double[] classShares;
  private final ComputeDevice device;

  /**
   * @param classShares what part of the samples each class has
   */
  public LabelPropagation(
      PropagationSettings settings, double[] classShares, ComputeDevice device) {
    this.settings = settings;
    this.classShares = classShares;
    this.device = device;
  }

  /**
   * The probabilities after propagation.
   *
   * @param features [n,d], row by row
   * @param probabilities [n,C], row by row
   * @return [n,C]; each row sums to 1
   */
  public float[] of(float[] features, float[] probabilities) {
    int classes = classShares.length;
    int count = probabilities.length / classes;
    CsrMatrix graph = graph(comparable(features, count), count);
    try (TensorScope scope = new TensorScope()) {
      Tensor columns = onto(graph.columns());
      Tensor offsets = onto(graph.rowOffsets());
      Tensor weights =
          Tensors.to(Tensors.of(graph.values(), graph.entries()), Dtype.FLOAT32, device);
      Tensor start = Ops.mul(onto(probabilities, count, classes), 1 - settings.alpha());
      Tensor present = onto(probabilities, count, classes);
      for (int round = 0; round < ROUNDS; round++) {
        Tensor around = RowOps.weightedGatherSum(present, columns, offsets, weights);
        present = Ops.addScaled(start, around, settings.alpha());
      }
      float[] found = Tensors.floats(present);
      if (settings.balance()) {
        balance(found);
      }
      sumToOne(found);
      return found;
    }
  }

  private Tensor onto(int[] places) {
    return Tensors.onto(
        Tensors.of(Arrays.stream(places).asLongStream().toArray(), places.length), device);
  }

  private Tensor onto(float[] values, long... shape) {
    return Tensors.to(Tensors.of(values, shape), Dtype.FLOAT32, device);
  }

  /** Signed square roots, less their means, at unit length. */
  private static float[] comparable(float[] features, int count) {
    int dimension = features.length / count;
    float[] rows = new float[features.length];
    double[] means = new double[dimension];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) (Math.signum(features[i]) * Math.sqrt(Math.abs(features[i])));
      means[i % dimension] += rows[i] / (double) count;
    }
    for (int row = 0; row < count; row++) {
      double squares = 0;
      for (int k = 0; k < dimension; k++) {
        rows[row * dimension + k] -= (float) means[k];
        squares += rows[row * dimension + k] * (double) rows[row * dimension + k];
      }
      double length = Math.max(Math.sqrt(squares), EPSILON);
      for (int k = 0; k < dimension; k++) {
        rows[row * dimension + k] /= (float) length;
      }
    }
    return rows;
  }

  private CsrMatrix graph(float[] rows, int count) {
    int neighbours = Math.min(settings.neighbours(), count - 1);
    SampleGraph graph = new SampleGraph(count, neighbours);
    try (TensorScope scope = new TensorScope()) {
      Tensor all = onto(rows, count, rows.length / count);
      Tensor byColumn = Ops.transpose(all, 0, 1);
      for (int first = 0; first < count; first += BLOCK) {
        int length = Math.min(BLOCK, count - first);
        try (TensorScope block = new TensorScope()) {
          RowOps.Largest largest =
              RowOps.largestOfRows(
                  Ops.matmul(Ops.narrow(all, 0, first, length), byColumn), neighbours + 1);
          withoutItself(
              first,
              neighbours,
              Tensors.longs(largest.columns()),
              Tensors.floats(largest.values()),
              graph);
        }
      }
    }
    return graph.normalized();
  }

  /** Takes the nearest of a block of samples; the sample itself is one of them, or as near. */
  private static void withoutItself(
      int first, int neighbours, long[] columns, float[] cosines, SampleGraph graph) {
    int width = neighbours + 1;
    for (int row = 0; row < columns.length / width; row++) {
      int taken = 0;
      for (int k = row * width; k < (row + 1) * width && taken < neighbours; k++) {
        if (columns[k] != first + row) {
          double weight = Math.pow(Math.max(0, cosines[k]), EXPONENT);
          graph.set(first + row, taken++, (int) columns[k], weight);
        }
      }
    }
  }

  private void balance(float[] rows) {
    int classes = classShares.length;
    double[] sums = new double[classes];
    for (int i = 0; i < rows.length; i++) {
      sums[i % classes] += rows[i];
    }
    for (int i = 0; i < rows.length; i++) {
      int label = i % classes;
      rows[i] *= (float) (classShares[label] / Math.max(sums[label], EPSILON));
    }
  }

  private void sumToOne(float[] rows) {
    int classes = classShares.length;
    for (int start = 0; start < rows.length; start += classes) {
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        sum += rows[start + c];
      }
      for (int c = 0; c < classes; c++) {
        rows[start + c] = (float) (rows[start + c] / Math.max(sum, EPSILON));
      }
    }
  }
}
