package io.github.lsgspark.backbone;

import io.github.lsgspark.torch.NeuralOps;
import org.bytedeco.pytorch.Tensor;

/** Convolutions that are followed by batch normalisation. */
record BatchNormLayers(Backbone.Weights weights, boolean training) {

  Tensor convBn(Tensor x, String conv, String norm, int stride, int padding) {
    Tensor y = NeuralOps.conv2d(x, weights.get(conv + ".weight"), stride, padding);
    return NeuralOps.batchNorm(
        y,
        weights.get(norm + ".weight"),
        weights.get(norm + ".bias"),
        weights.get(norm + ".running_mean"),
        weights.get(norm + ".running_var"),
        training);
  }
}
