package io.github.lsgspark.head;

import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.LinearAlgebra;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.bytedeco.pytorch.Tensor;

/**
 * Samples with what they are taken for.
 *
 * @param rows m samples
 * @param targets theirs
 */
record TargetedRows(PoolRows rows, Targets targets) implements Serializable {
  private static final int DEPTH = 2;

  /**
   * Weighted least squares on soft targets, W = (Xᵀ Ω X + λ I)⁻¹ Xᵀ Ω P: executors sum, the driver
   * holds [d, d + C].
   *
   * @return W row-major [C, d]
   */
  static double[] ridge(JavaRDD<TargetedRows> samples, int d, int classes, double lambda) {
    double[] sums =
        samples.mapPartitions(part -> partial(part, d, classes)).treeReduce(Sums::added, DEPTH);
    NativeTorch.setThreads(Runtime.getRuntime().availableProcessors());
    try (TensorScope scope = new TensorScope()) {
      Tensor both = Tensors.of(sums, d, d + classes);
      Tensor gram = Ops.add(Ops.narrow(both, 1, 0, d), 0);
      LinearAlgebra.addToDiagonal(gram, lambda);
      Tensor w =
          LinearAlgebra.choleskySolve(
              LinearAlgebra.cholesky(gram), Ops.narrow(both, 1, d, classes));
      return Tensors.doubles(Ops.transpose(w, 0, 1));
    }
  }

  private static Iterator<double[]> partial(Iterator<TargetedRows> part, int d, int classes) {
    if (!part.hasNext()) {
      return Collections.emptyIterator();
    }
    NativeTorch.setThreads(TaskContext.get().cpus());
    try (TensorScope scope = new TensorScope()) {
      Tensor sum = Tensors.zeros(Dtype.FLOAT64, ComputeDevice.cpu(), d, d + classes);
      while (part.hasNext()) {
        try (TensorScope inner = new TensorScope()) {
          part.next().addTo(sum, classes);
        }
      }
      return List.of(Tensors.doubles(sum)).iterator();
    }
  }

  private void addTo(Tensor sum, int classes) {
    int m = rows.samples();
    Tensor x = rows.tensor();
    Tensor p = Tensors.to(Tensors.of(targets.probabilities(), m, classes), Dtype.FLOAT64);
    Tensor weights = Tensors.to(Tensors.of(targets.weights(), m, 1), Dtype.FLOAT64);
    Tensor own = Ops.mul(x, weights);
    Ops.addProductInPlace(sum, Ops.transpose(own, 0, 1), Ops.cat(1, x, p));
  }

  /** What the unlabelled among the samples are taken for. */
  static JavaRDD<SoftLabel> softLabels(JavaRDD<TargetedRows> samples) {
    return samples.flatMap(
        block ->
            IntStream.range(0, block.rows.samples())
                .mapToObj(block::softLabel)
                .filter(Objects::nonNull)
                .iterator());
  }

  private SoftLabel softLabel(int i) {
    if (rows.labels()[i] >= 0) {
      return null;
    }
    float[] all = targets.probabilities();
    int classes = all.length / rows.samples();
    return new SoftLabel(
        rows.ids()[i],
        Arrays.copyOfRange(all, i * classes, (i + 1) * classes),
        targets.weights()[i]);
  }
}
