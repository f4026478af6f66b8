package io.github.lsgspark.training;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.torch.Collective;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.Finite;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import io.github.lsgspark.training.ssl.PseudoLabelling;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/**
 * The pseudo-labels of a batch: each replica's strategy decides about its own images, then all know
 * the labels of the global batch.
 */
record PseudoLabeller(
    PseudoLabelling strategy, Labeller labeller, Collective collective, ComputeDevice device) {

  /** The batch with the labels of a strategy that does not look at probabilities. */
  BatchPlan decide(BatchPlan plan) {
    return plan.relabelled(labels(plan, new float[0][]));
  }

  /**
   * The batch with the labels that the strategy gives to probabilities.
   *
   * @param features [b,F] of all rows of this replica
   * @param logits [b,C] of these
   * @throws LsgException exit 1 if a probability is not a finite number
   */
  BatchPlan decide(BatchPlan plan, Tensor features, Tensor logits) {
    // The first views are this replica's first rows.
    int images = plan.ownImages().length;
    float[][] weak =
        rows(
            labeller.probabilities(
                Ops.narrow(features.detach(), 0, 0, images),
                Ops.narrow(logits.detach(), 0, 0, images)));
    if (!Arrays.stream(weak).allMatch(Finite::all)) {
      throw LsgException.failed(
          "the network's probabilities of an unlabelled sample are no finite numbers; lower"
              + " train.learning-rate, or set train.gradient-clip");
    }
    return plan.relabelled(labels(plan, weak));
  }

  /** The label of each image of the global batch, the same on every replica. */
  private int[] labels(BatchPlan plan, float[][] probabilities) {
    int[] own = plan.ownImages();
    int[] samples = Arrays.stream(own).map(image -> plan.indices()[image]).toArray();
    int[] decided = strategy.decide(samples, probabilities);
    // Shifted by one, so that 0 is what other replicas decide.
    double[] all = new double[plan.indices().length];
    for (int i = 0; i < own.length; i++) {
      all[own[i]] = 1 + decided[i];
    }
    if (collective.worldSize() > 1) {
      try (TensorScope scope = new TensorScope()) {
        Tensor sum = Tensors.to(Tensors.of(all, all.length), Dtype.FLOAT64, device);
        collective.allReduceSum(sum, "the pseudo-labels of the batch");
        all = Tensors.doubles(sum);
      }
    }
    return Arrays.stream(all).mapToInt(label -> (int) Math.round(label) - 1).toArray();
  }

  private static float[][] rows(Tensor matrix) {
    int columns = (int) matrix.size(1);
    float[] flat = Tensors.floats(matrix);
    float[][] rows = new float[flat.length / columns][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Arrays.copyOfRange(flat, i * columns, (i + 1) * columns);
    }
    return rows;
  }
}
