package io.github.lsgspark.lsg;

import io.github.lsgspark.config.LsgSettings;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.Tensors;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * Beyond the paper, with weight {@code lsg.prototype-weight}: the cross entropy of the scaled
 * cosines between projections and class prototypes (docs/method.md, section 4).
 *
 * <p>Classes without a labelled sample do not compete: the term would push all projections away
 * from the texts that they are to be recognised by. One that a pseudo-label names does.
 */
final class PrototypeLoss implements LossTerm<LsgBatch> {
  private static final float OUT_OF_QUESTION = -1e9f;

  private final LsgSettings settings;
  private final Tensor prototypes;
  private final int[] unlabelled;

  /**
   * @param prototypes [D,C], unit columns; not closed here
   * @param unlabelled classes without a labelled sample
   */
  PrototypeLoss(LsgSettings settings, Tensor prototypes, int[] unlabelled) {
    this.settings = settings;
    this.prototypes = prototypes;
    this.unlabelled = unlabelled;
  }

  @Override
  public String name() {
    return "prototypes";
  }

  @Override
  public String title() {
    return "prototype loss";
  }

  @Override
  public double weight(int step) {
    return settings.prototypeFactor();
  }

  @Override
  public Optional<LossValue> value(LsgBatch batch) {
    return Optional.of(
        batch.value(
            LsgLosses.prototypes(
                batch.projected(),
                prototypes,
                settings.prototypeScale(),
                Tensors.to(handicaps(batch.labels()), Dtype.FLOAT32, Tensors.device(prototypes)),
                batch.targets())));
  }

  private Tensor handicaps(int[] labels) {
    float[] handicaps = new float[(int) prototypes.size(1)];
    for (int label : unlabelled) {
      handicaps[label] = OUT_OF_QUESTION;
    }
    for (int label : labels) {
      handicaps[label] = 0;
    }
    return Tensors.of(handicaps, handicaps.length);
  }
}
