package io.github.lsgspark.embedding.transformer;

import io.github.lsgspark.torch.Activation;
import io.github.lsgspark.torch.AttentionOps;
import io.github.lsgspark.torch.Ops;
import org.bytedeco.pytorch.Tensor;

/**
 * Self-attention and a feed-forward block, each added to the residual stream. BERT normalises after
 * each sum, GPT-2 and CLIP before each block.
 *
 * @param query [d, d], as are key, value and output
 * @param widen [width, d]
 * @param narrow [d, width]
 */
record TransformerLayer(
    int heads,
    boolean normFirst,
    boolean causal,
    Norm attentionNorm,
    Dense query,
    Dense key,
    Dense value,
    Dense output,
    Norm feedForwardNorm,
    Dense widen,
    Activation activation,
    Dense narrow) {

  /**
   * @param x [n, length, d]
   */
  Tensor apply(Tensor x) {
    if (normFirst) {
      Tensor attended = Ops.add(x, attention(attentionNorm.apply(x)));
      return Ops.add(attended, feedForward(feedForwardNorm.apply(attended)));
    }
    Tensor attended = attentionNorm.apply(Ops.add(x, attention(x)));
    return feedForwardNorm.apply(Ops.add(attended, feedForward(attended)));
  }

  private Tensor attention(Tensor x) {
    return output.apply(
        AttentionOps.attention(query.apply(x), key.apply(x), value.apply(x), heads, causal));
  }

  private Tensor feedForward(Tensor x) {
    return narrow.apply(activation.of(widen.apply(x)));
  }
}
