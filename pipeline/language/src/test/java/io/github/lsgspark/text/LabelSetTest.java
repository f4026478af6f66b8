package io.github.lsgspark.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelSetTest {
  @TempDir Path folder;

  private LabelSet load(String content) throws Exception {
    Path file = folder.resolve("labels.txt");
    Files.writeString(file, content);
    return LabelSet.load(file.toString(), new Configuration());
  }

  @Test
  void readsLabelsAndDescriptionsWithByteOrderMarkAndCarriageReturns() throws Exception {
    LabelSet labels = load("\uFEFFred_square\ta flat shape\r\nCafé au  lait\r\n");
    assertThat(labels.labels())
        .containsExactly(
            new Label(0, "red_square", "red square", "a flat shape"),
            new Label(1, "Café au  lait", "Café au lait", ""));
  }

  @Test
  void findsALabelHoweverAFolderSpellsIt() throws Exception {
    LabelSet labels = load("maple_tree\nCafé\nPolish\npolish\n");
    assertThat(labels.find("Maple Tree")).map(Label::id).contains(0);
    assertThat(labels.find("Cafe\u0301")).map(Label::id).contains(1);
    assertThat(labels.find("polish")).map(Label::id).contains(3);
    assertThat(labels.find("POLISH")).map(Label::id).contains(3);
    assertThat(labels.find("oak")).isEmpty();
  }

  @Test
  void emptyAndRepeatedLabelsAreErrorsWithFileAndLine() {
    assertThatThrownBy(() -> load("apple\n\npear\n"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("labels.txt:2: the label is empty")
        .extracting(e -> ((LsgException) e).exitCode())
        .isEqualTo(LsgException.INPUT);
    assertThatThrownBy(() -> load("apple\n_\tunderscores only\n"))
        .hasMessageContaining("labels.txt:2: the label is empty");
    assertThatThrownBy(() -> load("Café\npear\nCafe\u0301\n"))
        .hasMessageContaining("labels.txt:3")
        .hasMessageContaining("already given at")
        .hasMessageContaining("labels.txt:1");
    assertThatThrownBy(() -> load("maple_tree\nmaple tree\n")).hasMessageContaining("labels.txt:2");
    assertThatThrownBy(() -> load("")).hasMessageContaining("holds no labels");
    assertThatThrownBy(() -> load("[\n\"apple\",\n\"pear\"\n]\n"))
        .hasMessageContaining("is JSON or YAML");
  }

  @Test
  void aFileThatIsMissingOrNotUtf8IsBadInput() throws Exception {
    Path latin = folder.resolve("latin.txt");
    Files.write(latin, "Café".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> LabelSet.load(latin.toString(), new Configuration()))
        .hasMessageContaining("not UTF-8");
    assertThatThrownBy(() -> LabelSet.load(folder.resolve("none").toString(), new Configuration()))
        .hasMessageContaining("no such file");
  }

  @Test
  void foldersAreSortedAndMayNotSayTheSame() {
    assertThat(LabelSet.fromFolders(List.of("b", "a_c", "a"), "x.zip").labels())
        .extracting(Label::name)
        .containsExactly("a", "a_c", "b");
    assertThatThrownBy(() -> LabelSet.fromFolders(List.of("é", "e\u0301"), "x.zip"))
        .hasMessageContaining("x.zip: folder");
  }

  @Test
  void jsonRoundTrip() throws Exception {
    LabelSet labels = load("red_square\ta \"flat\" shape\nCafé\n");
    assertThat(LabelSet.fromJson(labels.toJson(), "labels.json")).isEqualTo(labels);
    assertThatThrownBy(
            () -> LabelSet.fromJson("{\"labels\":[{\"id\":1,\"name\":\"x\"}]}", "l.json"))
        .hasMessageContaining("l.json: labels[0]");
    assertThatThrownBy(() -> LabelSet.fromJson("{", "l.json")).hasMessageContaining("not JSON");
  }

  @Test
  void numbersThatOnlyCountAreNotSaid() {
    LabelSet birds =
        LabelSet.fromFolders(List.of("001.Black_footed_Albatross", "002.Crow"), "folder");
    assertThat(birds.labels())
        .extracting(Label::text)
        .containsExactly("Black footed Albatross", "Crow");
    assertThat(birds.label(1).name()).isEqualTo("002.Crow");
    assertThat(birds.find("002.Crow")).contains(birds.label(1));
    assertThat(birds.find("crow")).contains(birds.label(1));
    assertThat(LabelSet.fromJson(birds.toJson(), "labels.json")).isEqualTo(birds);
    assertThat(LabelSet.parse(List.of("0 apple", "1 pear"), "file").label(0).text())
        .isEqualTo("apple");
  }

  @ParameterizedTest
  @CsvSource({
    "707-320, 727-200",
    "1 euro, 2 euro",
    "1 euro, 50 cent",
    "1. crow, jay",
    "3 way switch, 4 stroke engine"
  })
  void numbersThatSaySomethingStay(String first, String second) {
    LabelSet labels = LabelSet.fromFolders(List.of(first, second), "folder");
    assertThat(labels.labels()).extracting(Label::text).containsExactlyInAnyOrder(first, second);
  }
}
