package io.github.lsgspark.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.lsgspark.config.ColumnSettings;
import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.layout.LeftOut;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lists as Kaggle, the Hub, spreadsheets and other machines write them. */
class ListFormsTest {
  @TempDir Path folder;

  private void files(String... names) throws IOException {
    for (String name : names) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.createFile(file);
    }
  }

  private ListFile list() {
    return new ListFile(new Configuration(), "", ColumnSettings.USUAL, Modality.IMAGE);
  }

  private List<SourceEntry> read(String name, String content) throws IOException {
    return list()
        .read(Files.writeString(folder.resolve(name), content).toString(), SampleTable.TRAIN);
  }

  private void refused(String name, String content, String... messages) {
    assertThatThrownBy(() -> read(name, content))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.INPUT))
        .hasMessageContainingAll(messages);
  }

  @Test
  void objectsOfJsonAreLines() throws IOException {
    String lines =
        """
        {"file_name": "1.jpg", "label": "cat", "box": [1, 2], "width": 3}

        {"label": 7, "file_name": "a b/2.jpg", "split": null}
        {"file_name": "3.jpg", "label": null}
        """;
    for (String name : List.of("metadata.jsonl", "list.txt")) {
      assertThat(read(name, lines))
          .extracting(SourceEntry::id, SourceEntry::label, SourceEntry::split)
          .containsExactly(
              tuple("1.jpg", "cat", "train"),
              tuple("a b/2.jpg", "7", "train"),
              tuple("3.jpg", "", "unlabelled"));
    }
    assertThat(read("l.json", "[\n{\"path\": \"1.jpg\", \"class\": \"x\"}]"))
        .extracting(SourceEntry::id, SourceEntry::label)
        .containsExactly(tuple("1.jpg", "x"));
  }

  @Test
  void otherJsonIsRefused() {
    refused(
        "a.jsonl", "{\"path\": \"1.jpg\", \"label\": \"x\"}\n[1]\n", "a.jsonl:2", "no JSON object");
    refused("b.json", "{\n \"images\": []\n}", "b.json:1", "no JSON object");
    refused(
        "c.json", "{\"images\": [], \"info\": 1}", "no column is called path", "data.columns.path");
    refused("d.jsonl", "{\"path\": \"1.jpg\", \"label\": [1, 2]}", "data.columns.label");
  }

  @ParameterizedTest
  @CsvSource({"'id,label'", "'image_id,breed'", "'Image,Class ID'", "'name,target'"})
  void namesWithoutEndingsMeanTheOneFileOfThatName(String header) throws IOException {
    files("a1.jpg", "a1.txt", "b.2.png", "twice.jpg", "twice.png", "own");
    assertThat(read("l.csv", header + "\na1,x\nb.2,y\ntwice,x\nown,y\nnone,y\n"))
        .extracting(SourceEntry::id)
        .containsExactly("a1.jpg", "b.2.png", "twice", "own", "none");
  }

  /** A column alone may be called by a weaker name: nothing else can be meant. */
  @Test
  void theHeaderOfTheOnlyColumnIsNoSample() throws IOException {
    files("a1.jpg", "b.jpg");
    assertThat(
            list()
                .readFlat(
                    Files.writeString(folder.resolve("l.csv"), "image_id\na1\nb.jpg\n").toString(),
                    SampleTable.UNLABELLED))
        .extracting(SourceEntry::id)
        .containsExactly("a1.jpg", "b.jpg");
  }

  @Test
  void otherUnicodeFormsAreBridgedWhereOneFileIsMeant() throws IOException {
    String composed = Normalizer.normalize("K\u00f6ln.jpg", Normalizer.Form.NFC);
    String other = Normalizer.normalize("Z\u00fcrich.jpg", Normalizer.Form.NFC);
    files("a/" + Normalizer.normalize(composed, Normalizer.Form.NFD));
    files("a/" + other, "a/" + Normalizer.normalize(other, Normalizer.Form.NFD));
    assertThat(read("l.csv", "path,label\na/" + composed + ",x\na/" + other + ",y\n"))
        .extracting(SourceEntry::id)
        .containsExactly("a/" + Normalizer.normalize(composed, Normalizer.Form.NFD), "a/" + other);
  }

  @Test
  void colonsInNamesAreNoDrives() throws IOException {
    files("a:b.jpg", "c:d/e.jpg", "10:30/1.jpg");
    assertThat(read("l.csv", "path,label\na:b.jpg,x\nc:d/e.jpg,y\n"))
        .extracting(SourceEntry::id)
        .containsExactly("a:b.jpg", "c:d/e.jpg");
    // The folder of a list is this machine's, whatever it is called.
    assertThat(read("10:30/l:1.csv", "id,label\n1,x\n"))
        .extracting(SourceEntry::id)
        .containsExactly("1.jpg");
  }

  @Test
  void whatTheListLeavesOutIsTold() throws IOException {
    files("i/1.jpg", "i/2.jpg", "i/3.jpg", "i/notes.txt", "j/4.jpg", "5.jpg");
    Files.writeString(folder.resolve("l.csv"), "path,label\ni/1.jpg,x\ni/3.jpg,y\n");
    ListFile list = list();
    list.read(folder.resolve("l.csv").toString(), SampleTable.TRAIN);
    assertThat(list.unnamed())
        .extracting(LeftOut::id, LeftOut::reason, LeftOut::sample)
        .containsExactly(tuple("i/2.jpg", LeftOut.Reason.NOT_IN_LIST, false));
  }

  @Test
  void aSpreadsheetsFirstLineIsNone() throws IOException {
    assertThat(read("l.csv", "sep=;\r\npath;label\r\n1.jpg;x\r\n"))
        .extracting(SourceEntry::id, SourceEntry::label)
        .containsExactly(tuple("1.jpg", "x"));
  }

  @Test
  void aListOfNoFileThatIsThereNamesWhereTheyAre() throws IOException {
    files("images/1.jpg", "other/2.jpg");
    List<SourceEntry> entries = read("l.csv", "path,label\n1.jpg,x\n2.jpg,y\n");
    assertThatThrownBy(() -> list().requireSome(folder.resolve("l.csv").toString(), entries))
        .isInstanceOf(LsgException.class)
        .hasMessageContainingAll("none of its 2 files is there", "data.root", "/images");
    List<SourceEntry> there = read("m.csv", "path,label\nimages/1.jpg,x\n9.jpg,y\n");
    list().requireSome(folder.resolve("m.csv").toString(), there);
  }
}
