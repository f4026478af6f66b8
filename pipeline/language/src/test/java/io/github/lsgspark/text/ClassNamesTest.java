package io.github.lsgspark.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClassNamesTest {
  private static LabelSet named(String file, String content, String... folders) {
    return new ClassNames(NameTable.parse(content, file), file)
        .of(LabelSet.fromFolders(List.of(folders), "photos"));
  }

  private static List<String> names(LabelSet labels) {
    return labels.labels().stream().map(Label::name).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "classes.tsv|n01440764\ttench\nn01443537\tgoldfish\n",
        "classes.tsv|\uFEFFfolder\tname\r\nn01443537\tgoldfish\r\nn01440764\ttench\r\n",
        "classes.csv|wnid,name\nn01440764,tench\n\"n01443537\",\"goldfish\"\n",
        "classes.csv|n01440764;tench\nn01443537;goldfish\n",
        "words.txt|n00000001\tentity\nn01440764\ttench, Tinca tinca\nn01443537\tgoldfish\n",
        "synset_words.txt|n01440764 tench, Tinca tinca\nn01443537 goldfish, Carassius auratus\n",
        "index.json|{\"0\": [\"n01440764\", \"tench\"], \"1\": [\"n01443537\", \"goldfish\"]}",
        "map.json|{\"n01440764\": \"tench\", \"n01443537\": \"goldfish\"}"
      })
  void synsetsAreCalledByTheirFirstName(String file) {
    String[] parts = file.split("\\|", 2);
    LabelSet labels = named(parts[0], parts[1], "n01443537", "n01440764");
    assertThat(names(labels)).containsExactly("tench", "goldfish");
    assertThat(labels.label(0).text()).isEqualTo("tench");
    // Samples still lie in their folders.
    assertThat(labels.find("n01440764")).map(Label::id).contains(0);
    assertThat(labels.find("n01443537")).map(Label::name).contains("goldfish");
    LabelSet again = LabelSet.fromJson(labels.toJson(), "labels.json");
    assertThat(again).isEqualTo(labels);
    assertThat(again.find("n01443537")).map(Label::name).contains("goldfish");
  }

  @Test
  void otherWordsOfASynsetDescribeIt() {
    LabelSet labels =
        named(
            "words.txt",
            "n01440764\ttench, Tinca tinca\nn01443537\tgoldfish\n",
            "n01440764",
            "n01443537");
    assertThat(labels.labels()).extracting(Label::description).containsExactly("Tinca tinca", "");
    labels = named("c.tsv", "0\tcat\ta pet\n1\tdog\n", "0", "1");
    assertThat(labels.labels()).extracting(Label::description).containsExactly("a pet", "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "names.txt|aeroplane\nautomobile\nbird\n",
        "names.txt|0 aeroplane\n1 automobile\n2 bird\n",
        "names.txt|2: bird\n1: automobile\n0: aeroplane\n",
        "names.csv|0,aeroplane\n1,automobile\n2,bird\n",
        "id2label.json|{\"0\": \"aeroplane\", \"1\": \"automobile\", \"2\": \"bird\"}",
        "config.json|{\"id2label\": {\"0\": \"aeroplane\", \"1\": \"automobile\", \"2\": \"bird\"},"
            + " \"label2id\": {\"x\": 0}}",
        "label2id.json|{\"bird\": 2, \"automobile\": 1, \"aeroplane\": 0}",
        "list.json|[\"aeroplane\", \"automobile\", \"bird\"]"
      })
  void numbersAreCalledByTheirLine(String file) {
    String[] parts = file.split("\\|", 2);
    assertThat(names(named(parts[0], parts[1], "0", "1", "2")))
        .containsExactly("aeroplane", "automobile", "bird");
    assertThat(names(named(parts[0], parts[1], "02", "00"))).containsExactly("aeroplane", "bird");
  }

  @Test
  void numbersKeepTheirOrderAndMayBeginAtOne() {
    String twelve =
        String.join(
            "\n", IntStream.range(0, 12).mapToObj(i -> "kind " + (char) ('a' + i)).toList());
    String[] fromOne =
        IntStream.rangeClosed(1, 12).mapToObj(String::valueOf).toArray(String[]::new);
    assertThat(names(named("n.txt", twelve, fromOne))).startsWith("kind a", "kind b").hasSize(12);
    assertThat(names(named("n.txt", twelve, "9", "10", "2")))
        .containsExactly("kind c", "kind j", "kind k");
    assertThatThrownBy(() -> named("n.txt", twelve, "0", "12"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("has 12 names, one a line, but there is a class 12");
  }

  @Test
  void classesOfOneNameStayApart() {
    LabelSet labels =
        named(
            "words.txt",
            "n02012849\tcrane\nn03126707\tcrane\nn03710637\tmaillot\n"
                + "n03710721\tmaillot, tank suit\nn01440764\ttench\n",
            "n01440764",
            "n02012849",
            "n03126707",
            "n03710637",
            "n03710721");
    assertThat(names(labels))
        .containsExactly(
            "tench", "crane (n02012849)", "crane (n03126707)", "maillot", "maillot, tank suit");
    assertThat(labels.find("n03126707")).map(Label::id).contains(2);
  }

  @Test
  void aFileForOtherClassesIsRefusedAndAFewWithoutANameKeepTheirs() {
    assertThatThrownBy(() -> named("c.tsv", "cat\tCat\n", "n01440764", "n01443537", "cat"))
        .isInstanceOfSatisfying(LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(3))
        .hasMessageContaining("c.tsv has no name for 2 of 3 classes: n01440764, n01443537");
    assertThat(names(named("c.tsv", "0\tzero\n1\tone\n", "0", "1", "background")))
        .containsExactly("zero", "one", "background");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "c.tsv  | 0\\tcat\\n1\\t\\n      | c.tsv:2: no name for the class \"1\"",
        "c.tsv  | 0\\tcat\\n0\\tdog\\n   | c.tsv:2: the class \"0\" has two names",
        "c.tsv  | 0\\tcat\\ndog\\n       | c.tsv:2: needs a folder or label and a name",
        "c.json | {\"0\": {\"a\": 1}}    | the name of \"0\" is no text",
        "c.json | {\"0\":                | is not JSON",
        "c.yaml | names:\\n  0: cat\\n     | is YAML, which is not read",
        "c.txt  | \\n                    | holds no names"
      })
  void brokenFilesAreNamed(String file, String content, String message) {
    assertThatThrownBy(
            () -> named(file, content.replace("\\n", "\n").replace("\\t", "\t"), "0", "1"))
        .isInstanceOfSatisfying(LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(3))
        .hasMessageContaining(message);
  }

  @Test
  void numbersAndCodesAreWarnedAbout() {
    assertThat(ClassNames.warning(LabelSet.of(List.of("0", "1", "10"))))
        .hasValueSatisfying(
            text -> assertThat(text).contains("3 of 3 class names", "0, 1, 10", "labels.names"));
    assertThat(ClassNames.warning(LabelSet.of(List.of("n01440764", "n01443537")))).isPresent();
    assertThat(ClassNames.warning(LabelSet.of(List.of("class_0", "class_1")))).isPresent();
    assertThat(ClassNames.warning(LabelSet.of(List.of("0.0", "1.0", "-1")))).isPresent();
    assertThat(ClassNames.warning(LabelSet.of(List.of("747-400", "A320", "Boeing 717")))).isEmpty();
    assertThat(ClassNames.warning(LabelSet.of(List.of("red fox", "9", "blue jay")))).isEmpty();
  }

  @Test
  void aLabelsFileMayBeACsvWithAHeader() {
    String file = "labels.csv";
    LabelSet labels =
        LabelSet.parse(List.of("name,description", "red fox,x", "\"a, b\",\"y, z\""), file);
    assertThat(labels.labels())
        .containsExactly(
            new Label(0, "red fox", "red fox", "x"), new Label(1, "a, b", "a, b", "y, z"));
    // In other files a comma is part of the name.
    assertThat(names(LabelSet.parse(List.of("tench, Tinca tinca", "cat"), "labels.txt")))
        .containsExactly("tench, Tinca tinca", "cat");
  }
}
