package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.config.ExperimentSettings;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The files that people run. */
class ConfFilesTest {
  /** Beside the module that tests run in. */
  private static final Path CONF = Path.of("../conf");

  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(CONF)) {
      return files.filter(file -> file.toString().endsWith(".conf")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyFileIsValid(Path file) {
    // Checks keys, types and ranges of the file, its pretrain block and each of its methods.
    Loaded loaded = SettingsLoader.load(file, Map.of());
    assertThat(loaded.settings().prompts().train()).isPositive();
    assertThat(file).content().contains("conf/" + file.getFileName());
  }

  @ParameterizedTest
  @CsvSource({
    "cub.conf, cub-200-2011, 8, 0",
    "fgvc-aircraft.conf, fgvc-aircraft, 8, 20",
    "stanford-cars.conf, stanford-cars, 10, 0",
    "cifar100-full.conf, cifar-100, 8, 0",
    "oxford-pets.conf, oxford-pets, 8, 0",
  })
  void benchmarksFollowTheRecipe(String file, String format, double weight, int crop) {
    Loaded loaded = SettingsLoader.load(CONF.resolve(file), Map.of("data.label-budget", "30%"));
    Settings settings = loaded.settings();
    assertThat(settings.data().format()).isEqualTo(format);
    assertThat(settings.data().labelBudget()).hasToString("30%");
    assertThat(settings.train().imageSize()).isEqualTo(224);
    assertThat(settings.train().iterations()).isEqualTo(27_005);
    assertThat(settings.train().weights()).endsWith(".safetensors");
    assertThat(settings.embedding().encoder()).isEqualTo("transformer");
    assertThat(settings.lsg().regularizationWeight()).isEqualTo(weight);
    assertThat(settings.prepare().cropBottom()).isEqualTo(crop);
    assertThat(loaded.compare().orElseThrow().getLongList("seeds")).containsExactly(1L, 2L, 3L);
    assertThat(loaded.compare().orElseThrow().getObject("methods").keySet())
        .containsExactlyInAnyOrder("plain", "lsg", "shuffled");
  }

  @Test
  void unseenClassesAreThoseOfTheProtocol() {
    Loaded loaded = SettingsLoader.load(CONF.resolve("cifar100-unseen.conf"), Map.of());
    assertThat(loaded.settings().data().unseenClasses().count()).isEqualTo(20);
    ExperimentSettings grid = loaded.experiment().orElseThrow();
    assertThat(grid.methods().keySet())
        .containsExactlyInAnyOrder("lsg", "one-hot", "closed-form", "closed-form-shuffled");
    assertThat(grid.seeds()).containsExactly(1L, 2L, 3L);
  }

  @Test
  void birdsHaveStrongViewsAsInTheReference() {
    Settings settings = SettingsLoader.load(CONF.resolve("cub.conf"), Map.of()).settings();
    assertThat(settings.train().augmentation().views()).hasToString("STRONG");
  }
}
