package io.github.lsgspark.backbone;

import io.github.lsgspark.backbone.Backbone.Layer;
import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.PixelSpec;
import io.github.lsgspark.config.Registry;
import io.github.lsgspark.config.SoundSpec;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The networks by name, and the freezing of their layers. Those for images see spectrograms, too.
 */
public final class Backbones {
  private static final Logger LOG = LoggerFactory.getLogger(Backbones.class);
  private static final long[] USUAL = {3, 224, 224};
  private static final long[] USUAL_SOUND = {1, 64, 256};
  private static final long[] USUAL_CLIP = {3, 16, 112, 112};

  /** Of the shape of a clip: [3, T, height, width]. */
  private static final int CLIP_DIMENSIONS = 4;

  private Backbones() {}

  /** Path of the key that names a network. */
  static final String SETTING = "train.backbone";

  /** What modules of the user's are called. */
  public static final String TORCHSCRIPT = "torchscript";

  /** All networks; those of jars beside the program's, too. */
  public static List<BackboneKind> kinds() {
    return registry().entries();
  }

  /** Their names, as a configuration writes them. */
  public static List<String> names() {
    return registry().names();
  }

  /**
   * A network by its name, as a configuration writes it.
   *
   * @throws LsgException exit 2 if there is none; the message lists all
   */
  public static BackboneKind kind(String label) {
    return registry().get(label);
  }

  private static Registry<BackboneKind> registry() {
    return Registry.of(
        BackboneFamily.class, SETTING, family -> List.copyOf(family.kinds()), BackboneKind::label);
  }

  /** A network for images of 224 pixels. */
  public static Backbone of(String label, String variant) {
    return of(label, variant, USUAL);
  }

  /**
   * A network. An image network on clips sees their frames one by one, and averages their features,
   * or their directions.
   *
   * @param variant what {@link PretrainedWeights#variant} said of the weights it will carry; empty
   *     for the public layout
   * @param input shape of a view, such as [3, 224, 224]; only some networks are made for one
   * @throws LsgException exit 2 if it cannot see such views
   */
  public static Backbone of(String label, String variant, long[] input) {
    BackboneKind kind = kind(label);
    Modality views = modality(input);
    Modality made = kind.modality(variant);
    try {
      requireSight(kind, made, views);
    } catch (IllegalArgumentException e) {
      throw LsgException.usage(e.getMessage());
    }
    Backbone network = kind.create(variant, input);
    if (made != Modality.IMAGE) {
      return network;
    }
    return switch (views) {
      case IMAGE -> network;
      case AUDIO -> new RepeatedChannel(network);
      case VIDEO -> new FrameMean(network, (int) input[1], kind.averagesDirections(variant));
    };
  }

  /** What has views of a shape. */
  private static Modality modality(long[] input) {
    if (input.length == CLIP_DIMENSIONS) {
      return Modality.VIDEO;
    }
    return input[0] == 1 ? Modality.AUDIO : Modality.IMAGE;
  }

  /**
   * Checks that a network can see what samples are.
   *
   * @throws IllegalArgumentException if it is made for another modality
   */
  static void requireSight(BackboneKind kind, Modality modality) {
    requireSight(kind, kind.modality(), modality);
  }

  private static void requireSight(BackboneKind kind, Modality made, Modality modality) {
    if (made != Modality.IMAGE && made != modality) {
      throw new IllegalArgumentException(
          "train.backbone = %s%s is for data.modality = %s, but that was: %s"
              .formatted(
                  kind.label(),
                  kind.isOfItsWeights() ? ", by its weights," : "",
                  text(made),
                  text(modality)));
    }
  }

  /** How images are prepared, where weights of a variant say it themselves. */
  public static Optional<PixelSpec> pixels(String label, String variant) {
    return kind(label).pixels(variant);
  }

  /** How sounds are prepared, where weights of a variant say it themselves. */
  public static Optional<SoundSpec> sound(String label, String variant) {
    return kind(label).sound(variant);
  }

