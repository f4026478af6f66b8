package io.github.lsgspark.gcn;

import io.github.lsgspark.torch.Autograd;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.RowOps;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import org.bytedeco.pytorch.Tensor;

/**
 * The reference's way to train the GCN: products with a dense normalised adjacency, built once, in
 * the order Ahat (X W1), gradients by autograd. The yardstick of the benchmark.
 */
final class DenseGcn {
  private static final double SLOPE = 0.2;
  private static final double EPSILON = 1e-12;

  private final Tensor adjacency;
  private final Tensor texts;
  private final Tensor labels;
  private final Parameter first;
  private final Parameter second;

  DenseGcn(Tensor adjacency, Tensor texts, Tensor labels, GcnWeights weights) {
    this.adjacency = adjacency;
    this.texts = texts;
    this.labels = labels;
    this.first = new Parameter(weights.first().tensor());
    this.second = new Parameter(weights.second().tensor());
  }

  /** Forward, backward, update; returns the loss before the update. */
  double iterate(double learningRate, double momentum, double weightDecay) {
    Tensor w1 = Autograd.leaf(first.values);
    Tensor w2 = Autograd.leaf(second.values);
    Tensor hidden = Ops.leakyRelu(Ops.matmul(adjacency, Ops.matmul(texts, w1)), SLOPE);
    Tensor raw = Ops.matmul(adjacency, Ops.matmul(hidden, w2));
    Tensor loss = Ops.crossEntropy(RowOps.normalizeRows(raw, EPSILON), labels, 0);
    Autograd.backward(loss);
    first.update(Autograd.grad(w1), learningRate, momentum, weightDecay);
    second.update(Autograd.grad(w2), learningRate, momentum, weightDecay);
    return Tensors.item(loss);
  }

  /** A weight matrix and its momentum; SGD with Nesterov momentum. */
  private static final class Parameter {
    private final Tensor values;
    private Tensor velocity;

    Parameter(Tensor values) {
      this.values = values;
    }

    void update(Tensor gradient, double learningRate, double momentum, double weightDecay) {
      Ops.addScaledInPlace(gradient, values, weightDecay);
      if (velocity == null) {
        velocity = TensorScope.detached(gradient.clone());
      } else {
        Ops.mulInPlace(velocity, momentum);
        Ops.addScaledInPlace(velocity, gradient, 1);
      }
      Ops.addScaledInPlace(gradient, velocity, momentum);
      Ops.addScaledInPlace(values, gradient, -learningRate);
    }
  }
}
