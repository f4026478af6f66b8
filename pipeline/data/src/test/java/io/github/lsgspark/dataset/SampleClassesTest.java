package io.github.lsgspark.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.text.Label;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleClassesTest {
  @TempDir Path folder;

  /** Classes of samples given as split/class. */
  private List<String> classes(String more, String... samples) {
    List<SourceEntry> entries = new ArrayList<>();
    for (String sample : samples) {
      String[] parts = sample.split("/");
      entries.add(SourceEntry.file(sample, parts[1], parts[0], "file:/" + sample));
    }
    return SampleClasses.of(
            LocalSpark.session(),
            SettingsLoader.parse("data.train = \"" + folder + "\"\n" + more),
            new SampleListing(entries, List.of(), List.of()))
        .labels()
        .stream()
        .map(Label::name)
        .toList();
  }

  @Test
  void aTestSplitOfOtherClassesIsRefused() throws IOException {
    assertThatThrownBy(() -> classes("", "train/cat", "train/dog", "test/images"))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.INPUT))
        .hasMessageContainingAll("these are cat, dog", "test split images", "labels.file");
    assertThat(classes("", "train/cat", "train/dog", "test/Cat", "test/images"))
        .containsExactly("cat", "dog", "images");
    Path labels = Files.writeString(folder.resolve("l.txt"), "cat\ndog\nimages\n");
    assertThat(classes("labels.file = \"" + labels + "\"", "train/cat", "train/dog", "test/images"))
        .containsExactly("cat", "dog", "images");
  }
}
