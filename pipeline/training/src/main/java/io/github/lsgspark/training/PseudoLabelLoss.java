package io.github.lsgspark.training;

import io.github.lsgspark.config.SslSettings;
import io.github.lsgspark.lsg.LossTerm;
import io.github.lsgspark.lsg.LossValue;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.Tensors;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * The cross entropy of the unlabelled images that were given a pseudo-label, over all images of the
 * step, taken or not (FixMatch, Sohn et al., NeurIPS 2020, equation 4).
 *
 * @param exchanges whether all replicas compute features, if one does
 */
record PseudoLabelLoss(SslSettings settings, boolean exchanges)
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
    long[] labels = taken.stream().mapToLong(batch::label).toArray();
    Tensor targets = Tensors.to(Tensors.of(labels, labels.length), Dtype.INT64, batch.device());
    double share = (double) labels.length / batch.classifiedRows();
    return Optional.of(
        LossValue.ofShare(Ops.crossEntropy(batch.classifiedLogits(), targets, 0), share));
  }
}
