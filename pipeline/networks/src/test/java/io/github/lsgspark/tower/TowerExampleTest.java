package io.github.lsgspark.tower;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.config.DataSettings.Modality;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The networks by which lists show what a family is like. */
class TowerExampleTest {

  private static long parameters(String name) {
    TowerFamily family =
        Towers.families().stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
    try (Tower network = family.example().orElseThrow().network()) {
      return network.parameterShapes().values().stream()
          .mapToLong(shape -> Arrays.stream(shape).reduce(1, (a, b) -> a * b))
          .sum();
    }
  }

  @Test
  void everyFamilyHasOneOfItsOwn() {
    assertThat(Towers.families())
        .allSatisfy(
            family -> {
              TowerExample example = family.example().orElseThrow();
              assertThat(Towers.family(example.config()).name()).isEqualTo(family.name());
              try (Tower network = example.network()) {
                assertThat(network.featureLayers()).isNotEmpty();
              }
              assertThat(example.size())
                  .matches(family.modality() == Modality.IMAGE ? "\\d+" : "any|\\d+x\\d+");
            });
  }

  /** By the public code, without classifiers. */
  @ParameterizedTest
  @CsvSource({
    "dinov2, 86579712",
    "clip, 87849216",
    "siglip, 92884224",
    "vit, 85798656",
    "convnext-timm, 27820128",
    "efficientnet, 4007548",
  })
  void theyAreAsLargeAsPublished(String family, long expected) {
    assertThat(parameters(family)).isEqualTo(expected);
  }
}
