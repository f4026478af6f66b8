package io.github.lsgspark.tower;

import io.github.lsgspark.backbone.Layers;
import io.github.lsgspark.backbone.TensorShapes;
import io.github.lsgspark.torch.Activation;

/**
 * V-JEPA's attentive probe (Bardes et al. 2024, section 3.3), as transformers has it: blocks of
 * self-attention, then one learned query that attends to all tokens without a way out of its
 * attention, and a block's second half.
 *
 * @param blocks of self-attention
 */
record AttentivePooler(int width, int heads, int blocks, Activation function, double epsilon)
    implements Pool {
  private static final String QUERY = "pooler.query_tokens";
  private static final String CROSS = "pooler.cross_attention_layer.";
  private static final String NORM_ONE = "layer_norm1";
  private static final String NORM_TWO = "layer_norm2";

  /** Whatever the ratio of the network's own blocks is. */
  private static final int RATIO = 4;

  private static final SelfAttention ATTENTION =
      SelfAttention.Separate.of(
          "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.out_proj");

  private static String block(int number) {
    return "pooler.self_attention_layers." + number + ".";
  }

  private FeedForward forward() {
    return new FeedForward.Plain("mlp.fc1", "mlp.fc2", RATIO * width, function);
  }

  @Override
  public boolean attends() {
    return true;
  }

  @Override
  public void shapes(TensorShapes shapes, int d) {
    shapes.array(QUERY, 1, 1, width);
    for (String part : new String[] {"q_proj", "k_proj", "v_proj"}) {
      shapes.linear(CROSS + "cross_attn." + part, width, width);
    }
    halves(shapes, CROSS);
    for (int i = 0; i < blocks; i++) {
      ATTENTION.shapes(shapes, block(i), width);
      halves(shapes, block(i));
    }
  }

  private void halves(TensorShapes shapes, String prefix) {
    shapes.layerNorm(prefix + NORM_ONE, width);
    shapes.layerNorm(prefix + NORM_TWO, width);
    forward().shapes(shapes, prefix, width);
  }

  @Override
  public <V> V of(Layers<V> layers, V x, int prefix) {
    V seen = x;
    for (int i = 0; i < blocks; i++) {
      String block = block(i);
      seen = layers.segment(seen, input -> attended(layers, block, input));
    }
    V normed = layers.layerNorm(seen, CROSS + NORM_ONE, epsilon);
    // The query is the same for all clips: one is put before each, and the rest taken off.
    V query = layers.narrow(layers.prepend(layers.parameter(QUERY), seen), 1, 0, 1);
    V answer =
        layers.attention(
            layers.linear(query, CROSS + "cross_attn.q_proj"),
            layers.linear(normed, CROSS + "cross_attn.k_proj"),
            layers.linear(normed, CROSS + "cross_attn.v_proj"),
            heads);
    return layers.firstToken(second(layers, CROSS, layers.add(query, answer)));
  }

  private <V> V attended(Layers<V> layers, String block, V x) {
    V normed = layers.layerNorm(x, block + NORM_ONE, epsilon);
    SelfAttention.Parts<V> parts = ATTENTION.parts(layers, block, normed, width);
    V attended = layers.attention(parts.query(), parts.key(), parts.value(), heads);
    return second(layers, block, layers.add(x, ATTENTION.leave(layers, block, attended)));
  }

  private <V> V second(Layers<V> layers, String prefix, V x) {
    V normed = layers.layerNorm(x, prefix + NORM_TWO, epsilon);
    return layers.add(x, forward().of(layers, prefix, normed));
  }
}
