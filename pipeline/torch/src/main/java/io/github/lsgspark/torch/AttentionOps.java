package io.github.lsgspark.torch;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** Attention by libtorch's fused kernels. */
public final class AttentionOps {
  private AttentionOps() {}

  /**
   * Multi-head attention softmax(QKᵀ/√(d/heads)) V of n sequences of equal length. On the CPU,
   * bfloat16 is widened first: libtorch's products of many small bfloat16 matrices are slow there.
   *
   * @param query [n, length, d], as are key and value
   * @param causal whether a position sees itself and earlier ones only
   * @return [n, length, d]
   */
  public static Tensor attention(
      Tensor query, Tensor key, Tensor value, int heads, boolean causal) {
    return attention(query, key, value, heads, causal, new TensorOptional());
  }

  /**
   * Multi-head attention softmax(QKᵀ/√(d/heads) + bias) V.
   *
   * @param query [n, length, d]
   * @param key [n, other length, d], as is value
   * @param bias broadcasts to [n, heads, length, other length]; null: none
   * @return [n, length, d]
   */
  public static Tensor attention(Tensor query, Tensor key, Tensor value, int heads, Tensor bias) {
    return attention(
        query,
        key,
        value,
        heads,
        false,
        bias == null
            ? new TensorOptional()
            : new TensorOptional(Tensors.to(bias, Dtype.of(widenedOnCpu(query)))));
  }

  private static Tensor attention(
      Tensor query, Tensor key, Tensor value, int heads, boolean causal, TensorOptional bias) {
    Tensor attended =
        torch.scaled_dot_product_attention(
            split(widenedOnCpu(query), heads),
            split(widenedOnCpu(key), heads),
            split(widenedOnCpu(value), heads),
            bias,
            0,
            causal,
            new DoubleOptional(),
            false);
    return attended.transpose(1, 2).reshape(query.size(0), query.size(1), query.size(2));
  }

  private static Tensor widenedOnCpu(Tensor x) {
    return x.is_cpu() ? NeuralOps.widened(x) : x;
  }

  private static Tensor split(Tensor x, int heads) {
    return x.view(x.size(0), x.size(1), heads, x.size(2) / heads).transpose(1, 2);
  }
}
