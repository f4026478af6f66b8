package io.github.lsgspark.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.dataset.modality.Decoded;
import io.github.lsgspark.dataset.modality.Modality;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SyntheticSourceTest {

  private static Settings settings(DataSettings.Modality modality, String drawn) {
    return SettingsLoader.parse(
        "data { modality = %s, train = \"drawn:novel\", drawn { %s } }"
            .formatted(modality.toString().toLowerCase(Locale.ROOT), drawn));
  }

  private static Set<String> labels(List<SourceEntry> entries) {
    return entries.stream().map(SourceEntry::label).collect(Collectors.toSet());
  }

  @ParameterizedTest
  @EnumSource(DataSettings.Modality.class)
  void whatIsDrawnCanBeReadAndIsAlwaysTheSame(DataSettings.Modality modality) throws Exception {
    String few =
        "base-classes = 20, novel-classes = 30, train-per-class = 2, test-per-class = 1, seconds = 1.5";
    Settings settings = settings(modality, few);
    SyntheticSource source = new SyntheticSource(settings.data());
    List<SourceEntry> novel = source.entries("drawn:novel");
    assertThat(novel).hasSize(90);
    assertThat(novel.stream().map(SourceEntry::id)).doesNotHaveDuplicates();
    Set<String> base = labels(source.entries("drawn:base"));
    assertThat(base).hasSize(20).doesNotContainAnyElementsOf(labels(novel));
    assertThat(labels(novel)).hasSize(30);

    Modality opened =
        InputSpec.of(settings, TrainSettings.Normalization.INCEPTION).open(settings.prepare());
    SyntheticSource other = new SyntheticSource(settings(modality, few + ", seed = 5").data());
    Set<Integer> contents = new HashSet<>();
    for (SourceEntry entry : novel) {
      byte[] file = source.make(entry);
      contents.add(Arrays.hashCode(file));
      Decoded sample = opened.decode(file);
      double seconds = modality == DataSettings.Modality.IMAGE ? 0 : 1.5;
      assertThat(sample.seconds()).isCloseTo(seconds, within(0.01));
      assertThat(new SyntheticSource(settings.data()).make(entry)).isEqualTo(file);
      assertThat(other.make(entry)).isNotEqualTo(file);
    }
    assertThat(contents).hasSize(90);
  }

  @Test
  void moreClassesThanThereAreIsAnError() {
    Settings settings =
        settings(DataSettings.Modality.AUDIO, "base-classes = 40, novel-classes = 40");
    assertThatThrownBy(() -> new SyntheticSource(settings.data()).entries("drawn:novel"))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.USAGE))
        .hasMessageContaining("data.drawn.base-classes + data.drawn.novel-classes is 80")
        .hasMessageContaining("there are only 72 classes");
  }
}
