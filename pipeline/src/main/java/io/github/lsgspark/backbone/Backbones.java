package io.github.lsgspark.backbone;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Seeds;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.torch.HostArray;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** The networks by name, their initial weights, and the freezing of their layers. */
public final class Backbones {
  private Backbones() {}

  /**
   * A network.
   *
   * @param variant what {@link PretrainedWeights#variant} said of the weights it will carry; empty
   *     for the public layout
   */
  public static Backbone of(TrainSettings.Backbone name, String variant) {
    return switch (name) {
      case SQUEEZENET1_1 -> new SqueezeNet(!variant.equals(PretrainedWeights.KERAS));
      case RESNET18 -> new ResNet(false, 2, 2, 2, 2);
      case RESNET34 -> new ResNet(false, 3, 4, 6, 3);
      case RESNET50 -> new ResNet(true, 3, 4, 6, 3);
      case RESNET20_CIFAR -> new CifarResNet();
      case SMALL_CNN -> new SmallCnn();
    };
  }

  /**
   * Random weights: He et al. (2015) normal for convolutions (fan-out), ones and zeros for batch
   * normalisation and biases.
   */
  public static Map<String, HostArray> initialize(Backbone backbone, long seed) {
    Map<String, HostArray> arrays = new LinkedHashMap<>();
    backbone
        .parameterShapes()
        .forEach((name, shape) -> arrays.put(name, initial(name, shape, seed)));
    backbone
        .bufferShapes()
        .forEach((name, shape) -> arrays.put(name, constant(shape, name.endsWith("var") ? 1 : 0)));
    return arrays;
  }

  private static HostArray initial(String name, long[] shape, long seed) {
    if (shape.length < 2) {
      return constant(shape, name.endsWith(".weight") ? 1 : 0);
    }
    SplittableRandom random = new SplittableRandom(Seeds.derive(seed, "backbone", name));
    double deviation = Math.sqrt(2.0 / (shape[0] * shape[2] * shape[3]));
    float[] values = new float[(int) (shape[0] * shape[1] * shape[2] * shape[3])];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return HostArray.of(values, shape);
  }

  private static HostArray constant(long[] shape, float value) {
    float[] values = new float[(int) shape[0]];
    java.util.Arrays.fill(values, value);
    return HostArray.of(values, shape);
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
