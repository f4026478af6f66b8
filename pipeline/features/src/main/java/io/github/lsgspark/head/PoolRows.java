package io.github.lsgspark.head;

import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.io.Serializable;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/**
 * Transformed features of some samples, labelled or not, each by its first view.
 *
 * @param ids of the samples [m]
 * @param labels their classes [m], -1 where unknown
 * @param x row-major [m, d]
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
record PoolRows(String[] ids, int[] labels, float[] x) implements Serializable {

  static PoolRows of(RowBlock block, FeatureTransform transform, int views) {
    try (TensorScope scope = new TensorScope()) {
      int m = block.samples();
      int width = transform.width();
      float[] first = block.values();
      if (views > 1) {
        first = new float[m * width];
        for (int i = 0; i < m; i++) {
          System.arraycopy(block.values(), i * views * width, first, i * width, width);
        }
      }
      return new PoolRows(block.ids(), block.labels(), Tensors.floats(transform.apply(first)));
    }
  }

  int samples() {
    return ids.length;
  }

  /** How many have no label. */
  long unlabelled() {
    return Arrays.stream(labels).filter(label -> label < 0).count();
  }

  /** Ids and labels alone. */
  PoolRows withoutFeatures() {
    return new PoolRows(ids, labels, new float[0]);
  }

  /** [m, d] in double. */
  Tensor tensor() {
    return Tensors.to(Tensors.of(x, samples(), x.length / samples()), Dtype.FLOAT64);
  }

  /** What a head gives them: [m, C]. */
  float[] scores(LinearHead head) {
    try (TensorScope scope = new TensorScope()) {
      return Tensors.floats(scoreTensor(head));
    }
  }

  /** The same in double. */
  Tensor scoreTensor(LinearHead head) {
    int classes = head.bias().length;
    Tensor w = Tensors.of(head.weight(), classes, head.weight().length / classes);
    Tensor bias = Tensors.of(head.bias(), 1, classes);
    return Ops.add(Ops.matmul(tensor(), Ops.transpose(w, 0, 1)), bias);
  }
}
