package io.github.lsgspark.embedding.transformer;

import io.github.lsgspark.torch.NeuralOps;
import org.bytedeco.pytorch.Tensor;

/**
 * Layer normalisation, in the element type of the residual stream.
 *
 * @param weight gain [d]
 * @param bias [d]
 */
record Norm(Tensor weight, Tensor bias, double epsilon) {

  Tensor apply(Tensor x) {
    return NeuralOps.layerNorm(x, weight, bias, epsilon);
  }
}
