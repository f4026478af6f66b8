package io.github.lsgspark.training;

import io.github.lsgspark.config.SslSettings;
import io.github.lsgspark.lsg.LossTerm;
import io.github.lsgspark.lsg.LossValue;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.Tensors;
import io.github.lsgspark.training.ssl.PseudoLabelling;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * The cross entropy of the unlabelled images that were given a pseudo-label, over all images of the
 * step, taken or not (FixMatch, Sohn et al., NeurIPS 2020, equation 4).
 *
 * @param exchanges whether all replicas compute features, if one does
 * @param strategy whose labels may be soft: then the cross entropy is that to the distribution,
 *     times the image's weight
 */
record PseudoLabelLoss(SslSettings settings, boolean exchanges, PseudoLabelling strategy)
    implements LossTerm<UnlabelledBatch> {

  @Override
  public String name() {
    return UnlabelledLoss.NAME;
  }

  @Override
  public double weight(int step) {
    return settings.weightAt(step);
  }

  @Override
  public boolean showsWeighted() {
    return true;
  }

  @Override
  public Optional<LossValue> value(UnlabelledBatch batch) {
    List<Integer> taken = batch.classified();
    if (taken.isEmpty()) {
      return exchanges && batch.anyTaken()
          ? Optional.of(LossValue.ofAll(batch.ofNoRows(batch.logits()), 0))
          : Optional.empty();
    }
    double share = (double) taken.size() / batch.classifiedRows();
    if (strategy.isSoft()) {
      return Optional.of(LossValue.ofShare(soft(batch, taken), share));
    }
    long[] labels = taken.stream().mapToLong(batch::label).toArray();
    Tensor targets = Tensors.to(Tensors.of(labels, labels.length), Dtype.INT64, batch.device());
    return Optional.of(
        LossValue.ofShare(Ops.crossEntropy(batch.classifiedLogits(), targets, 0), share));
  }

  /** A row of a target sums to the weight of its image; the mean is over the images. */
  private Tensor soft(UnlabelledBatch batch, List<Integer> taken) {
    int classes = (int) batch.classifiedLogits().size(1);
    float[] rows = new float[taken.size() * classes];
    for (int i = 0; i < taken.size(); i++) {
      System.arraycopy(strategy.target(batch.sample(taken.get(i))), 0, rows, i * classes, classes);
    }
    Tensor targets =
        Tensors.to(Tensors.of(rows, taken.size(), classes), Dtype.FLOAT32, batch.device());
    return Ops.crossEntropy(batch.classifiedLogits(), targets, 0);
  }
}
