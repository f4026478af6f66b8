package io.github.lsgspark.embedding.transformer;

import io.github.lsgspark.config.EmbeddingSettings.Pooling;
import io.github.lsgspark.torch.Activation;
import io.github.lsgspark.torch.ComputeDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where the published files of each architecture keep their tensors. */
final class Architectures {
  private Architectures() {}

  /** What the names of the layers begin with, before their number. */
  static String layers(TransformerConfig.Family family) {
    return switch (family) {
      case BERT, ROBERTA, CLAP -> "encoder.layer.";
      case GPT2 -> "h.";
      case CLIP, SIGLIP -> "encoder.layers.";
    };
  }

  /** What vectors go through at last to be compared, where there is something. */
  static Optional<Projection> projection(
      TransformerConfig config, Pooling pooling, LayerSource weights) {
    if (pooling != Pooling.END_OF_TEXT) {
      return Optional.empty();
    }
    int d = config.width();
    return switch (config.family()) {
      case CLIP -> Optional.of(Projection.of(weights.projection("text_projection", d, false)));
      case SIGLIP -> Optional.of(Projection.of(weights.projection("head", d, true)));
      case CLAP ->
          Optional.of(
              Projection.of(weights.projection("pooler.dense", d, true))
                  .then(Activation.TANH, weights.projection("text_projection.linear1", d, true))
                  .then(
                      Activation.RELU,
                      weights.projection("text_projection.linear2", LayerSource.ANY, true)));
      default -> Optional.empty();
    };
  }

  /** What published names may start with. */
  static List<String> prefixes(TransformerConfig.Family family) {
    return switch (family) {
      case BERT -> List.of("bert.");
      case ROBERTA -> List.of("roberta.");
      case GPT2 -> List.of("transformer.");
      case CLIP, SIGLIP, CLAP -> List.of("text_model.");
    };
  }

  static LanguageModel model(TransformerConfig config, LayerSource weights, ComputeDevice device) {
    return switch (config.family()) {
      case BERT, ROBERTA, CLAP -> bert(config, weights, device);
      case GPT2 -> gpt2(config, weights, device);
      case CLIP, SIGLIP -> clip(config, weights, device);
    };
  }

  private static LanguageModel bert(TransformerConfig c, LayerSource w, ComputeDevice device) {
    int d = c.width();
    List<TransformerLayer> layers = new ArrayList<>();
    for (int i = 0; i < c.layers(); i++) {
      String at = "encoder.layer." + i + ".";
      layers.add(
          new TransformerLayer(
              c.heads(),
              false,
              false,
              w.norm(at + "attention.output.LayerNorm", d, c.epsilon()),
              w.dense(at + "attention.self.query", d, d),
              w.dense(at + "attention.self.key", d, d),
              w.dense(at + "attention.self.value", d, d),
              w.dense(at + "attention.output.dense", d, d),
              w.norm(at + "output.LayerNorm", d, c.epsilon()),
              w.dense(at + "intermediate.dense", c.feedForward(), d),
              c.activation(),
              w.dense(at + "output.dense", d, c.feedForward())));
    }
    return new LanguageModel(
        c,
        device,
        w.table("embeddings.word_embeddings.weight", c.vocabulary(), d),
        w.tablePlusFirstRow(
            "embeddings.position_embeddings.weight",
            c.positions(),
            "embeddings.token_type_embeddings.weight",
            d),
        Optional.of(w.norm("embeddings.LayerNorm", d, c.epsilon())),
        layers,
        Optional.empty());
  }

  private static LanguageModel gpt2(TransformerConfig c, LayerSource w, ComputeDevice device) {
    int d = c.width();
    List<TransformerLayer> layers = new ArrayList<>();
    for (int i = 0; i < c.layers(); i++) {
      String at = "h." + i + ".";
      List<Dense> queryKeyValue = w.conv1d(at + "attn.c_attn", d, d, 3);
      layers.add(
          new TransformerLayer(
              c.heads(),
              true,
              true,
              w.norm(at + "ln_1", d, c.epsilon()),
              queryKeyValue.get(0),
              queryKeyValue.get(1),
              queryKeyValue.get(2),
              w.conv1d(at + "attn.c_proj", d, d, 1).get(0),
              w.norm(at + "ln_2", d, c.epsilon()),
              w.conv1d(at + "mlp.c_fc", d, c.feedForward(), 1).get(0),
              c.activation(),
              w.conv1d(at + "mlp.c_proj", c.feedForward(), d, 1).get(0)));
    }
    return new LanguageModel(
        c,
        device,
        w.table("wte.weight", c.vocabulary(), d),
        w.table("wpe.weight", c.positions(), d),
        Optional.empty(),
        layers,
        Optional.of(w.norm("ln_f", d, c.epsilon())));
  }

  private static LanguageModel clip(TransformerConfig c, LayerSource w, ComputeDevice device) {
    int d = c.width();
    List<TransformerLayer> layers = new ArrayList<>();
    for (int i = 0; i < c.layers(); i++) {
      String at = "encoder.layers." + i + ".";
      layers.add(
          new TransformerLayer(
              c.heads(),
              true,
              c.causal(),
              w.norm(at + "layer_norm1", d, c.epsilon()),
              w.dense(at + "self_attn.q_proj", d, d),
              w.dense(at + "self_attn.k_proj", d, d),
              w.dense(at + "self_attn.v_proj", d, d),
              w.dense(at + "self_attn.out_proj", d, d),
              w.norm(at + "layer_norm2", d, c.epsilon()),
              w.dense(at + "mlp.fc1", c.feedForward(), d),
              c.activation(),
              w.dense(at + "mlp.fc2", d, c.feedForward())));
    }
    return new LanguageModel(
        c,
        device,
        w.table("embeddings.token_embedding.weight", c.vocabulary(), d),
        w.table("embeddings.position_embedding.weight", c.positions(), d),
        Optional.empty(),
        layers,
        Optional.of(w.norm("final_layer_norm", d, c.epsilon())));
  }
}
