package io.github.lsgspark.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.DataSettings.UnseenSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.text.Label;
import io.github.lsgspark.text.LabelSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnseenClassesTest {
  private static final List<String> NAMES =
      IntStream.range(0, 25).mapToObj(i -> "class " + (char) ('A' + i)).toList();
  private static final LabelSet LABELS = LabelSet.of(NAMES);

  @TempDir Path folder;

  private static Set<Integer> of(String keys, LabelSet labels) {
    UnseenSettings settings =
        SettingsLoader.parse("data.unseen-classes { " + keys + " }").data().unseenClasses();
    return UnseenClasses.of(settings, labels, new Configuration());
  }

  private static Set<String> names(Set<Integer> ids, LabelSet labels) {
    return ids.stream().map(labels::label).map(Label::name).collect(Collectors.toSet());
  }

  private String file(String text) throws IOException {
    return "file = \"" + Files.writeString(folder.resolve("unseen.txt"), text) + "\"";
  }

  @Test
  void theDrawDependsOnSeedAndNamesAlone() {
    assertThat(of("", LABELS)).isEmpty();
    Set<Integer> drawn = of("count = 10", LABELS);
    assertThat(drawn).hasSize(10).isEqualTo(of("count = 10, seed = 1", LABELS));
    assertThat(of("count = 10, seed = 2", LABELS)).hasSize(10).isNotEqualTo(drawn);
    assertThat(of("count = 11", LABELS)).hasSize(11).containsAll(drawn);
    List<String> reversed = NAMES.stream().sorted(Collections.reverseOrder()).toList();
    assertThat(names(of("count = 10", LabelSet.of(reversed)), LabelSet.of(reversed)))
        .isEqualTo(names(drawn, LABELS));
  }

  @Test
  void aFileNamesThemAsLabelsAreNamed() throws IOException {
    assertThat(of(file("class_C\r\n\n  CLASS B \n"), LABELS)).containsExactly(1, 2);
    assertThatThrownBy(() -> of(file("class B\nclass 9\n"), LABELS))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.INPUT))
        .hasMessageContaining("unseen.txt:2: there is no class \"class 9\"");
    assertThatThrownBy(() -> of(file("class B\nclass_B\n"), LABELS))
        .hasMessageContaining("unseen.txt:2: the class \"class_B\" was named before");
    assertThatThrownBy(() -> of(file("\n"), LABELS)).hasMessageContaining("names no class");
    assertThatThrownBy(() -> of("file = /no/such.txt", LABELS))
        .hasMessageContaining("/no/such.txt");
  }

  @Test
  void aClassMustBeLeft() throws IOException {
    assertThat(of("count = 24", LABELS)).hasSize(24);
    assertThatThrownBy(() -> of("count = 25", LABELS))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.USAGE))
        .hasMessageContaining("data.unseen-classes")
        .hasMessageContaining("there are 25");
    assertThatThrownBy(() -> of(file(String.join("\n", NAMES)), LABELS))
        .hasMessageContaining("unseen.txt");
  }

  @Test
  void aNumberAndAFileAreRefused() {
    assertThatThrownBy(() -> of("count = 3, file = unseen.txt", LABELS))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.USAGE))
        .hasMessageContaining("data.unseen-classes")
        .hasMessageContaining("unseen.txt");
  }
}
