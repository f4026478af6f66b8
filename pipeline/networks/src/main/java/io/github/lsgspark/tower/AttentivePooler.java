package io.github.lsgspark.tower;

import io.github.lsgspark.backbone.Layers;
import io.github.lsgspark.backbone.TensorShapes;
import io.github.lsgspark.torch.Activation;
import io.github.lsgspark.tower.TransformerRecipe.Block;
import io.github.lsgspark.tower.TransformerRecipe.Form;

/**
 * V-JEPA's attentive probe (Bardes et al. 2024, section 3.3), as transformers has it: blocks of
 * self-attention, then one learned query that attends to all tokens without a way out of its
 * attention, and a block's second half.
 *
 * @param blocks of self-attention
 */
record AttentivePooler(Form form, int blocks, Activation function) implements Pool {
  private static final String QUERY = "pooler.query_tokens";
  private static final String CROSS = "pooler.cross_attention_layer.";
  private static final String NORM_ONE = "layer_norm1";
  private static final String NORM_TWO = "layer_norm2";

  /** Whatever the ratio of the network's own blocks is. */
  private static final int RATIO = 4;

  private FeedForward forward() {
    return new FeedForward.Plain("mlp.fc1", "mlp.fc2", RATIO * form.width(), function);
  }

  private Block block() {
    SelfAttention attention =
        SelfAttention.Separate.of(
            "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.out_proj");
    return new Block(
        "pooler.self_attention_layers.%d.", NORM_ONE, attention, "", NORM_TWO, forward(), "");
  }

  @Override
  public boolean attends() {
    return true;
  }

  @Override
  public void shapes(TensorShapes shapes, int d) {
    int width = form.width();
    shapes.array(QUERY, 1, 1, width);
    for (String part : new String[] {"q_proj", "k_proj", "v_proj"}) {
      shapes.linear(CROSS + "cross_attn." + part, width, width);
    }
    shapes.layerNorm(CROSS + NORM_ONE, width);
    shapes.layerNorm(CROSS + NORM_TWO, width);
    forward().shapes(shapes, CROSS, width);
    Block block = block();
    for (int i = 0; i < blocks; i++) {
      block.shapes(shapes, block.prefix(i), width);
    }
  }

  @Override
  public <V> V of(Layers<V> layers, V x, int prefix) {
    V seen = x;
    Block block = block();
    for (int i = 0; i < blocks; i++) {
      String name = block.prefix(i);
      seen = layers.segment(seen, input -> block.of(layers, name, input, form, part -> part));
    }
    V normed = layers.layerNorm(seen, CROSS + NORM_ONE, form.epsilon());
    // The query is the same for all clips: one is put before each, and the rest taken off.
    V query = layers.narrow(layers.prepend(layers.parameter(QUERY), seen), 1, 0, 1);
    V answer =
        layers.attention(
            layers.linear(query, CROSS + "cross_attn.q_proj"),
            layers.linear(normed, CROSS + "cross_attn.k_proj"),
            layers.linear(normed, CROSS + "cross_attn.v_proj"),
            form.heads());
    V middle = layers.add(query, answer);
    V second = layers.layerNorm(middle, CROSS + NORM_TWO, form.epsilon());
    return layers.firstToken(layers.add(middle, forward().of(layers, CROSS, second)));
  }
}
