package io.github.lsgspark.tower;

import java.util.Map;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * ViT-B/14 (DINOv2) and ConvNeXt-T written down operator by operator, as somebody would who has
 * libtorch and nothing else: what the networks of this program are held against.
 *
 * @param tensors by the names of the published files
 */
record BareOperators(Map<String, Tensor> tensors) {
  private static final double VIT_EPSILON = 1e-6;
  private static final double CONVNEXT_EPSILON = 1e-12;
  private static final int HEADS = 12;
  private static final int[] DEPTHS = {3, 3, 9, 3};
  private static final long[] ONE = {1, 1};

  Tensor get(String name) {
    return tensors.get(name);
  }

  Tensor linear(Tensor x, String name) {
    return torch.linear(x, get(name + ".weight"), new TensorOptional(get(name + ".bias")));
  }

  Tensor norm(Tensor x, String name, double epsilon) {
    return torch.layer_norm(
        x,
        new long[] {x.size(x.dim() - 1)},
        new TensorOptional(get(name + ".weight")),
        new TensorOptional(get(name + ".bias")),
        epsilon,
        true);
  }

  private Tensor conv(Tensor x, String name, int stride, int padding, int groups) {
    return torch.conv2d(
        x,
        get(name + ".weight"),
        new TensorOptional(get(name + ".bias")),
        new long[] {stride, stride},
        new long[] {padding, padding},
        ONE,
        groups);
  }

  /** Features of images [n, 3, h, w]. */
  Tensor vit(Tensor images) {
    Tensor patches =
        conv(images, "embeddings.patch_embeddings.projection", 14, 0, 1)
            .flatten(2, -1)
            .transpose(1, 2);
    Tensor token = get("embeddings.cls_token").expand(images.size(0), -1, -1);
    Tensor x =
        torch.cat(new TensorVector(token, patches), 1).add(get("embeddings.position_embeddings"));
    for (int i = 0; i < 12; i++) {
      String layer = "encoder.layer." + i + ".";
      Tensor seen = norm(x, layer + "norm1", VIT_EPSILON);
      Tensor together =
          attended(
              linear(seen, layer + "attention.attention.query"),
              linear(seen, layer + "attention.attention.key"),
              linear(seen, layer + "attention.attention.value"));
      Tensor out = linear(together, layer + "attention.output.dense");
      x = x.add(out.mul(get(layer + "layer_scale1.lambda1")));
      Tensor wide = torch.gelu(linear(norm(x, layer + "norm2", VIT_EPSILON), layer + "mlp.fc1"));
      x = x.add(linear(wide, layer + "mlp.fc2").mul(get(layer + "layer_scale2.lambda1")));
    }
    return norm(x, "layernorm", VIT_EPSILON).select(1, 0);
  }

  /** Fused attention of queries, keys and values [n, tokens, d]. */
  static Tensor attended(Tensor query, Tensor key, Tensor value) {
    Tensor apart =
        torch.scaled_dot_product_attention(
            heads(query),
            heads(key),
            heads(value),
            new TensorOptional(),
            0,
            false,
            new DoubleOptional(),
            false);
    return apart.transpose(1, 2).reshape(query.size(0), query.size(1), query.size(2));
  }

  private static Tensor heads(Tensor x) {
    return x.view(x.size(0), x.size(1), HEADS, x.size(2) / HEADS).transpose(1, 2);
  }

  /** Features of images [n, 3, h, w]. */
  Tensor convNext(Tensor images) {
    Tensor x = conv(images, "embeddings.patch_embeddings", 4, 0, 1);
    x = overChannels(x, "embeddings.layernorm");
    for (int stage = 0; stage < DEPTHS.length; stage++) {
      String prefix = "encoder.stages." + stage + ".";
      if (stage > 0) {
        x = overChannels(x, prefix + "downsampling_layer.0");
        x = conv(x, prefix + "downsampling_layer.1", 2, 0, 1);
      }
      for (int i = 0; i < DEPTHS[stage]; i++) {
        String layer = prefix + "layers." + i + ".";
        Tensor seen = conv(x, layer + "dwconv", 1, 3, (int) x.size(1)).permute(0, 2, 3, 1);
        Tensor normed = norm(seen, layer + "layernorm", 1e-6);
        Tensor wide = torch.gelu(linear(normed, layer + "pwconv1"));
        Tensor scaled = linear(wide, layer + "pwconv2").mul(get(layer + "layer_scale_parameter"));
        x = x.add(scaled.permute(0, 3, 1, 2));
      }
    }
    return norm(x.mean(new long[] {2, 3}), "layernorm", CONVNEXT_EPSILON);
  }

  private Tensor overChannels(Tensor x, String name) {
    return norm(x.permute(0, 2, 3, 1), name, 1e-6).permute(0, 3, 1, 2);
  }
}
