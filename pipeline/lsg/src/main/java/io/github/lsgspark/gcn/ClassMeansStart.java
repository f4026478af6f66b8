package io.github.lsgspark.gcn;

import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.RowOps;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import org.bytedeco.pytorch.Tensor;

/**
 * A second layer that already tells classes apart: column c is the direction in which the mean of
 * class c, of Ahat h over its nodes, lies from the mean of all, at a right angle to that mean.
 * Columns are as long as those of the reference's random start are on average, sqrt(D / 3C).
 */
final class ClassMeansStart {
  private static final double EPSILON = GcnConstants.EPSILON;

  private ClassMeansStart() {}

  static GcnWeights of(GcnGraph graph, GcnWeights random, Dtype dtype, ComputeDevice device) {
    long[] shape = random.second().shape();
    try (TensorScope scope = new TensorScope();
        Gcn gcn = new Gcn(random, dtype, device)) {
      Tensor seen = graph.propagate(gcn.hidden(graph));
      Tensor mean = Ops.mean(seen, 0, true);
      Tensor centred = Ops.sub(seen, mean);
      Tensor sums =
          Ops.indexAdd(
              Tensors.zeros(dtype, device, shape[1], shape[0]), 0, graph.labels(), centred);
      // There is no bias: what all nodes have in common must not speak for any class.
      Tensor common = RowOps.normalizeRows(mean, EPSILON);
      sums = Ops.sub(sums, Ops.matmul(Ops.matmul(sums, Ops.transpose(common, 0, 1)), common));
      double length = Math.sqrt(shape[0] / (3.0 * shape[1]));
      Tensor columns = Ops.mul(RowOps.normalizeRows(sums, EPSILON), length).t().contiguous();
      return new GcnWeights(
          random.first(), HostArray.of(Tensors.floats(Tensors.to(columns, Dtype.FLOAT32)), shape));
    }
  }
}
