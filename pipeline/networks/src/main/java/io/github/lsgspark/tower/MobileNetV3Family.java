package io.github.lsgspark.tower;

import static io.github.lsgspark.torch.Activation.HARD_SIGMOID;
import static io.github.lsgspark.torch.Activation.HARD_SWISH;
import static io.github.lsgspark.torch.Activation.RELU;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.torch.Activation;
import io.github.lsgspark.tower.MobileRecipe.Blocks;
import io.github.lsgspark.tower.MobileRecipe.Kind;
import java.util.List;
import java.util.Optional;

/**
 * MobileNetV3 (Howard et al. 2019), by timm. Those whose weights come from TensorFlow pad otherwise
 * and are refused.
 */
public final class MobileNetV3Family implements TowerFamily {
  private static final String PREFIX = "mobilenetv3_";
  private static final String SMALL = PREFIX + "small_100";
  private static final String LARGE = PREFIX + "large_100";
  private static final int STEM = 16;

  /** Channels are multiplied in the stem, too, unless they are made much fewer. */
  private static final double FEWER = 0.75;

  private static final double SQUEEZED = 0.25;

  @Override
  public String name() {
    return "mobilenetv3";
  }

  @Override
  public String help() {
    return "MobileNetV3, small and large (timm)";
  }

  @Override
  public Optional<TowerExample> example() {
    return Optional.of(TowerExample.timm("mobilenetv3_large_100"));
  }

  @Override
  public boolean reads(TowerConfig config) {
    return config.architecture().startsWith(PREFIX)
        || config.architecture().startsWith("tf_" + PREFIX);
  }

  @Override
  public int imageSize(TowerConfig config) {
    return TimmSizes.trained(config, 224);
  }

  @Override
  public Tower create(TowerConfig config, int height, int width) {
    String name = config.architecture();
    if (!name.equals(SMALL) && !name.equals(LARGE)) {
      throw LsgException.input(
          config.source()
              + ": architecture must be "
              + SMALL
              + " or "
              + LARGE
              + ", but is: "
              + name);
    }
    boolean small = name.equals(SMALL);
    TowerConfig arguments = config.arguments();
    double wider = arguments.number("channel_multiplier", 1);
    double deeper = arguments.number("depth_multiplier", 1);
    int stem = wider < FEWER ? STEM : MobileRecipe.rounded(STEM * wider);
    return new MobileTower(
        new MobileRecipe(
            stem,
            MobileRecipe.stages(
                small ? small() : large(),
                stem,
                wider,
                deeper,
                (in, wide) -> MobileRecipe.rounded(SQUEEZED * wide),
                RELU),
            HARD_SWISH,
            HARD_SIGMOID,
            arguments.count("num_features", small ? 1024 : 1280),
            true));
  }

  private static List<List<Blocks>> small() {
    return List.of(
        List.of(new Blocks(Kind.SEPARABLE, 1, 3, 2, 1, 16, true, RELU)),
        List.of(inverted(1, 3, 2, 4.5, 24, false, RELU), inverted(1, 3, 1, 3.67, 24, false, RELU)),
        List.of(
            inverted(1, 5, 2, 4, 40, true, HARD_SWISH), inverted(2, 5, 1, 6, 40, true, HARD_SWISH)),
        List.of(inverted(2, 5, 1, 3, 48, true, HARD_SWISH)),
        List.of(inverted(3, 5, 2, 6, 96, true, HARD_SWISH)),
        List.of(new Blocks(Kind.POINTWISE, 1, 1, 1, 1, 576, false, HARD_SWISH)));
  }

  private static List<List<Blocks>> large() {
    return List.of(
        List.of(new Blocks(Kind.SEPARABLE, 1, 3, 1, 1, 16, false, RELU)),
        List.of(inverted(1, 3, 2, 4, 24, false, RELU), inverted(1, 3, 1, 3, 24, false, RELU)),
        List.of(inverted(3, 5, 2, 3, 40, true, RELU)),
        List.of(
            inverted(1, 3, 2, 6, 80, false, HARD_SWISH),
            inverted(1, 3, 1, 2.5, 80, false, HARD_SWISH),
            inverted(2, 3, 1, 2.3, 80, false, HARD_SWISH)),
        List.of(inverted(2, 3, 1, 6, 112, true, HARD_SWISH)),
        List.of(inverted(3, 5, 2, 6, 160, true, HARD_SWISH)),
        List.of(new Blocks(Kind.POINTWISE, 1, 1, 1, 1, 960, false, HARD_SWISH)));
  }

  private static Blocks inverted(
      int repeats,
      int kernel,
      int stride,
      double growth,
      int channels,
      boolean squeezes,
      Activation function) {
    return new Blocks(Kind.INVERTED, repeats, kernel, stride, growth, channels, squeezes, function);
  }
}
