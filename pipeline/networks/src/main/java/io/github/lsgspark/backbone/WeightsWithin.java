package io.github.lsgspark.backbone;

import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;

/** The tensors of a network within another, whose names begin with a prefix there. */
record WeightsWithin(Backbone.Weights all, String prefix) implements Backbone.Weights {
  @Override
  public Tensor get(String name) {
    return all.get(prefix + name);
  }

  @Override
  public Tensor linear(Tensor x, String name, boolean biased) {
    return all.linear(x, prefix + name, biased);
  }

  @Override
  public Tensor segment(Tensor x, UnaryOperator<Tensor> part) {
    return all.segment(x, part);
  }
}
