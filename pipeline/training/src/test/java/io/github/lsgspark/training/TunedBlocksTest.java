package io.github.lsgspark.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.backbone.Backbone;
import io.github.lsgspark.backbone.Backbones;
import io.github.lsgspark.backbone.FeatureSpec;
import io.github.lsgspark.config.FeaturesSettings.Pooling;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.TrainSettings;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The last blocks of a network, and a head that sees some layers alone. */
class TunedBlocksTest {

  private static TrainSettings settings(String tuning) {
    return SettingsLoader.parse("train.tuning { " + tuning + " }").train();
  }

  /** The network of a training from a head on some layers. */
  private static Tuning tuning(String keys, String... seen) {
    List<String> layers = List.of(seen);
    try (Backbone network =
        Backbones.withFeatures(TinyTower.network(), FeatureSpec.bare(layers, Pooling.MEAN))) {
      return Tuning.of(settings(keys), network, layers);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, blocks.3",
    "2, blocks.1+blocks.3",
    "4, blocks.0+blocks.3",
    "2, features",
    "1, blocks.0+features",
  })
  void blocksThatTheHeadSeesAreTuned(int blocks, String seen) {
    Tuning tuning = tuning("method = last-blocks, blocks = " + blocks, seen.split("\\+"));
    assertThat(tuning.frozen()).noneMatch(name -> name.contains("layer.3."));
    assertThat(tuning.frozen().stream().anyMatch(name -> name.contains("layer.0.")))
        .isEqualTo(blocks < 4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 | blocks.2          | sees nothing of blocks.3: its features end with blocks.2 | count are blocks.0, blocks.1, blocks.2;",
        "2 | blocks.1          | sees nothing of blocks.2, blocks.3: its features end with blocks.1 | count are blocks.0, blocks.1;",
        "3 | blocks.2+blocks.0 | sees nothing of blocks.3: its features end with blocks.2 | count are blocks.0, blocks.1, blocks.2;",
      })
  void blocksThatItDoesNotSeeAreRefused(int blocks, String seen, String vain, String counting) {
    assertThatThrownBy(() -> tuning("method = last-blocks, blocks = " + blocks, seen.split("\\+")))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.USAGE))
        .hasMessageContaining("train.tuning.blocks = " + blocks)
        .hasMessageContaining("head.layers")
        .hasMessageContaining(vain)
        .hasMessageContaining(counting);
  }

  @Test
  void otherMethodsCountFromTheBeginning() {
    assertThat(tuning("method = bias", "blocks.0").frozen()).isNotEmpty();
    assertThat(tuning("method = all", "blocks.0").frozen()).isEmpty();
  }
}
