package io.github.lsgspark.tower;

import static io.github.lsgspark.torch.Activation.SIGMOID;
import static io.github.lsgspark.torch.Activation.SILU;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.tower.MobileRecipe.Blocks;
import io.github.lsgspark.tower.MobileRecipe.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * EfficientNet (Tan and Le 2019), by timm. Those whose weights come from TensorFlow pad otherwise
 * and are refused.
 */
public final class EfficientNetFamily implements TowerFamily {
  private static final String PREFIX = "efficientnet_";
  private static final int STEM = 32;
  private static final int HEAD = 1280;

  /** What channels and repeats are multiplied by. */
  private enum Size {
    B0(1, 1),
    B1(1, 1.1),
    B2(1.1, 1.2),
    B3(1.2, 1.4),
    B4(1.4, 1.8);

    private final double wider;
    private final double deeper;

    Size(double wider, double deeper) {
      this.wider = wider;
      this.deeper = deeper;
    }
  }

  @Override
  public String name() {
    return "efficientnet";
  }

  @Override
  public String help() {
    return "EfficientNet B0 to B4 (timm)";
  }

  @Override
  public Optional<TowerExample> example() {
    return Optional.of(TowerExample.timm("efficientnet_b0"));
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
    Size size =
        Arrays.stream(Size.values())
            .filter(
                one -> config.architecture().equals(PREFIX + one.name().toLowerCase(Locale.ROOT)))
            .findFirst()
            .orElseThrow(
                () ->
                    LsgException.input(
                        config.source()
                            + ": architecture must be one of efficientnet_b0 to efficientnet_b4,"
                            + " but is: "
                            + config.architecture()));
    TowerConfig arguments = config.arguments();
    double wider = arguments.number("channel_multiplier", size.wider);
    double deeper = arguments.number("depth_multiplier", size.deeper);
    int stem = MobileRecipe.rounded(STEM * wider);
    // A quarter of what comes in, which is a multiple of 8.
    return new MobileTower(
        new MobileRecipe(
            stem,
            MobileRecipe.stages(plan(), stem, wider, deeper, (in, wide) -> in / 4, null),
            SILU,
            SIGMOID,
            MobileRecipe.rounded(HEAD * wider),
            false));
  }

  private static List<List<Blocks>> plan() {
    return List.of(
        List.of(new Blocks(Kind.SEPARABLE, 1, 3, 1, 1, 16, true, SILU)),
        inverted(2, 3, 2, 24),
        inverted(2, 5, 2, 40),
        inverted(3, 3, 2, 80),
        inverted(3, 5, 1, 112),
        inverted(4, 5, 2, 192),
        inverted(1, 3, 1, 320));
  }

  private static List<Blocks> inverted(int repeats, int kernel, int stride, int channels) {
    return List.of(new Blocks(Kind.INVERTED, repeats, kernel, stride, 6, channels, true, SILU));
  }
}
