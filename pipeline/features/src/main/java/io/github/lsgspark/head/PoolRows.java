package io.github.lsgspark.head;

import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.io.Serializable;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
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

  /** The same in a task of Spark, which has as many threads as cores. */
  static PoolRows inTask(RowBlock block, FeatureTransform transform, int views) {
    NativeTorch.setThreads(TaskContext.get().cpus());
    return of(block, transform, views);
  }

  int samples() {
    return ids.length;
  }

  /** How many have no label. */
  long unlabelled() {
    return Arrays.stream(labels).filter(label -> label < 0).count();
  }

  /** The labelled ones alone, by their labels; a class has its weight. */
  TargetedRows labelled(double[] weights) {
    int[] own = IntStream.range(0, samples()).filter(i -> labels[i] >= 0).toArray();
    int d = x.length / samples();
    float[] rows = new float[own.length * d];
    float[] p = new float[own.length * weights.length];
    float[] counts = new float[own.length];
    for (int i = 0; i < own.length; i++) {
      System.arraycopy(x, own[i] * d, rows, i * d, d);
      p[i * weights.length + labels[own[i]]] = 1;
      counts[i] = (float) weights[labels[own[i]]];
    }
    return new TargetedRows(
        new PoolRows(
            Arrays.stream(own).mapToObj(i -> ids[i]).toArray(String[]::new),
            Arrays.stream(own).map(i -> labels[i]).toArray(),
            rows),
        new Targets(p, counts));
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
