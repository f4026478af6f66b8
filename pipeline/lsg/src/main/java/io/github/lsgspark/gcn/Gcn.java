package io.github.lsgspark.gcn;

import io.github.lsgspark.config.GcnSettings;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import org.bytedeco.pytorch.Tensor;

/**
 * The two-layer GCN of docs/method.md, section 3, with its exact gradient, written out: no autograd
 * graph is kept.
 *
 * <pre>
 *   p = Ahat X W1    h = LeakyReLU(p)    r = Ahat h W2    y = r / max(|r|, 1e-12)
 * </pre>
 *
 * Training takes the unit-length y as logits, inference the raw r, as the reference does.
 */
final class Gcn implements AutoCloseable {
  private static final double SLOPE = GcnConstants.NEGATIVE_SLOPE;

  /** Above this many logits, rows are taken in blocks: a few copies of them must fit in memory. */
  private static final long LARGEST_LOGITS = 1L << 26;

  /** Logits of one block: they stay in the cache, and in memory that is not mapped anew. */
  private static final long BLOCK_LOGITS = 1L << 21;

  private final Tensor first;
  private final Tensor second;
  private final long largestLogits;
  private final boolean half;
  private Workspace workspace;

  Gcn(GcnWeights weights, GcnPlan plan, ComputeDevice device) {
    this(
        weights,
        plan.dtype(),
        device,
        LARGEST_LOGITS,
        plan.precision() == GcnSettings.Precision.BFLOAT16);
  }

  Gcn(GcnWeights weights, Dtype dtype, ComputeDevice device) {
    this(weights, dtype, device, LARGEST_LOGITS, false);
  }

  /**
   * @param largestLogits N C above which the logits are computed block by block
   * @param half whether the products of a training step are taken in bfloat16
   */
  Gcn(GcnWeights weights, Dtype dtype, ComputeDevice device, long largestLogits, boolean half) {
    this.largestLogits = largestLogits;
    this.half = half;
    try (TensorScope scope = new TensorScope()) {
      first = scope.keep(Tensors.to(weights.first().tensor(), dtype, device).clone());
      second = scope.keep(Tensors.to(weights.second().tensor(), dtype, device).clone());
    }
  }

  /** First layer's output h [N,D]. */
  Tensor hidden(GcnGraph graph) {
    return Ops.leakyRelu(Ops.matmul(graph.propagated(), first), SLOPE);
  }

  /** Raw output r [N,C]. */
  Tensor logits(GcnGraph graph) {
    return graph.propagate(Ops.matmul(hidden(graph), second));
  }

  /**
   * Loss, accuracy and gradients at the present weights.
   *
   * @param logits y [N,C] of unit length; null if they were computed block by block
   * @param firstGradient dL/dW1; null if not asked for
   */
  record Pass(
      double loss, double accuracy, Tensor logits, Tensor firstGradient, Tensor secondGradient) {}

  /** Forward only: the training loss on a graph. */
  Pass evaluate(GcnGraph graph) {
    if (isLarge(graph)) {
      BlockedClassifier.Score score =
          blocked(graph).evaluate(graph.propagate(hidden(graph)), graph);
      return new Pass(score.loss(), score.accuracy(), null, null, null);
    }
    BlockedClassifier.UnitLogits logits = BlockedClassifier.UnitLogits.of(logits(graph));
    return new Pass(
        logits.loss(graph.labels()),
        logits.hits(graph.labels()) / graph.nodes(),
        logits.values(),
        null,
        null);
  }

  private boolean isLarge(GcnGraph graph) {
    return graph.nodes() * second.size(1) > largestLogits;
  }

  private BlockedClassifier blocked(GcnGraph graph) {
    long rows = Math.max(1, Math.min(largestLogits, BLOCK_LOGITS) / second.size(1));
    return new BlockedClassifier(second, (int) Math.min(rows, graph.nodes()));
  }

  /**
   * The large matrices of an iteration, kept from one to the next: fresh memory of this size comes
   * from the operating system page by page, which took a tenth of an iteration.
   */
  private record Workspace(Tensor product, Tensor hidden, Tensor atHidden, Tensor firstGradient) {
    static Workspace like(Tensor propagated, Tensor first) {
      try (TensorScope scope = new TensorScope()) {
        return new Workspace(
            scope.keep(propagated.clone()),
            scope.keep(propagated.clone()),
            scope.keep(propagated.clone()),
            scope.keep(first.clone()));
      }
    }

