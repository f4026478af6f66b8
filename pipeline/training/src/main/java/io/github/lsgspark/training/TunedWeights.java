package io.github.lsgspark.training;

import io.github.lsgspark.backbone.Backbone;
import io.github.lsgspark.torch.Recompute;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;

/**
 * The tensors of a network in training: linear layers with their adapters, and blocks whose inner
 * results do not outlive them, unless gradients need them.
 *
 * @param recompute what computes blocks again; null: nothing does
 */
record TunedWeights(Function<String, Tensor> tensors, Tuning tuning, Recompute recompute)
    implements Backbone.Weights {
  @Override
  public Tensor get(String name) {
    return tensors.apply(name);
  }

  @Override
  public Tensor linear(Tensor x, String name, boolean biased) {
    Tensor plain = Backbone.Weights.super.linear(x, name, biased);
    return tuning.adapters().map(own -> own.added(plain, x, name, tensors)).orElse(plain);
  }

  @Override
  public Tensor segment(Tensor x, UnaryOperator<Tensor> part) {
    return tuning.recompute() ? recompute.of(x, part) : Recompute.scoped(x, part);
  }
}
