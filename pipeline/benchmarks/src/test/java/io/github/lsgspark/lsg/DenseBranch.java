package io.github.lsgspark.lsg;

import io.github.lsgspark.benchmark.RandomTextGraph;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.Tensors;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/**
 * The branch as the reference computes it (docs/method.md, section 4): the dense adjacency over
 * texts and images is assembled and normalised in every step, with diagonal matrices as factors,
 * and all N + B rows are computed. The yardstick of the benchmark; w_ti = w_ii = 1.
 */
final class DenseBranch {
  private static final double SLOPE = 0.2;

  private final Tensor textGraph;
  private final Tensor textClasses;
  private final Tensor texts;
  private final Tensor weight1;
  private final Tensor weight2;

  DenseBranch(RandomTextGraph graph, Tensor weight1, Tensor weight2) {
    this.textGraph = RandomTextGraph.dense(graph.guiding());
    long[] classes = new long[graph.guiding().size()];
    Arrays.setAll(classes, t -> t / RandomTextGraph.PROMPTS);
    this.textClasses = Tensors.of(classes, classes.length);
    this.texts = graph.texts();
    this.weight1 = weight1;
    this.weight2 = weight2;
  }

  LsgBranch.Output forward(Tensor projected, Tensor labels) {
    Tensor adjacency = normalized(adjacency(labels));
    Tensor input = Ops.cat(0, texts, projected);
    Tensor hidden = Ops.leakyRelu(Ops.matmul(adjacency, Ops.matmul(input, weight1)), SLOPE);
    Tensor logits = Ops.matmul(adjacency, Ops.matmul(hidden, weight2));
    long first = texts.size(0);
    long images = projected.size(0);
    return new LsgBranch.Output(
        Ops.narrow(logits, 0, first, images),
        Ops.narrow(hidden, 0, first, images),
        null); // the reference multiplies by W2 first, so what W2 is applied to here is hidden
  }

  /** [A_text A_ti; A_ti' A_img] with ones wherever labels agree. */
  private Tensor adjacency(Tensor labels) {
    Tensor textImage = same(textClasses, labels);
    Tensor images = same(labels, labels);
    return Ops.cat(0, Ops.cat(1, textGraph, textImage), Ops.cat(1, textImage.t(), images));
  }

  private static Tensor same(Tensor rows, Tensor columns) {
    Tensor equal = rows.unsqueeze(1).eq(columns.unsqueeze(0));
    return Tensors.to(equal, Dtype.FLOAT32, ComputeDevice.cpu());
  }

  /** gen_adj: (A D)' D with D = diag(row sums)^(-1/2) as a matrix. */
  private static Tensor normalized(Tensor adjacency) {
    Tensor scale = Ops.pow(Ops.sum(adjacency, 1, false), -0.5).diag();
    return Ops.matmul(Ops.matmul(adjacency, scale).t(), scale);
  }
}
