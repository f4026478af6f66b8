package io.github.lsgspark.lsg;

import io.github.lsgspark.gcn.GcnConstants;
import io.github.lsgspark.graph.CsrMatrix;
import io.github.lsgspark.graph.TextGraph;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.RowOps;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import org.bytedeco.pytorch.Tensor;

/**
 * What the frozen GCN makes of each class's texts: the mean of the first layer's output over the
 * class's prompts, on the text graph alone, at unit length. A projected image feature can be
 * compared with it by cosine, also for a class without a labelled image.
 */
public final class ClassPrototypes {
  private static final double SLOPE = GcnConstants.NEGATIVE_SLOPE;
  private static final double EPSILON = GcnConstants.EPSILON;

  private ClassPrototypes() {}

  /**
   * The prototypes [C,D].
   *
   * @param graph the graph that guides the backbone
   * @param first W1 [D,D]
   */
  public static HostArray of(TextGraph graph, HostArray first) {
    try (TensorScope scope = new TensorScope()) {
      int nodes = graph.nodes();
      int dimension = graph.dimension();
      CsrMatrix normalized = graph.adjacency().normalized(graph::nodeName);
      Tensor texts = Tensors.of(graph.embeddings(), nodes, dimension);
      Tensor product = Ops.matmul(texts, Tensors.of(first.floats(), dimension, dimension));
      Tensor hidden =
          Ops.leakyRelu(
              RowOps.weightedGatherSum(
                  product,
                  Tensors.of(longs(normalized.columns()), normalized.columns().length),
                  Tensors.of(longs(normalized.rowOffsets()), nodes + 1L),
                  Tensors.of(floats(normalized.values()), normalized.values().length)),
              SLOPE);
      Tensor means = Ops.mean(hidden.view(graph.classes(), graph.prompts(), dimension), 1, false);
      return HostArray.of(
          Tensors.floats(RowOps.normalizeRows(means, EPSILON)), graph.classes(), dimension);
    }
  }

  private static long[] longs(int[] values) {
    return java.util.Arrays.stream(values).asLongStream().toArray();
  }

  private static float[] floats(double[] values) {
    float[] narrow = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      narrow[i] = (float) values[i];
    }
    return narrow;
  }
}
