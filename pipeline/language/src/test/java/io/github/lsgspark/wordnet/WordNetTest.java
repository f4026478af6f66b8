package io.github.lsgspark.wordnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.graph.LabelTree;
import io.github.lsgspark.text.Label;
import io.github.lsgspark.text.LabelSet;
import io.github.lsgspark.wordnet.LabelSenses.By;
import java.util.List;
import org.junit.jupiter.api.Test;

class WordNetTest {
  private static String sense(LabelSet labels, String name, String... pins) {
    int id = labels.find(name).orElseThrow().id();
    return LabelSenses.of(labels, List.of(pins)).of(id).orElseThrow().sense().key();
  }

  private static LabelMeanings meanings(String settings, LabelSet labels) {
    return LabelMeanings.of(SettingsLoader.parse(settings).labels(), labels);
  }

  @Test
  void imageNetsNumbersAreThoseOfTheNouns() {
    WordNet wordNet = WordNet.get();
    assertThat(wordNet.byWnid("n01440764").orElseThrow().words())
        .containsExactly("tench", "Tinca tinca");
    assertThat(wordNet.byWnid("n02119789").orElseThrow().name()).isEqualTo("kit fox");
    Sense dog = wordNet.named("dog.n.01").orElseThrow();
    assertThat(dog.wnid()).isEqualTo("n02084071");
    assertThat(dog.gloss()).startsWith("a member of the genus Canis").doesNotContain("\"");
    assertThat(wordNet.byWnid("n02084072")).isEmpty();
    assertThat(wordNet.byWnid("n99999999")).isEmpty();
    assertThat(wordNet.named("dog.n.99")).isEmpty();
  }

  @Test
  void pluralsAndPhrasesAreFound() {
    WordNet wordNet = WordNet.get();
    assertThat(wordNet.senses("golden retrievers").get(0).key()).isEqualTo("golden_retriever.n.01");
    assertThat(wordNet.senses("mice").get(0).key()).isEqualTo("mouse.n.01");
    assertThat(wordNet.senses("Golden_Retriever")).hasSize(1);
    assertThat(wordNet.senses("qwertz uiop")).isEmpty();
    assertThat(wordNet.senses(" ")).isEmpty();
  }

  @Test
  void foldersOfNumbersBecomeNamesThatStayApart() {
    LabelSet folders =
        LabelSet.fromFolders(List.of("n02012849", "n03126707", "n02084071"), "folder");
    LabelSet named = WordNetNames.of(folders);
    assertThat(named.labels())
        .extracting(Label::name)
        .containsExactly("crane (wading bird)", "dog", "crane (lifting device)");
    assertThat(named.find("n02084071").orElseThrow().name()).isEqualTo("dog");
    assertThat(named.label(1).description()).isEqualTo("domestic dog, Canis familiaris");
    LabelSet words = LabelSet.fromFolders(List.of("dog", "cat", "n02012849"), "folder");
    assertThat(WordNetNames.of(words)).isSameAs(words);
  }

  @Test
  void anAmbiguousNameMeansWhatTheOtherClassesAreLike() {
    LabelSet birds = LabelSet.of(List.of("crane", "heron", "stork", "flamingo"));
    LabelSet machines = LabelSet.of(List.of("crane", "bulldozer", "tractor", "forklift"));
    assertThat(sense(birds, "crane")).isEqualTo("crane.n.05");
    assertThat(sense(machines, "crane")).isEqualTo("crane.n.04");
    LabelSet desk = LabelSet.of(List.of("mouse", "keyboard", "monitor", "printer", "laptop"));
    assertThat(sense(desk, "mouse")).isEqualTo("mouse.n.04");
    assertThat(sense(LabelSet.of(List.of("mouse", "rat", "hamster", "squirrel")), "mouse"))
        .isEqualTo("mouse.n.01");
  }

  @Test
  void aMeaningMayBeSaidByHand() {
    LabelSet birds = LabelSet.of(List.of("crane", "heron", "stork"));
    assertThat(sense(birds, "crane", "crane = n03126707")).isEqualTo("crane.n.04");
    assertThat(sense(birds, "crane", "Crane=crane.n.04")).isEqualTo("crane.n.04");
    assertThatThrownBy(() -> sense(birds, "crane", "crane = crane.n.77"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("has no noun \"crane.n.77\"")
        .hasMessageContaining("crane.n.04 (lifts and moves heavy objects");
    assertThatThrownBy(() -> sense(birds, "crane", "egret = egret.n.01"))
        .hasMessageContaining("there is no class \"egret\"");
    assertThatThrownBy(() -> sense(birds, "crane", "crane"))
        .hasMessageContaining("must be name = sense");
    assertThatThrownBy(() -> sense(birds, "crane", "crane = crane.n.04", "crane = crane.n.05"))
        .hasMessageContaining("names \"crane\" twice");
  }

  @Test
  void lastWordsPlaceAClassButDoNotDescribeIt() {
    LabelSet labels = LabelSet.of(List.of("angry red panda", "dog", "qwertz"));
    LabelSenses senses = LabelSenses.of(labels, List.of());
    assertThat(senses.of(0).orElseThrow().by()).isEqualTo(By.HEAD);
    assertThat(senses.of(2)).isEmpty();
    LabelMeanings meanings = meanings("labels { describe = wordnet, taxonomy = wordnet }", labels);
    assertThat(meanings.labels().label(0).description()).isEmpty();
    assertThat(meanings.labels().label(1).description()).startsWith("a member of the genus Canis");
    LabelTree tree = meanings.tree();
    assertThat(tree.contains(0)).isTrue();
    assertThat(tree.contains(2)).isFalse();
    assertThat(tree.similarity(0, 1)).isBetween(0.5, 0.99);
    assertThat(tree.similarity(1, 2)).isZero();
  }

  @Test
  void descriptionsThatNobodyHasAreRefused() {
    LabelSet labels = LabelSet.of(List.of("qwertz", "asdfgh"));
    assertThatThrownBy(() -> meanings("labels.describe = wordnet", labels))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("of 2 classes not one has any");
    assertThatThrownBy(() -> meanings("labels.describe = file", labels))
        .hasMessageContaining("labels.file or labels.names has a description");
  }

  @Test
  void theTreeIsTheSameWhenReadBack() {
    LabelSet labels = LabelSet.of(List.of("cat", "dog", "wolf", "oak", "car"));
    LabelTree tree = meanings("labels.taxonomy = wordnet", labels).tree();
    assertThat(tree.similarity(1, 2)).isGreaterThan(tree.similarity(0, 1));
    assertThat(tree.similarity(0, 1)).isGreaterThan(tree.similarity(1, 3));
    assertThat(tree.severity(1, 2)).isLessThan(tree.severity(1, 3));
    assertThat(tree.severity(1, 3)).isLessThanOrEqualTo(tree.severity(1, 4));
  }
}