  private static String text(Modality modality) {
    return modality.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Whether a network has batch normalisation; yes, where that is not known without its weights. A
   * module of the user's is not made from its name.
   */
  public static boolean normalizesBatches(String label) {
    if (kind(label).isOfItsWeights()) {
      return true;
    }
    long[] input =
        switch (kind(label).modality()) {
          case IMAGE -> USUAL;
          case AUDIO -> USUAL_SOUND;
          case VIDEO -> USUAL_CLIP;
        };
    return of(label, "", input).normalizesBatches();
  }

  /**
   * A TorchScript module of the user's. Its code is run.
   *
   * @param archive content of a file that torch.jit.save wrote; null if none was given
   * @param source what to call it in errors
   * @param input shape of a view
   * @throws LsgException exit 2 without an archive, exit 3 if it is none or does not return
   *     features of such views
   */
  public static Backbone ofModule(byte[] archive, String source, long[] input) {
    if (archive == null) {
      throw LsgException.usage(
          "train.backbone = torchscript needs train.weights, the path of a TorchScript file");
    }
    LOG.info("{}: its code is run; use only TorchScript files that you trust", source);
    return new ScriptBackbone(archive, source, input);
  }

  /**
   * Which parameters keep their weights.
   *
   * @param layers names or aliases of layers
   * @throws LsgException exit 2 for an unknown layer; the message lists all
   */
  public static Set<String> frozen(Backbone backbone, List<String> layers) {
    Set<String> frozen = new LinkedHashSet<>();
    for (String wanted : layers) {
      Layer layer =
          backbone.layers().stream()
              .filter(candidate -> candidate.isNamed(wanted))
              .findFirst()
              .orElseThrow(() -> unknown(backbone, wanted));
      backbone.parameterShapes().keySet().stream().filter(layer::owns).forEach(frozen::add);
    }
    return frozen;
  }

  /**
   * A layer's output.
   *
   * @param wanted name or alias of a layer, or {@link LayerOutput#FEATURES}
   * @throws LsgException exit 2 if the network does not offer it; the message lists what it offers
   */
  public static LayerOutput output(Backbone network, String wanted) {
    if (wanted.equals(LayerOutput.FEATURES)) {
      return new LayerOutput(wanted, LayerOutput.Form.VECTORS, network.featureDimension(), 0);
    }
    Layer layer =
        network.layers().stream().filter(one -> one.isNamed(wanted)).findFirst().orElse(null);
    return network.outputs().stream()
        .filter(output -> layer != null && output.layer().equals(layer.name()))
        .findFirst()
        .orElseThrow(
            () ->
                LsgException.usage(
                    "features.layers names '"
                        + wanted
                        + "', but the outputs that the backbone offers are "
                        + LayerOutput.FEATURES
                        + network.outputs().stream()
                            .map(output -> ", " + described(network, output.layer()))
                            .collect(Collectors.joining())));
  }

  /** What people call a layer: its alias, or its name where it has none. */
  public static String alias(Backbone network, String layer) {
    return network.layers().stream()
        .filter(one -> one.isNamed(layer) && !one.aliases().isEmpty())
        .map(one -> one.aliases().get(0))
        .findFirst()
        .orElse(layer);
  }

  private static String described(Backbone network, String layer) {
    return network.layers().stream()
        .filter(one -> one.name().equals(layer))
        .map(Backbones::described)
        .findFirst()
        .orElse(layer);
  }

  private static String described(Layer layer) {
    return layer.name() + (layer.aliases().isEmpty() ? "" : " (" + layer.aliases().get(0) + ")");
  }

  /**
   * A network whose features are those of several layers, and transformed where the specification
   * says so.
   *
   * @param network as {@link #of} or {@link #ofModule} gives it; closed with the result
   * @throws LsgException exit 2 for a layer that it does not offer
   */
  public static Backbone withFeatures(Backbone network, FeatureSpec spec) {
    Backbone pooled =
        network instanceof FrameMean clips
            ? clips.around(new PooledBackbone(clips.network, spec), spec)
            : network instanceof RepeatedChannel sounds
                ? new RepeatedChannel(new PooledBackbone(sounds.network, spec))
                : new PooledBackbone(network, spec);
    return spec.isBare() ? pooled : new TransformedBackbone(pooled, spec);
  }

  /**
   * Checks that a network's frames can be held against texts.
   *
   * @param network as {@link #of} gives it
   * @param numbers of a text's vector
   * @throws LsgException exit 2 for a network that shares no space with texts, for layers besides
   *     its vectors, and for texts of another length
   */
  public static void requireFrameTexts(Backbone network, FeatureSpec spec, int numbers) {
    String attention = "features.frames = attention ";
    if (!(network instanceof FrameMean clips) || !clips.isOfTexts()) {
      throw LsgException.usage(
          attention
              + "is for networks that share a space with texts and see a video frame by frame, such as"
              + " a directory of CLIP or SigLIP");
    }
    if (!spec.isOfVectors()) {
      throw LsgException.usage(
          attention + "is for features.layers = [features], the vectors that are near texts");
    }
    if (network.featureDimension() != numbers) {
      throw LsgException.usage(
          "%sholds frames of %d numbers against texts of %d: embedding.model must be of the network's own directory"
              .formatted(attention, network.featureDimension(), numbers));
    }
  }

  /**
   * Two networks that see the same samples, their features side by side.
   *
   * @param first its tensors keep their names
   * @param second its tensors are named with {@link FeatureTensors#SECOND} before them; both are
   *     closed with the result
   */
  public static Backbone paired(Backbone first, Backbone second) {
    return new PairedBackbone(first, second);
  }

  private static LsgException unknown(Backbone backbone, String wanted) {
    return LsgException.usage(
        "train.freeze names '"
            + wanted
            + "', but the backbone's layers are "
            + backbone.layers().stream()
                .map(Backbones::described)
                .collect(Collectors.joining(", ")));
  }
}
