package io.github.lsgspark.head;

import io.github.lsgspark.config.HeadSettings;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.io.Serializable;
import org.bytedeco.pytorch.Tensor;

/**
 * What is done to raw features h before a head sees them: x = root(h) − μ over the layers taken,
 * divided by its length; with whitening then z = (x − m) A, divided by its length.
 *
 * @param root of each feature
 * @param layers that are taken, d features
 * @param mean μ [d], of the rooted features of all samples that training may see
 * @param whitening m and A; null: none
 */
public record FeatureTransform(
    HeadSettings.Root root, LayerSet layers, double[] mean, Whitening whitening)
    implements Serializable {
  private static final double TINY = 1e-12;

  /**
   * A linear map of centred unit features.
   *
   * @param offset m [d], their mean
   * @param matrix A [d,d], row-major: z = (x − m) A
   */
  public record Whitening(double[] offset, double[] matrix) implements Serializable {}

  /** Number of features that a head sees. */
  public int dimension() {
    return mean.length;
  }

  /**
   * Transforms rows.
   *
   * @param raw [n,D], features of all layers
   * @return [n,d], float64, of unit length; a row that is zero stays zero
   */
  public Tensor apply(Tensor raw) {
    Tensor rooted = PoolSums.rooted(root, layers.of(raw));
    Tensor unit = Ops.normalizeRows(Ops.sub(rooted, Tensors.of(mean, 1, dimension())), TINY);
    if (whitening == null) {
      return unit;
    }
    Tensor centred = Ops.sub(unit, Tensors.of(whitening.offset, 1, dimension()));
    Tensor matrix = Tensors.of(whitening.matrix, dimension(), dimension());
    return Ops.normalizeRows(Ops.matmul(centred, matrix), TINY);
  }

  /** Transforms one row of all layers' features: [D] to [d], of unit length. */
  public float[] apply(float[] raw) {
    try (TensorScope scope = new TensorScope()) {
      return Tensors.floats(apply(Tensors.of(raw, 1, raw.length)));
    }
  }

  /** The same with a whitening. */
  FeatureTransform with(Whitening map) {
    return new FeatureTransform(root, layers, mean, map);
  }
}
