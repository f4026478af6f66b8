package io.github.lsgspark.backbone;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.TrainSettings;
import java.util.LinkedHashSet;
import java.util.List;
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

  /** A network for images of 224 pixels. */
  public static Backbone of(TrainSettings.Backbone name, String variant) {
    return of(name, variant, USUAL);
  }

  /**
   * A network. An image network on clips sees their frames one by one, and averages their features.
   *
   * @param variant what {@link PretrainedWeights#variant} said of the weights it will carry; empty
   *     for the public layout
   * @param input shape of a view, such as [3, 224, 224]; only some networks are made for one
   * @throws LsgException exit 2 if it cannot see such views
   */
  public static Backbone of(TrainSettings.Backbone name, String variant, long[] input) {
    requireSight(name, input);
    return switch (name) {
      case CNN14 -> AudioCnn.cnn14(input);
      case CNN14_SMALL -> AudioCnn.small(input);
      case AST_TINY -> new AudioTransformer(192, 12, input);
      case AST_BASE -> new AudioTransformer(768, 12, input);
      case R3D_SMALL -> VideoResNet.small();
      case R3D_18 -> VideoResNet.r3d18();
      case R2PLUS1D_18 -> VideoResNet.r2plus1d18();
      default -> {
        Backbone network = ofImages(name, variant, input);
        yield switch (modality(input)) {
          case IMAGE -> network;
          case AUDIO -> new RepeatedChannel(network);
          case VIDEO -> new FrameMean(network, (int) input[1]);
        };
      }
    };
  }

  /** What has views of a shape. */
  private static DataSettings.Modality modality(long[] input) {
    if (input.length == CLIP_DIMENSIONS) {
      return DataSettings.Modality.VIDEO;
    }
    return input[0] == 1 ? DataSettings.Modality.AUDIO : DataSettings.Modality.IMAGE;
  }

  private static void requireSight(TrainSettings.Backbone name, long[] input) {
    try {
      name.requireSight(modality(input));
    } catch (IllegalArgumentException e) {
      throw LsgException.usage(e.getMessage());
    }
  }

  /**
   * Whether a network has batch normalisation. A module of the user's is not made from its name.
   */
  public static boolean normalizesBatches(TrainSettings.Backbone name) {
    long[] input = name.isForSounds() ? USUAL_SOUND : name.isForVideos() ? USUAL_CLIP : USUAL;
    return !of(name, "", input).bufferShapes().isEmpty();
  }

  private static Backbone ofImages(TrainSettings.Backbone name, String variant, long[] input) {
    int height = (int) input[input.length - 2];
    int width = (int) input[input.length - 1];
    return switch (name) {
      case SQUEEZENET1_1 -> new SqueezeNet(!variant.equals(PretrainedWeights.KERAS));
      case RESNET18 -> new ResNet(false, 2, 2, 2, 2);
      case RESNET34 -> new ResNet(false, 3, 4, 6, 3);
      case RESNET50 -> new ResNet(true, 3, 4, 6, 3);
      case RESNET101 -> new ResNet(true, 3, 4, 23, 3);
      case RESNET152 -> new ResNet(true, 3, 8, 36, 3);
      case RESNET20_CIFAR -> new CifarResNet();
      case VIT_TINY -> new VisionTransformer(192, 12, height, width);
      case VIT_SMALL -> new VisionTransformer(384, 12, height, width);
      case VIT_BASE -> new VisionTransformer(768, 12, height, width);
      case SMALL_CNN -> new SmallCnn();
      default -> throw new IllegalArgumentException(name + " is not made from its name");
    };
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
      Backbone.Layer layer =
          backbone.layers().stream()
              .filter(candidate -> candidate.isNamed(wanted))
              .findFirst()
              .orElseThrow(() -> unknown(backbone, wanted));
      backbone.parameterShapes().keySet().stream().filter(layer::owns).forEach(frozen::add);
    }
    return frozen;
  }

  private static LsgException unknown(Backbone backbone, String wanted) {
    return LsgException.usage(
        "train.freeze names '"
            + wanted
            + "', but the backbone's layers are "
            + backbone.layers().stream()
                .map(
                    layer ->
                        layer.name()
                            + (layer.aliases().isEmpty()
                                ? ""
                                : " (" + layer.aliases().get(0) + ")"))
                .collect(Collectors.joining(", ")));
  }
}
