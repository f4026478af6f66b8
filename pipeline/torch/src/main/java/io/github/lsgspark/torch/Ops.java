package io.github.lsgspark.torch;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Tensor operations with plain Java arguments. Results are differentiable unless they are made
 * inside {@link Autograd#noGrad()}.
 */
public final class Ops {
  private Ops() {}

  /** Matrix product [n,k] x [k,m]. */
  public static Tensor matmul(Tensor a, Tensor b) {
    return a.matmul(b);
  }

  /** Matrix products of a batch: [b,n,k] x [b,k,m]. */
  public static Tensor batchedMatmul(Tensor a, Tensor b) {
    return a.bmm(b);
  }

  /** Matrix product into an existing [n,m] tensor; not differentiable. */
  public static Tensor matmulInto(Tensor out, Tensor a, Tensor b) {
    return torch.mm_out(out, a, b);
  }

  public static Tensor add(Tensor a, Tensor b) {
    return a.add(b);
  }

  public static Tensor add(Tensor a, double b) {
    return a.add(new Scalar(b));
  }

  /** a + factor * b. */
  public static Tensor addScaled(Tensor a, Tensor b, double factor) {
    return a.add(b, new Scalar(factor));
  }

  /** a += factor * b. */
  public static void addScaledInPlace(Tensor a, Tensor b, double factor) {
    a.add_(b, new Scalar(factor));
  }

  public static Tensor sub(Tensor a, Tensor b) {
    return a.sub(b);
  }

  public static Tensor mul(Tensor a, Tensor b) {
    return a.mul(b);
  }

  public static Tensor mul(Tensor a, double b) {
    return a.mul(new Scalar(b));
  }

  /** Sets every element. */
  public static void fillInPlace(Tensor a, double value) {
    a.fill_(new Scalar(value));
  }

  /** a *= b. */
  public static void mulInPlace(Tensor a, double b) {
    a.mul_(new Scalar(b));
  }

  public static Tensor div(Tensor a, Tensor b) {
    return a.div(b);
  }

  public static Tensor div(Tensor a, double b) {
    return a.div(new Scalar(b));
  }

  /** The smaller of each element and {@code bound} is replaced by {@code bound}. */
  public static Tensor clampMin(Tensor a, double bound) {
    return a.clamp_min(new Scalar(bound));
  }

  public static Tensor pow(Tensor a, double exponent) {
    return a.pow(new Scalar(exponent));
  }

  public static Tensor log(Tensor a) {
    return a.log();
  }

  public static Tensor leakyRelu(Tensor a, double slope) {
    return torch.leaky_relu(a, new Scalar(slope));
  }

  /** {@link #leakyRelu} written to {@code out}, which may be {@code a}. */
  public static Tensor leakyReluInto(Tensor out, Tensor a, double slope) {
    return torch.leaky_relu_out(out, a, new Scalar(slope));
  }

  /**
   * Gradient of {@link #leakyRelu} with respect to its input, written to {@code out}, which may be
   * {@code gradient}.
   */
  public static Tensor leakyReluBackwardInto(
      Tensor out, Tensor gradient, Tensor input, double slope) {
    return torch.leaky_relu_backward_out(out, gradient, input, new Scalar(slope), false);
  }

  public static Tensor relu(Tensor a) {
    return torch.relu(a);
  }

  public static Tensor softmax(Tensor a, int dimension) {
    return torch.softmax(a, dimension);
  }

  /**
   * Mean cross entropy of logits [n,C] against labels [n] (int64).
   *
   * @param smoothing label smoothing in [0, 1)
   */
  public static Tensor crossEntropy(Tensor logits, Tensor labels, double smoothing) {
    return torch.cross_entropy_loss(logits, labels, new TensorOptional(), 1, -100, smoothing);
  }

  /** Sum of all elements. */
  public static Tensor sum(Tensor a) {
    return a.sum();
  }

  /** Sum over one dimension. */
  public static Tensor sum(Tensor a, int dimension, boolean keep) {
    return a.sum(new long[] {dimension}, keep, new ScalarTypeOptional());
  }

  /** Mean of all elements. */
  public static Tensor mean(Tensor a) {
    return a.mean();
  }

  /** Mean over one dimension. */
  public static Tensor mean(Tensor a, int dimension, boolean keep) {
    return a.mean(new long[] {dimension}, keep, new ScalarTypeOptional());
  }

  /** Euclidean length of all elements taken together; waits for a device. */
  public static double norm(Tensor a) {
    try (TensorScope scope = new TensorScope()) {
      return Tensors.item(length(a));
    }
  }

  /** Euclidean length of all elements taken together, as a scalar where they lie. */
  public static Tensor length(Tensor a) {
    return a.norm();
  }

  /**
   * Shortens a to a length, where it is longer, without waiting for a device.
   *
   * @param longest its length afterwards at most
   */
  public static void shortenInPlace(Tensor a, double longest) {
    try (TensorScope scope = new TensorScope()) {
      Tensor length = Tensors.to(length(a), Dtype.FLOAT64);
      Tensor factor = length.reciprocal().mul(new Scalar(longest)).clamp_max(new Scalar(1));
      a.mul_(factor);
    }
  }

  /** Slices {@code index} of a dimension. */
  public static Tensor indexSelect(Tensor a, int dimension, Tensor index) {
    return a.index_select(dimension, index);
  }

  /** a with the slices of {@code source} added at {@code index}. */
  public static Tensor indexAdd(Tensor a, int dimension, Tensor index, Tensor source) {
    return torch.index_add(a, dimension, index, source);
  }

  /** A slice of a dimension that shares memory. */
  public static Tensor narrow(Tensor a, int dimension, long start, long length) {
    return a.narrow(dimension, start, length);
  }

  /** Two dimensions exchanged; memory is shared. */
  public static Tensor transpose(Tensor a, int first, int second) {
    return a.transpose(first, second);
  }

  /** Concatenation along a dimension. */
  public static Tensor cat(int dimension, Tensor... parts) {
    return torch.cat(new TensorVector(parts), dimension);
  }

  /** Adds a product: target + a b, written to the target. */
  public static void addProductInPlace(Tensor target, Tensor a, Tensor b) {
    target.addmm_(a, b);
  }

  /** Largest element of each slice; the dimension stays. */
  public static Tensor largest(Tensor a, int dimension) {
    return largest(a, dimension, true);
  }

  /** Largest element of each slice. */
  public static Tensor largest(Tensor a, int dimension, boolean keep) {
    return a.amax(new long[] {dimension}, keep);
  }

  /** target + a b elementwise times a factor, in place. */
  public static void addMultipliedInPlace(Tensor target, Tensor a, Tensor b, double factor) {
    target.addcmul_(a, b, new Scalar(factor));
  }

  /** Unit eigenvectors of a symmetric [n,n], in its columns: those of small eigenvalues first. */
  public static Tensor eigenvectors(Tensor symmetric) {
    // get1() is a view into the tuple; the copy owns its tensor.
    return new Tensor(torch.linalg_eigh(symmetric).get1());
  }

  /** Index of the largest element of each slice. */
  public static Tensor argmax(Tensor a, int dimension) {
    return a.argmax(new LongOptional(dimension), false);
  }
}
