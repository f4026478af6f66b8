package io.github.lsgspark.tower;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SoundSpec;
import io.github.lsgspark.torch.Activation;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.tower.SoundEncoder.Stack;
import io.github.lsgspark.tower.TransformerRecipe.Block;
import java.util.Arrays;
import java.util.Optional;

/**
 * How a network over samples is built, of the kind of wav2vec 2.0: convolutions that make some 50
 * vectors of a second, positions by further convolutions, and a transformer.
 *
 * @param filters the convolutions
 * @param normsProjection whether the vectors are normalised before they are brought to the
 *     transformer's width
 * @param positions how positions are made
 * @param stack the transformer
 * @param gates of relative positions; empty: none
 */
record WaveRecipe(
    Filters filters,
    boolean normsProjection,
    ConvolvedPositions positions,
    Stack stack,
    Optional<Gates> gates) {
  private static final int WIDTH = 768;
  private static final int RATE = 16000;

  /**
   * Convolutions over samples.
   *
   * @param channels of each
   * @param kernels their lengths
   * @param strides from one place to the next
   * @param normsEach whether each is normalised over its channels; otherwise each channel of the
   *     first one over time
   * @param function behind each
   */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  record Filters(
      int[] channels,
      int[] kernels,
      int[] strides,
      boolean biased,
      boolean normsEach,
      Activation function) {

    private static Filters of(TowerConfig config, boolean normsEach) {
      int[] channels = config.counts("conv_dim", 512, 512, 512, 512, 512, 512, 512);
      int[] kernels = config.counts("conv_kernel", 10, 3, 3, 3, 3, 2, 2);
      int[] strides = config.counts("conv_stride", 5, 2, 2, 2, 2, 2, 2);
      if (channels.length != kernels.length || channels.length != strides.length) {
        throw LsgException.input(
            "%s: conv_dim, conv_kernel and conv_stride must be equally long, but are: %s, %s and %s"
                .formatted(
                    config.source(),
                    Arrays.toString(channels),
                    Arrays.toString(kernels),
                    Arrays.toString(strides)));
      }
      return new Filters(
          channels,
          kernels,
          strides,
          config.truth("conv_bias", false),
          normsEach,
          config.function("feat_extract_activation", "gelu"));
    }

    /** Vectors that so many samples make; 0 where there are too few. */
    int frames(int samples) {
      int length = samples;
      for (int i = 0; i < kernels.length && length > 0; i++) {
        length = length < kernels[i] ? 0 : (length - kernels[i]) / strides[i] + 1;
      }
      return length;
    }

    /** The last sample that each vector depends on. */
    HostArray ends(int frames) {
      int end = 0;
      int step = 1;
      for (int i = 0; i < kernels.length; i++) {
        end += (kernels[i] - 1) * step;
        step *= strides[i];
      }
      long[] ends = new long[frames];
      for (int frame = 0; frame < frames; frame++) {
        ends[frame] = end + (long) frame * step;
      }
      return HostArray.of(ends, frames);
    }
  }

  /**
   * Relative positions in buckets, which each block weighs by what it sees (Chen et al. 2022,
   * WavLM).
   *
   * @param buckets half of them for each direction
   * @param farthest places that are further apart than this share one
   */
  record Gates(int buckets, int farthest) {}

  /**
   * A network as transformers' config.json describes it.
   *
   * @param normsEach whether the convolutions have no other normalisation than each over its
   *     channels; otherwise the file says it
   */
  static WaveRecipe of(
      TowerConfig config,
      boolean normsEach,
      boolean normsProjection,
      ConvolvedPositions positions,
      Optional<Gates> gates) {
    refuse(config, "add_adapter", config.truth("add_adapter", false));
    refuse(config, "adapter_attn_dim", config.has("adapter_attn_dim"));
    Block block =
        new Block(
            "encoder.layers.%d.",
            "layer_norm",
            SelfAttention.Separate.of(
                "attention.q_proj", "attention.k_proj", "attention.v_proj", "attention.out_proj"),
            "",
            "final_layer_norm",
            new FeedForward.Plain(
                "feed_forward.intermediate_dense",
                "feed_forward.output_dense",
                config.count("intermediate_size", 4 * WIDTH),
                config.function("hidden_act", "gelu")),
            "");
    Stack stack =
        new Stack(
            width(config),
            config.count("num_hidden_layers", 12),
            config.count("num_attention_heads", 12),
            block,
            config.truth("do_stable_layer_norm", false),
            "encoder.layer_norm",
            config.number("layer_norm_eps", 1e-5),
            0);
    return new WaveRecipe(
        Filters.of(config, normsEach || normsEach(config)),
        normsProjection,
        positions,
        stack,
        gates);
  }

  private static void refuse(TowerConfig config, String key, boolean set) {
    if (set) {
      throw LsgException.input(
          "%s: networks with adapters are not read, but %s is: %s"
              .formatted(config.source(), key, config.node().get(key)));
    }
  }

  /** Positions of one convolution with weight normalisation, or with another one before it. */
  static ConvolvedPositions onePosition(TowerConfig config, boolean normsBatch) {
    return new ConvolvedPositions(
        normsBatch ? ConvolvedPositions.Kind.BATCH_NORM : ConvolvedPositions.Kind.WEIGHT_NORM,
        1,
        config.count("num_conv_pos_embeddings", 128),
        config.count("num_conv_pos_embedding_groups", 16),
        width(config),
        config.function("feat_extract_activation", "gelu"));
  }

  /** Positions of several convolutions. */
  static ConvolvedPositions severalPositions(TowerConfig config) {
    return new ConvolvedPositions(
        ConvolvedPositions.Kind.SEVERAL,
        config.count("num_conv_pos_embeddings", 5),
        config.count("conv_pos_kernel_size", 19),
        config.count("num_conv_pos_embedding_groups", 16),
        width(config),
        config.function("feat_extract_activation", "gelu"));
  }

  private static int width(TowerConfig config) {
    return config.count("hidden_size", WIDTH);
  }

  /**
   * What such networks see.
   *
   * @param normsEach as for {@link #of}
   * @param normalizes whether samples are normalised where there is no extractor's file
   */
  static SoundSpec sound(
      TowerConfig config, TowerConfig extractor, boolean normsEach, boolean normalizes) {
    boolean otherwise = !extractor.node().isEmpty() || normalizes;
    boolean isPadded = normsEach || normsEach(config);
    return SoundSpec.waveform(
        extractor.count("sampling_rate", RATE),
        isPadded ? SoundSpec.Fill.BEHIND : SoundSpec.Fill.REPEAT,
        extractor.truth("do_normalize", otherwise));
  }

  /** Whether the file says that each convolution is normalised. */
  static boolean normsEach(TowerConfig config) {
    String norm = config.text("feat_extract_norm", "group");
    return switch (norm) {
      case "group" -> false;
      case "layer" -> true;
      default ->
          throw LsgException.input(
              config.source() + ": feat_extract_norm must be group or layer, but is: " + norm);
    };
  }
}
