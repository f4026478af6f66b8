package io.github.lsgspark.training;

import io.github.lsgspark.config.TransferSettings;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.lsg.LossTerm;
import io.github.lsgspark.lsg.LossValue;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * Co-Tuning (You et al., "Co-Tuning for Transfer Learning", NeurIPS 2020, equation 1): the
 * classifier of the task that the weights were trained for stays beside the new one, and is trained
 * with the network on p(source class | target class), by cross entropy. That relationship is the
 * paper's direct one: the mean of the probabilities that the network gave the labelled samples of a
 * target class before the first step. The paper also learns it the other way round, and calibrates
 * the probabilities by samples of the source task, which are not there.
 */
final class CoTuning implements LossTerm<LabelledBatch>, AutoCloseable {
  private final TransferSettings.CoTuningSettings settings;
  private final Tensor relationship;

  /**
   * @param relationship p(source class | target class) [C,S], which is closed with this
   */
  CoTuning(TransferSettings.CoTuningSettings settings, Tensor relationship) {
    this.settings = settings;
    this.relationship = relationship;
  }

  /**
   * That of a network before its first step; all replicas call it together.
   *
   * @param labelled samples of the training
   */
  static CoTuning of(
      TransferSettings.CoTuningSettings settings,
      Forward forward,
      Inference inference,
      List<Sample> labelled) {
    Network network = forward.network();
    int classes = network.classes();
    int sources = network.sourceClasses();
    float[] means =
        inference.classMeans(
            labelled, sources, features -> Ops.softmax(network.classifySource(features), 1));
    try (TensorScope scope = new TensorScope()) {
      Tensor own = Tensors.of(means, classes, sources);
      return new CoTuning(
          settings, scope.keep(Tensors.to(own, Dtype.FLOAT32, forward.policy().device())));
    }
  }

  @Override
  public String name() {
    return "co_tuning";
  }

  @Override
  public String title() {
    return "source classes (co-tuning)";
  }

  @Override
  public double weight(int step) {
    return settings.weight();
  }

  @Override
  public Optional<LossValue> value(LabelledBatch batch) {
    Tensor logits = Tensors.to(batch.network().classifySource(batch.features()), Dtype.FLOAT32);
    return Optional.of(
        LossValue.ofRows(
            Ops.crossEntropy(logits, Ops.indexSelect(relationship, 0, batch.targets()), 0),
            batch.rows(),
            batch.globalRows()));
  }

  @Override
  public void close() {
    relationship.close();
  }
}
