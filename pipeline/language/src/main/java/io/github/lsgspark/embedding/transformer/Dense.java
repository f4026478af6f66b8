package io.github.lsgspark.embedding.transformer;

import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.NeuralOps;
import io.github.lsgspark.torch.Tensors;
import org.bytedeco.pytorch.Tensor;

/**
 * x Wᵀ + b in the element type of the weights.
 *
 * @param weight [out, in]
 * @param bias [out]; null: none
 */
record Dense(Tensor weight, Tensor bias) {

  Tensor apply(Tensor x) {
    Tensor own = Tensors.to(x, Dtype.of(weight));
    return bias == null ? NeuralOps.linear(own, weight) : NeuralOps.linear(own, weight, bias);
  }
}
