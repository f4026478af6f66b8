package io.github.lsgspark.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class LabelWordsTest {
  private static List<String> names(LabelSet labels) {
    return labels.labels().stream().map(Label::name).toList();
  }

  private static List<String> words(String... folders) {
    return names(LabelWords.of(LabelSet.of(List.of(folders))));
  }

  @Test
  void namesWrittenAsFoldersAreBecomeWords() {
    assertThat(words("african_elephant", "bear")).containsExactly("african elephant", "bear");
    assertThat(words("african-elephant", "bear")).containsExactly("african elephant", "bear");
    assertThat(words("ApplyEyeMakeup", "YoYo", "Golf"))
        .containsExactly("Apply Eye Makeup", "Yo Yo", "Golf");
    assertThat(words("goldenRetriever", "pug")).containsExactly("golden Retriever", "pug");
    assertThat(words("1.Black_footed_Albatross", "2.Laysan_Albatross"))
        .containsExactly("Black footed Albatross", "Laysan Albatross");
    assertThat(words("dog_1", "cat_2", "cow_3")).containsExactly("dog", "cat", "cow");
    assertThat(words("dog-001", "cat-004", "cow-071")).containsExactly("dog", "cat", "cow");
  }

  @Test
  void namesThatAreMeantSoStay() {
    assertThat(words("t-shirt", "x-ray", "hat")).containsExactly("t-shirt", "x-ray", "hat");
    assertThat(words("ice cream", "self-portrait")).containsExactly("ice cream", "self-portrait");
    assertThat(words("hot_dog", "self-portrait")).containsExactly("hot dog", "self-portrait");
    assertThat(words("McLaren", "MacBook", "DeLorean", "iPhone", "USB", "LEGO"))
        .containsExactly("McLaren", "MacBook", "DeLorean", "iPhone", "USB", "LEGO");
    assertThat(words("747-400", "A320", "Boeing-717"))
        .containsExactly("747-400", "A320", "Boeing-717");
    assertThat(words("Boeing 747", "Airbus 320")).containsExactly("Boeing 747", "Airbus 320");
    assertThat(words("windows_98", "windows_95")).containsExactly("windows 98", "windows 95");
    assertThat(words("0", "1", "2")).containsExactly("0", "1", "2");
  }

  @Test
  void wordsThatWouldBeTwoClassesStayApart() {
    assertThat(words("hot-dog", "HotDog", "cat")).containsExactly("hot-dog", "HotDog", "cat");
    assertThat(words("dog_1", "dog_2")).containsExactly("dog 1", "dog 2");
    assertThat(words("HotDog", "hotDog", "SeaLion"))
        .containsExactly("HotDog", "hotDog", "Sea Lion");
  }

  @Test
  void whatSourcesCallThemStillLeadsToThem() {
    LabelSet folders = LabelSet.fromFolders(List.of("GoldenRetriever", "pug"), "folder");
    LabelSet words = LabelWords.of(folders);
    assertThat(words.find("GoldenRetriever").orElseThrow().name()).isEqualTo("Golden Retriever");
    assertThat(words.find("golden retriever").orElseThrow().id()).isZero();
    assertThat(words.source(0)).isEqualTo("GoldenRetriever");
    assertThat(LabelSet.fromJson(words.toJson(), "labels.json").source(0))
        .isEqualTo("GoldenRetriever");
    assertThat(LabelWords.shown(words).orElseThrow())
        .isEqualTo(
            "1 of 2 class names as words (labels.words): GoldenRetriever -> Golden Retriever");
    assertThat(LabelWords.shown(folders)).isEmpty();
  }

  /**
   * Whatever folders are called: none is lost, none is taken for another, twice changes nothing.
   */
  @Test
  void anyNamesStayApartAndFindable() {
    String[] parts = {"dog", "Cat", "ice", "Tea", "X", "001", "2", "Mc"};
    String[] between = {"", "_", "-", " ", ".", "__"};
    Random random = new Random(5);
    for (int round = 0; round < 3000; round++) {
      Set<String> folders = new TreeSet<>();
      Set<String> texts = new TreeSet<>();
      while (folders.size() < 2 + round % 4) {
        StringBuilder name = new StringBuilder(parts[random.nextInt(parts.length)]);
        for (int i = random.nextInt(3); i > 0; i--) {
          name.append(between[random.nextInt(between.length)]);
          name.append(parts[random.nextInt(parts.length)]);
        }
        if (texts.add(Label.textOf(name.toString()))) {
          folders.add(name.toString());
        }
      }
      LabelSet labels = LabelSet.fromFolders(folders, "folder");
      LabelSet words = LabelWords.of(labels);
      assertThat(words.size()).isEqualTo(folders.size());
      for (Label label : labels.labels()) {
        assertThat(words.find(label.name()).orElseThrow().id())
            .as("%s of %s", label.name(), folders)
            .isEqualTo(label.id());
        assertThat(words.label(label.id()).text()).isNotBlank();
      }
      assertThat(new TreeSet<>(names(words))).hasSize(folders.size());
      assertThat(new ArrayList<>(names(LabelWords.of(words))))
          .as("twice: %s", folders)
          .hasSize(folders.size());
    }
  }
}