    boolean fits(Tensor propagated) {
      return product.size(0) == propagated.size(0);
    }

    void close() {
      product.close();
      hidden.close();
      atHidden.close();
      firstGradient.close();
    }
  }

  private Workspace workspace(GcnGraph graph) {
    if (workspace == null || !workspace.fits(graph.propagated())) {
      if (workspace != null) {
        workspace.close();
      }
      workspace = Workspace.like(graph.propagated(), first);
    }
    return workspace;
  }

  /** Forward and backward. The first gradient is valid until the next call. */
  Pass differentiate(GcnGraph graph) {
    Workspace space = workspace(graph);
    Tensor product = productInto(space.product, propagated(graph), first);
    Tensor hidden = Ops.leakyReluInto(space.hidden, product, SLOPE);
    return isLarge(graph)
        ? differentiateInBlocks(graph, space, product, hidden)
        : differentiateWhole(graph, space, product, hidden);
  }

  private Pass differentiateWhole(GcnGraph graph, Workspace space, Tensor product, Tensor hidden) {
    BlockedClassifier.UnitLogits logits =
        BlockedClassifier.UnitLogits.of(graph.propagate(product(hidden, second)));
    double hits = logits.hits(graph.labels());
    BlockedClassifier.UnitLogits.Gradient gradient = logits.gradient(graph.labels(), graph.nodes());
    Tensor back = graph.propagateBack(gradient.atRaw());
    Tensor secondGradient = product(hidden.t(), back);
    Tensor atHidden = productInto(space.atHidden, back, second.t());
    return new Pass(
        gradient.loss() / graph.nodes(),
        hits / graph.nodes(),
        logits.values(),
        firstGradient(graph, space, product, atHidden),
        secondGradient);
  }

  private Pass differentiateInBlocks(
      GcnGraph graph, Workspace space, Tensor product, Tensor hidden) {
    Tensor secondGradient = Ops.mul(second, 0);
    BlockedClassifier.Score score =
        blocked(graph)
            .differentiate(graph.propagate(hidden), graph, space.atHidden, secondGradient);
    Tensor atHidden = graph.propagateBack(space.atHidden);
    return new Pass(
        score.loss(),
        score.accuracy(),
        null,
        firstGradient(graph, space, product, atHidden),
        secondGradient);
  }

  private Tensor firstGradient(GcnGraph graph, Workspace space, Tensor product, Tensor atHidden) {
    Tensor atProduct = Ops.leakyReluBackwardInto(atHidden, atHidden, product, SLOPE);
    return productInto(space.firstGradient, propagated(graph).t(), atProduct);
  }

  /** Ahat X, in the element type of the large products. */
  private Tensor propagated(GcnGraph graph) {
    return half ? graph.propagatedHalf() : graph.propagated();
  }

  private Tensor product(Tensor a, Tensor b) {
    return half ? Tensors.to(Ops.matmul(half(a), half(b)), Dtype.of(first)) : Ops.matmul(a, b);
  }

  private Tensor productInto(Tensor out, Tensor a, Tensor b) {
    return half ? out.copy_(Ops.matmul(half(a), half(b))) : Ops.matmulInto(out, a, b);
  }

  private static Tensor half(Tensor a) {
    return Tensors.to(a, Dtype.BFLOAT16);
  }

  /** One step of an optimizer, which is of this network alone. */
  void step(Pass pass, GcnOptimizer optimizer) {
    optimizer.step(first, pass.firstGradient, 0);
    optimizer.step(second, pass.secondGradient, 1);
  }

  /** Copies of the present weights. */
  GcnWeights weights() {
    return new GcnWeights(array(first), array(second));
  }

  private static HostArray array(Tensor tensor) {
    return Dtype.of(tensor) == Dtype.FLOAT64
        ? HostArray.of(Tensors.doubles(tensor), Tensors.shape(tensor))
        : HostArray.of(Tensors.floats(tensor), Tensors.shape(tensor));
  }

  @Override
  public void close() {
    first.close();
    second.close();
    if (workspace != null) {
      workspace.close();
    }
  }
}
