package io.github.lsgspark.features;

import io.github.lsgspark.backbone.Backbone;
import io.github.lsgspark.backbone.Backbones;
import io.github.lsgspark.backbone.FeatureSpec;
import io.github.lsgspark.backbone.FeatureTensors;
import io.github.lsgspark.backbone.LayerOutput;
import io.github.lsgspark.backbone.PretrainedWeights;
import io.github.lsgspark.config.FeaturesSettings;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.config.TrainSettings.Normalization;
import io.github.lsgspark.dataset.InputSpec;
import io.github.lsgspark.storage.Fingerprint;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Safetensors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A network as it is before any training, with the layers whose outputs are taken.
 *
 * @param backbone its name
 * @param variant of its weights
 * @param input what it sees of samples
 * @param spec the layers, untransformed
 * @param slices where each layer's features stand
 * @param tensors a safetensors file of its parameters and running statistics, by public name
 * @param module content of a TorchScript file; empty for other backbones
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
public record FrozenNetwork(
    String backbone,
    String variant,
    InputSpec input,
    FeatureSpec spec,
    List<FeatureSlice> slices,
    byte[] tensors,
    byte[] module)
    implements Serializable {

  /**
   * The network that settings name.
   *
   * @param content of the file of weights, or of a TorchScript module; empty: drawn by the seed
   * @param source what to call the file in errors
   * @param texts that frames are held against, where settings say so
   * @throws io.github.lsgspark.config.LsgException exit 3 if the weights do not fit; exit 2 for a
   *     layer that the network does not offer, and for texts that are not of its space
   */
  public static FrozenNetwork of(
      Settings settings, byte[] content, String source, Optional<FrameTexts> texts) {
    TrainSettings train = settings.train();
    boolean given = content.length > 0;
    long[] shape = input(settings, Normalization.IMAGENET).shape();
    boolean isModule = train.backbone().equals(Backbones.TORCHSCRIPT);
    PretrainedWeights weights =
        given ? PretrainedWeights.read(train, shape, content, source) : PretrainedWeights.none();
    Normalization normalization =
        train.normalization() == Normalization.AUTO
            ? weights.normalization()
            : train.normalization();
    try (Backbone network =
        isModule
            ? Backbones.ofModule(content, source, shape)
            : Backbones.of(train.backbone(), weights.variant(), shape)) {
      List<FeatureSlice> slices = slices(network, settings.features());
      Map<String, HostArray> tensors = new LinkedHashMap<>(network.initialWeights(settings.seed()));
      tensors.putAll(weights.tensors());
      FeatureSpec spec = spec(settings.features(), slices, texts);
      texts.ifPresent(
          own -> {
            Backbones.requireFrameTexts(network, spec, own.dimension());
            tensors.put(FeatureTensors.FRAME_TEXTS, own.rows());
          });
      return new FrozenNetwork(
          train.backbone(),
          weights.variant(),
          input(settings, normalization)
              .with(Backbones.pixels(train.backbone(), weights.variant()))
              .hearing(Backbones.sound(train.backbone(), weights.variant())),
          spec,
          slices,
          written(tensors),
          isModule ? content : new byte[0]);
    }
  }

  /** The same without texts. */
  public static FrozenNetwork of(Settings settings, byte[] content, String source) {
    return of(settings, content, source, Optional.empty());
  }

  private static FeatureSpec spec(
      FeaturesSettings settings, List<FeatureSlice> slices, Optional<FrameTexts> texts) {
    FeatureSpec bare =
        FeatureSpec.bare(slices.stream().map(FeatureSlice::layer).toList(), settings.pooling());
    return texts
        .map(given -> bare.attending(given.count(), settings.frameTemperature()))
        .orElse(bare);
  }

  private static InputSpec input(Settings settings, Normalization normalization) {
    InputSpec trained = InputSpec.of(settings, normalization);
    int size = settings.features().imageSize();
    return size == 0 ? trained : trained.ofSize(size);
  }

  private static List<FeatureSlice> slices(Backbone network, FeaturesSettings settings) {
    List<String> layers = settings.layers().isEmpty() ? network.featureLayers() : settings.layers();
    List<FeatureSlice> slices = new ArrayList<>();
    int from = 0;
    for (String layer : layers) {
      LayerOutput output = Backbones.output(network, layer);
      int length = output.length(settings.pooling());
      slices.add(new FeatureSlice(output.layer(), Backbones.alias(network, layer), from, length));
      from += length;
    }
    return slices;
  }

  private static byte[] written(Map<String, HostArray> tensors) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      Safetensors.write(out, tensors, Map.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** Numbers of a sample's features. */
  public int dimension() {
    return slices.stream().mapToInt(FeatureSlice::length).sum();
  }

  /** Its parameters and running statistics, by public name. */
  public Map<String, HostArray> arrays() {
    return Safetensors.read(tensors, backbone);
  }

  /** The network, whose features are those of the layers. */
  Backbone open() {
    Backbone network =
        module.length > 0
            ? Backbones.ofModule(module, backbone, input.shape())
            : Backbones.of(backbone, variant, input.shape());
    return Backbones.withFeatures(network, spec);
  }

  /** SHA-256 of its tensors and module. */
  public String digest() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(tensors);
      digest.update(module);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As it was called before frames could count by texts. */
  private String pooling() {
    return spec.pooling().name()
        + (spec.frameTexts() == 0 ? "" : " of frames by texts at " + spec.frameTemperature());
  }

  /**
   * What decides about the features of a sample besides its content: tables of the same key may
   * lend each other rows.
   *
   * @param precision of the arithmetic, decided
   */
  Fingerprint key(Settings settings, String precision, String device) {
    FeaturesSettings features = settings.features();
    boolean drawn = features.views() == FeaturesSettings.Views.CROPS;
    return Fingerprint.builder("features of a sample, registers left out")
        .add("backbone", backbone)
        .add("variant", variant)
        .add("weights", digest())
        .add("input", input.seen())
        .add("prepare", settings.prepare().cropBottom())
        .add("layers", spec.layers())
        .add("pooling", pooling())
        .add("views", features.views().name())
        .add("crops", drawn ? List.of(features.crops(), input.augmentation().toString()) : 0)
        .add("seed", drawn ? settings.seed() : 0)
        .add("precision", precision)
        .add("device", device)
        .add("store", features.store().name())
        .build();
  }
}
