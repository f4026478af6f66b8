package io.github.lsgspark.head;

import io.github.lsgspark.config.HeadSettings;
import io.github.lsgspark.features.FeatureFacts;
import io.github.lsgspark.features.FeatureSlice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.NeuralOps;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.RowOps;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.io.Serializable;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * What is done to features before a head sees them: the signed square root of each number, minus
 * its mean over the pool, the vector divided by its length; with a whitening, multiplied by its
 * matrix, moved, and divided by the length again.
 *
 * @param root whether the root is taken
 * @param slices of the layers that are taken
 * @param width numbers of a row of all layers
 * @param mean of the layers' numbers, in their order [d]
 * @param whitening row-major [d, d]; empty: none
 * @param offset added after it [d]; empty: none
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
public record FeatureTransform(
    boolean root,
    List<FeatureSlice> slices,
    int width,
    double[] mean,
    double[] whitening,
    double[] offset)
    implements Serializable {

  /** Keeps a list of its own, which can be sent to executors. */
  public FeatureTransform {
    slices = List.copyOf(slices);
  }

  /**
   * That of all layers of a table, with the mean over all samples that training may see; for a head
   * of texts without either.
   */
  static FeatureTransform centred(HeadSettings settings, FeatureFacts facts) {
    if (Heads.of(settings.closedForm()).isOfTexts()) {
      int d = facts.dimension();
      return new FeatureTransform(
          false, facts.slices(), d, new double[d], new double[0], new double[0]);
    }
    boolean root = settings.root() == HeadSettings.Root.SIGNED_ROOT;
    return new FeatureTransform(
        root,
        facts.slices(),
        facts.dimension(),
        root ? facts.rootMean() : facts.mean(),
        new double[0],
        new double[0]);
  }

  /** Numbers of a transformed vector. */
  public int dimension() {
    return mean.length;
  }

  /** Whether there is a whitening. */
  public boolean whitens() {
    return whitening.length > 0;
  }

  /** The same for some of the layers, without a whitening. */
  FeatureTransform of(List<FeatureSlice> some) {
    double[] part = new double[some.stream().mapToInt(FeatureSlice::length).sum()];
    int at = 0;
    for (FeatureSlice slice : some) {
      int from = 0;
      for (FeatureSlice own : slices) {
        if (own.equals(slice)) {
          System.arraycopy(mean, from, part, at, slice.length());
        }
        from += own.length();
      }
      at += slice.length();
    }
    return new FeatureTransform(root, some, width, part, new double[0], new double[0]);
  }

  FeatureTransform whitened(double[] matrix, double[] moved) {
    return new FeatureTransform(root, slices, width, mean, matrix, moved);
  }

  /**
   * Transforms rows.
   *
   * @param values row-major [n, width]
   * @return [n, d] in double
   */
  Tensor apply(float[] values) {
    Tensor x = Ops.sub(rooted(values), Tensors.of(mean, 1, mean.length));
    x = RowOps.normalizeRows(x, NeuralOps.LEAST_NORM);
    if (whitens()) {
      Tensor matrix = Tensors.of(whitening, mean.length, mean.length);
      Tensor moved =
          Ops.add(Ops.matmul(x, Ops.transpose(matrix, 0, 1)), Tensors.of(offset, 1, mean.length));
      x = RowOps.normalizeRows(moved, NeuralOps.LEAST_NORM);
    }
    return x;
  }

  /**
   * Transforms rows.
   *
   * @param values row-major [n, width]
   * @return row-major [n, d]
   */
  public float[] transformed(float[] values) {
    try (TensorScope scope = new TensorScope()) {
      return Tensors.floats(apply(values));
    }
  }

  /** The layers' numbers before the mean is taken off [n, d]. */
  Tensor rooted(float[] values) {
    Tensor all = Tensors.of(values, values.length / width, width);
    Tensor[] parts =
        slices.stream()
            .map(slice -> Ops.narrow(all, 1, slice.from(), slice.length()))
            .toArray(Tensor[]::new);
    Tensor x = Tensors.to(parts.length == 1 ? parts[0] : Ops.cat(1, parts), Dtype.FLOAT64);
    return root ? NeuralOps.signedRoot(x) : x;
  }
}
