package io.github.lsgspark.tower;

import io.github.lsgspark.torch.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * VideoMAE-B and AST-B written down operator by operator, as {@link BareOperators} has images.
 *
 * @param bare with tensors by the names of the published files
 */
record BareEncoders(BareOperators bare) {
  private static final double EPSILON = 1e-12;
  private static final double MEAN_EPSILON = 1e-5;
  private static final int LAYERS = 12;
  private static final int WIDTH = 768;
  private static final int TOKENS = 8 * 14 * 14;
  private static final float[] SINES = sines();

  private static float[] sines() {
    float[] table = new float[TOKENS * WIDTH];
    for (int token = 0; token < TOKENS; token++) {
      for (int i = 0; i < WIDTH; i++) {
        double angle = token / Math.pow(10000, 2 * (i / 2) / (double) WIDTH);
        table[token * WIDTH + i] = (float) (i % 2 == 0 ? Math.sin(angle) : Math.cos(angle));
      }
    }
    return table;
  }

  /** Features of clips [n, 3, 16, 224, 224]. */
  Tensor videoMae(Tensor clips) {
    long[] tubelet = {2, 16, 16};
    Tensor x =
        torch
            .conv3d(
                clips,
                bare.get("embeddings.patch_embeddings.projection.weight"),
                new TensorOptional(bare.get("embeddings.patch_embeddings.projection.bias")),
                tubelet,
                new long[] {0, 0, 0},
                new long[] {1, 1, 1},
                1)
            .flatten(2, -1)
            .transpose(1, 2)
            .add(Tensors.of(SINES, 1, TOKENS, WIDTH));
    for (int i = 0; i < LAYERS; i++) {
      String layer = "encoder.layer." + i + ".";
      String attention = layer + "attention.attention.";
      Tensor seen = bare.norm(x, layer + "layernorm_before", EPSILON);
      Tensor together =
          BareOperators.attended(
              biased(seen, attention + "query", attention + "q_bias"),
              torch.linear(seen, bare.get(attention + "key.weight")),
              biased(seen, attention + "value", attention + "v_bias"));
      x = after(x, together, layer);
    }
    return bare.norm(x.mean(1), "fc_norm", MEAN_EPSILON);
  }

  private Tensor biased(Tensor x, String weight, String bias) {
    return torch.linear(x, bare.get(weight + ".weight"), new TensorOptional(bare.get(bias)));
  }

  private Tensor after(Tensor x, Tensor together, String layer) {
    Tensor half = x.add(bare.linear(together, layer + "attention.output.dense"));
    Tensor seen = bare.norm(half, layer + "layernorm_after", EPSILON);
    Tensor wide = torch.gelu(bare.linear(seen, layer + "intermediate.dense"));
    return half.add(bare.linear(wide, layer + "output.dense"));
  }

  /** Features of filter banks [n, 1, 128, 1024]. */
  Tensor ast(Tensor banks) {
    long n = banks.size(0);
    Tensor patches =
        torch
            .conv2d(
                banks,
                bare.get("embeddings.patch_embeddings.projection.weight"),
                new TensorOptional(bare.get("embeddings.patch_embeddings.projection.bias")),
                new long[] {10, 10},
                new long[] {0, 0},
                new long[] {1, 1},
                1)
            .flatten(2, -1)
            .transpose(1, 2);
    Tensor x =
        torch
            .cat(
                new TensorVector(
                    bare.get("embeddings.cls_token").expand(n, -1, -1),
                    bare.get("embeddings.distillation_token").expand(n, -1, -1),
                    patches),
                1)
            .add(bare.get("embeddings.position_embeddings"));
    for (int i = 0; i < LAYERS; i++) {
      String layer = "encoder.layer." + i + ".";
      String attention = layer + "attention.attention.";
      Tensor seen = bare.norm(x, layer + "layernorm_before", EPSILON);
      Tensor together =
          BareOperators.attended(
              bare.linear(seen, attention + "query"),
              bare.linear(seen, attention + "key"),
              bare.linear(seen, attention + "value"));
      x = after(x, together, layer);
    }
    Tensor last = bare.norm(x, "layernorm", EPSILON);
    return last.select(1, 0).add(last.select(1, 1)).div(new org.bytedeco.pytorch.Scalar(2.0));
  }
}
