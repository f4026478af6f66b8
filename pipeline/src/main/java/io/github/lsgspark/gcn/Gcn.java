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
 * The two-layer GCN of LSG-SPEC section 4 with its exact gradient, written out: no autograd graph
 * is kept.
 *
 * <pre>
 *   p = Ahat X W1    h = LeakyReLU(p)    r = Ahat h W2    y = r / max(|r|, 1e-12)
 * </pre>
 *
 * Training takes the unit-length y as logits, inference the raw r, as the reference does.
 */
final class Gcn implements AutoCloseable {
  private static final double SLOPE = 0.2;
  private static final double EPSILON = 1e-12;

  private final Tensor first;
  private final Tensor second;
  private Tensor firstMomentum;
  private Tensor secondMomentum;
  private Workspace workspace;

  Gcn(GcnWeights weights, Dtype dtype, ComputeDevice device) {
    try (TensorScope scope = new TensorScope()) {
      first = scope.keep(Tensors.to(weights.first().tensor(), dtype, device).clone());
      second = scope.keep(Tensors.to(weights.second().tensor(), dtype, device).clone());
    }
  }

  /** The element type that the settings ask for. */
  static Dtype dtype(GcnSettings settings) {
    return settings.precision() == GcnSettings.Precision.FLOAT64 ? Dtype.FLOAT64 : Dtype.FLOAT32;
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
   * @param logits y [N,C] of unit length
   * @param firstGradient dL/dW1; null if not asked for
   */
  record Pass(
      double loss, double accuracy, Tensor logits, Tensor firstGradient, Tensor secondGradient) {}

  /** Forward only: the training loss on a graph. */
  Pass evaluate(GcnGraph graph) {
    Tensor logits = Ops.normalizeRows(logits(graph), EPSILON);
    return new Pass(loss(logits, graph), accuracy(logits, graph), logits, null, null);
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
    Tensor product = Ops.matmulInto(space.product, graph.propagated(), first);
    Tensor hidden = Ops.leakyReluInto(space.hidden, product, SLOPE);
    Tensor raw = graph.propagate(Ops.matmul(hidden, second));
    Tensor length = Ops.clampMin(Ops.rowNorms(raw), EPSILON);
    Tensor logits = Ops.div(raw, length);

    Tensor difference = Ops.softmax(logits, 1);
    difference.scatter_add_(1, graph.labels().unsqueeze(1), graph.minusOnes());
    Ops.mulInPlace(difference, 1.0 / graph.nodes());
    Tensor along = Ops.sum(Ops.mul(difference, logits), 1, true);
    Tensor atRaw = Ops.div(Ops.sub(difference, Ops.mul(logits, along)), length);
    Tensor back = graph.propagateBack(atRaw);
    Tensor secondGradient = Ops.matmul(hidden.t(), back);
    Tensor atHidden = Ops.matmulInto(space.atHidden, back, second.t());
    Tensor atProduct = Ops.leakyReluBackwardInto(atHidden, atHidden, product, SLOPE);
    Tensor firstGradient = Ops.matmulInto(space.firstGradient, graph.propagated().t(), atProduct);
    return new Pass(
        loss(logits, graph), accuracy(logits, graph), logits, firstGradient, secondGradient);
  }

  /**
   * One step of SGD with Nesterov momentum, dampening 0.
   *
   * @param weightDecay added to the gradients as weightDecay * w
   */
  void step(Pass pass, double learningRate, double momentum, double weightDecay) {
    firstMomentum =
        step(first, pass.firstGradient, firstMomentum, learningRate, momentum, weightDecay);
    secondMomentum =
        step(second, pass.secondGradient, secondMomentum, learningRate, momentum, weightDecay);
  }

  private static Tensor step(
      Tensor weight,
      Tensor gradient,
      Tensor velocity,
      double learningRate,
      double momentum,
      double weightDecay) {
    Ops.addScaledInPlace(gradient, weight, weightDecay);
    Tensor updated = velocity;
    if (updated == null) {
      updated = TensorScope.detached(gradient.clone());
    } else {
      Ops.mulInPlace(updated, momentum);
      Ops.addScaledInPlace(updated, gradient, 1);
    }
    Ops.addScaledInPlace(gradient, updated, momentum);
    Ops.addScaledInPlace(weight, gradient, -learningRate);
    return updated;
  }

  private static double loss(Tensor logits, GcnGraph graph) {
    return Tensors.item(Ops.crossEntropy(logits, graph.labels(), 0));
  }

  private static double accuracy(Tensor logits, GcnGraph graph) {
    Tensor hits = Ops.argmax(logits, 1).eq(graph.labels());
    return Tensors.item(hits.sum()) / graph.nodes();
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
    if (firstMomentum != null) {
      firstMomentum.close();
      secondMomentum.close();
    }
    if (workspace != null) {
      workspace.close();
    }
  }
}
