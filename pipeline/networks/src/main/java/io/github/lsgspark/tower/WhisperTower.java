package io.github.lsgspark.tower;

import io.github.lsgspark.backbone.Layers;
import io.github.lsgspark.torch.Activation;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * Encoders of Whisper (Radford et al. 2023): two convolutions over time, of which the second halves
 * it, positions, and blocks. The vector is the mean over time, whatever of it is padding.
 */
final class WhisperTower extends SoundEncoder {
  private static final int KERNEL = 3;
  private static final String POSITIONS = "encoder.embed_positions.weight";

  private final int bands;

  WhisperTower(Stack stack, int bands, int positions) {
    super(stack, WhisperTower::isOther);
    this.bands = bands;
    int d = stack.width();
    shapes.array("encoder.conv1.weight", d, bands, KERNEL);
    shapes.vector("encoder.conv1.bias", d);
    shapes.array("encoder.conv2.weight", d, d, KERNEL);
    shapes.vector("encoder.conv2.bias", d);
    shapes.array(POSITIONS, positions, d);
    listBlocks();
  }

  /** The decoder, and heads of classifiers. */
  private static boolean isOther(String name) {
    return Stream.of("decoder.", "proj_out.", "projector.", "classifier.", "layer_weights")
        .anyMatch(name::startsWith);
  }

  @Override
  <V> V sequence(Layers<V> layers, V view, V sounding, BiConsumer<String, V> see) {
    V bandsAsChannels = layers.permute(view, 0, 2, 1, 3);
    V one = convolved(layers, bandsAsChannels, "encoder.conv1", bands, 1);
    V two = convolved(layers, one, "encoder.conv2", stack.width(), 2);
    return layers.addParameter(layers.places(two), POSITIONS);
  }

  private <V> V convolved(Layers<V> layers, V x, String name, int channels, int stride) {
    V weight =
        layers.reshape(layers.parameter(name + ".weight"), stack.width(), channels, 1, KERNEL);
    V map =
        layers.conv(
            x,
            weight,
            layers.parameter(name + ".bias"),
            new int[] {1, stride},
            new int[] {0, 1},
            1);
    return layers.activate(map, Activation.GELU);
  }
}
