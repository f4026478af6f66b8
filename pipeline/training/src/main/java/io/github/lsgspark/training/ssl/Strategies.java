package io.github.lsgspark.training.ssl;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Registry;
import io.github.lsgspark.config.SettingNames;
import io.github.lsgspark.config.SslSettings;
import io.github.lsgspark.config.TrainSettings.Views;
import java.util.ArrayList;
import java.util.List;

/** The strategies by name, and what settings leave to them. */
public final class Strategies implements SettingNames {
  private static final String SETTING = "ssl.strategy";

  /**
   * The strategy that settings name.
   *
   * @throws LsgException exit 2 if there is none; the message lists all
   */
  public static StrategyKind of(SslSettings settings) {
    return registry().get(settings.strategy());
  }

  /** All strategies; those of jars beside the program's, too. */
  public static List<StrategyKind> kinds() {
    return registry().entries();
  }

  private static Registry<StrategyKind> registry() {
    return Registry.of(StrategyKind.class, SETTING, List::of, StrategyKind::label);
  }

  /**
   * Whether pseudo-labels enter a cross-entropy.
   *
   * @param guided whether the training has the losses of LSG
   */
  public static boolean crossEntropy(SslSettings settings, boolean guided) {
    return switch (settings.terms()) {
      case AUTO -> !guided || of(settings).classifiesBesideLsg();
      case CROSS_ENTROPY, BOTH -> true;
      case LSG -> false;
    };
  }

  /** The views of a strategy that does not compare two. */
  public static Views views(SslSettings settings) {
    return switch (settings.views()) {
      case AUTO -> of(settings).views();
      case WEAK -> Views.WEAK;
      case STRONG -> Views.STRONG;
      case WEAK_STRONG -> Views.WEAK_STRONG;
    };
  }

  /** Unlabelled images of a step for each labelled one. */
  public static int batchRatio(SslSettings settings) {
    return settings.batchRatio() > 0 ? settings.batchRatio() : of(settings).batchRatio();
  }

  @Override
  public String path() {
    return SETTING;
  }

  @Override
  public List<String> names() {
    List<String> names = new ArrayList<>(List.of(SslSettings.NONE));
    names.addAll(registry().names());
    return names;
  }
}
