package io.github.lsgspark.backbone;

import io.github.lsgspark.config.TrainSettings.Normalization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * SqueezeNet 1.1 (Iandola et al. 2016) up to fire9, with torchvision's names. Files that carry the
 * Keras names ({@code conv1/weight}, {@code fire2/squeeze1x1/weight}) are translated; those weights
 * were trained with pooling windows that stay inside the image, torchvision's with partial ones.
 */
final class SqueezeNet extends ShapedBackbone {
  /** Place of fire2 .. fire9 in torchvision's sequence; max pooling stands at 2, 5 and 8. */
  private static final int[] PLACES = {3, 4, 6, 7, 9, 10, 11, 12};

  private static final int[] SQUEEZE = {16, 16, 32, 32, 48, 48, 64, 64};
  private static final int[] EXPAND = {64, 64, 128, 128, 192, 192, 256, 256};
  private static final Pattern KERAS =
      Pattern.compile("(conv1|fire([2-9])/(squeeze1x1|expand1x1|expand3x3))/(weight|bias)");

  private final boolean partialWindows;

  /**
   * @param partialWindows whether a last, partial pooling window counts (torchvision)
   */
  SqueezeNet(boolean partialWindows) {
    this.partialWindows = partialWindows;
    shapes.conv("features.0", 64, 3, 3, true);
    int in = 64;
    for (int fire = 0; fire < PLACES.length; fire++) {
      String name = "features." + PLACES[fire];
      shapes.conv(name + ".squeeze", SQUEEZE[fire], in, 1, true);
      shapes.conv(name + ".expand1x1", EXPAND[fire], SQUEEZE[fire], 1, true);
      shapes.conv(name + ".expand3x3", EXPAND[fire], SQUEEZE[fire], 3, true);
      in = 2 * EXPAND[fire];
    }
  }

  @Override
  public int featureDimension() {
    return 512;
  }

  @Override
  public List<Layer> layers() {
    List<Layer> layers = new ArrayList<>();
    layers.add(new Layer("features.0", List.of("conv1", "stem"), List.of("features.0")));
    for (int fire = 0; fire < PLACES.length; fire++) {
      String name = "features." + PLACES[fire];
      layers.add(new Layer(name, List.of("fire" + (fire + 2)), List.of(name)));
    }
    return layers;
  }

  @Override
  public List<LayerOutput> outputs() {
    List<LayerOutput> outputs = new ArrayList<>();
    for (int fire = 0; fire < PLACES.length; fire++) {
      outputs.add(LayerOutput.map("features." + PLACES[fire], 2 * EXPAND[fire]));
    }
    return outputs;
  }

  /** fire6 to fire9. */
  @Override
  public List<String> featureLayers() {
    return List.of("features.9", "features.10", "features.11", "features.12");
  }

  @Override
  public <V> V features(Layers<V> layers, V images, LayerOutputs<V> outputs) {
    V x = layers.relu(layers.convWithBias(images, "features.0", 2, 0));
    x = pool(layers, x);
    for (int fire = 0; fire < PLACES.length; fire++) {
      String name = "features." + PLACES[fire];
      V squeezed = layers.relu(layers.convWithBias(x, name + ".squeeze", 1, 0));
      x =
          layers.catChannels(
              layers.relu(layers.convWithBias(squeezed, name + ".expand1x1", 1, 0)),
              layers.relu(layers.convWithBias(squeezed, name + ".expand3x3", 1, 1)));
      V output = x;
      outputs.offer(name, () -> output);
      if (fire == 1 || fire == 3) {
        x = pool(layers, x);
      }
    }
    return layers.globalAveragePool(x);
  }

  private <V> V pool(Layers<V> layers, V x) {
    return layers.maxPool(x, 3, 2, 0, partialWindows);
  }

  /** Whether names are the Keras ones. */
  static boolean isKeras(Iterable<String> names) {
    for (String name : names) {
      if (name.equals("conv1/weight")) {
        return true;
      }
    }
    return false;
  }

  @Override
  public UnaryOperator<String> translator(Iterable<String> names) {
    return isKeras(names) ? SqueezeNet::fromKeras : UnaryOperator.identity();
  }

  private static String fromKeras(String name) {
    Matcher matcher = KERAS.matcher(name);
    if (!matcher.matches()) {
      return name;
    }
    if (matcher.group(2) == null) {
      return "features.0." + matcher.group(4);
    }
    String part = matcher.group(3).equals("squeeze1x1") ? "squeeze" : matcher.group(3);
    int place = PLACES[Integer.parseInt(matcher.group(2)) - 2];
    return "features." + place + "." + part + "." + matcher.group(4);
  }

  /** This network by its name. */
  public static final class Family implements BackboneFamily {
    @Override
    public List<BackboneKind> kinds() {
      return List.of(Kind.values());
    }
  }

  private enum Kind implements BackboneKind {
    ONLY;

    @Override
    public String label() {
      return "squeezenet1_1";
    }

    @Override
    public String help() {
      return "SqueezeNet 1.1 (Iandola et al. 2016), the names of torchvision or Keras";
    }

    @Override
    public String variant(Set<String> tensors, Map<String, String> metadata) {
      boolean keras =
          isKeras(tensors)
              || PretrainedWeights.KERAS.equals(metadata.get(PretrainedWeights.VARIANT_KEY));
      return keras ? PretrainedWeights.KERAS : "";
    }

    @Override
    public Normalization normalization(String variant) {
      return variant.equals(PretrainedWeights.KERAS)
          ? Normalization.CAFFE_BGR
          : Normalization.IMAGENET;
    }

    @Override
    public Backbone create(String variant, long[] input) {
      return new SqueezeNet(!variant.equals(PretrainedWeights.KERAS));
    }
  }
}
