package io.github.lsgspark.training;

import io.github.lsgspark.backbone.BatchNormalization;
import io.github.lsgspark.torch.Autograd;
import io.github.lsgspark.torch.ChannelOps;
import io.github.lsgspark.torch.Collective;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.ModeGuard;
import io.github.lsgspark.torch.NeuralOps;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.Tensors;
import org.bytedeco.pytorch.Tensor;

/**
 * Batch normalisation by the statistics of the global batch, with their exact gradient: sums over
 * the replicas go into the forward pass, and the sums' gradients are summed over the replicas on
 * the way back. Mean first, then the squares about it, so that nothing cancels; sums are double, as
 * libtorch has them on a CPU. A replica's part may be of no rows: it must be normalised all the
 * same, since every replica takes part in every sum.
 */
final class SynchronizedBatchNorm implements BatchNormalization {
  private final Collective collective;

  SynchronizedBatchNorm(Collective collective) {
    this.collective = collective;
  }

  @Override
  public Tensor apply(
      Tensor x, Tensor weight, Tensor bias, Tensor runningMean, Tensor runningVariance) {
    Dtype dtype = Dtype.of(x);
    double count = total((double) x.numel() / x.size(1), x);
    if (count < FEWEST_VALUES) {
      return BatchNormalization.runningStatistics()
          .apply(x, weight, bias, runningMean, runningVariance);
    }
    Tensor wide = Tensors.to(x, Dtype.FLOAT32);
    Tensor mean = Ops.div(summed(ChannelOps.sum(wide)), count);
    Tensor centred = Ops.sub(wide, ChannelOps.broadcast(Tensors.to(mean, Dtype.FLOAT32), wide));
    Tensor variance = Ops.div(summed(ChannelOps.sum(Ops.mul(centred, centred))), count);
    move(runningMean, mean, 1);
    move(runningVariance, variance, count / (count - 1));
    Tensor scale = Ops.pow(Ops.add(variance, NeuralOps.BATCH_NORM_EPSILON), -0.5);
    Tensor gain = Ops.mul(weight, Tensors.to(scale, Dtype.FLOAT32));
    Tensor shift = Ops.sub(bias, Ops.mul(Tensors.to(mean, Dtype.FLOAT32), gain));
    Tensor result =
        Ops.add(Ops.mul(wide, ChannelOps.broadcast(gain, wide)), ChannelOps.broadcast(shift, wide));
    return Tensors.to(result, dtype);
  }

  private double total(double own, Tensor like) {
    Tensor count = Tensors.zeros(Dtype.FLOAT64, Tensors.device(like), 1);
    Ops.fillInPlace(count, own);
    collective.allReduceSum(count, "the batch size of batch normalisation");
    return Tensors.item(count);
  }

  /** The sum over replicas; its gradient is the sum of theirs. */
  private Tensor summed(Tensor own) {
    Tensor others = own.detach().clone();
    collective.allReduceSum(others, "the statistics of batch normalisation");
    Tensor all = Ops.add(own, Ops.sub(others, own.detach()));
    if (!all.requires_grad()) {
      // Everything before it is frozen, on every replica.
      return all;
    }
    Autograd.onGradient(
        all,
        gradient -> {
          Tensor sum = gradient.contiguous().clone();
          collective.allReduceSum(sum, "the gradient of batch normalisation's statistics");
          return sum;
        });
    return all;
  }

  private static void move(Tensor running, Tensor now, double factor) {
    try (ModeGuard guard = Autograd.noGrad()) {
      Ops.mulInPlace(running, 1 - NeuralOps.BATCH_NORM_MOMENTUM);
      Ops.addScaledInPlace(
          running, Tensors.to(now.detach(), Dtype.FLOAT32), NeuralOps.BATCH_NORM_MOMENTUM * factor);
    }
  }
}
