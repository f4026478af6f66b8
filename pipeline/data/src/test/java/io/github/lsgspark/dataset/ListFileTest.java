package io.github.lsgspark.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.lsgspark.config.ColumnSettings;
import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.LsgException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of samples as text: what is read from them, and what is refused by list and line. */
class ListFileTest {
  private static final Map<String, String> SPLITS =
      Map.of("train", "train", "test", "test", "val", "validation");

  @TempDir Path folder;

  private void files(String... names) throws IOException {
    for (String name : names) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      if (!Files.exists(file)) {
        Files.createFile(file);
      }
    }
  }

  private Path write(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private List<SourceEntry> read(String name, String content) throws IOException {
    return read(name, content, ColumnSettings.USUAL);
  }

  private List<SourceEntry> read(String name, String content, ColumnSettings columns)
      throws IOException {
    return new ListFile(new Configuration(), "", columns, Modality.IMAGE)
        .read(write(name, content).toString(), "train", SPLITS);
  }

  private List<String> flat(String name, String content) throws IOException {
    List<SourceEntry> entries =
        new ListFile(new Configuration(), "").readFlat(write(name, content).toString(), "x");
    assertThat(entries).extracting(SourceEntry::label).containsOnly("");
    return entries.stream().map(SourceEntry::id).toList();
  }

  private AbstractThrowableAssert<?, ?> refused(String name, String content) {
    return assertThatThrownBy(() -> read(name, content))
        .isInstanceOfSatisfying(LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(3));
  }

  private static Map<String, String> labels(List<SourceEntry> entries) {
    Map<String, String> labels = new LinkedHashMap<>();
    entries.forEach(entry -> labels.put(entry.id(), entry.label()));
    return labels;
  }

  /** What goes into a list comes out of it, whatever it is separated by and whatever is beside. */
  @Test
  void listsOfEveryKindAreReadAsTheyWereWritten() throws IOException {
    Random random = new Random(24);
    for (int round = 0; round < 150; round++) {
      ListWriter writer = new ListWriter(random);
      Map<String, String> samples = writer.samples();
      files(samples.keySet().toArray(String[]::new));
      String text = writer.text(samples);
      assertThat(labels(read(writer.name(), text)))
          .as("round %d, %s:%n%s", round, writer.name(), text)
          .isEqualTo(samples);
      assertThat(flat(writer.name(), text))
          .as("flat, round %d, %s:%n%s", round, writer.name(), text)
          .containsExactlyElementsOf(samples.keySet());
    }
  }

  @Test
  void theLongestBeginningThatIsAFileIsThePath() throws IOException {
    files("my photo 1", "my photo 1 old.jpg", "my photo 1 old.jpg copy", "b c/d.jpg");
    files("12:00 a.jpg", "ab:c/#1 {x}* 50%.jpg");
    List<SourceEntry> entries =
        read(
            "list.txt",
            "my photo 1 red fox\n"
                + "my photo 1 old.jpg red fox\n"
                + "my photo 1 old.jpg copy red fox\n"
                + "b c/d.jpg   green frog\n"
                + "12:00 a.jpg red fox\n"
                + "ab:c/#1 {x}* 50%.jpg red fox\n"
                + "gone far.jpg red fox\n"
                + "# a remark\n");
    assertThat(entries)
        .extracting(SourceEntry::id, SourceEntry::label)
        .containsExactly(
            tuple("my photo 1", "red fox"),
            tuple("my photo 1 old.jpg", "red fox"),
            tuple("my photo 1 old.jpg copy", "red fox"),
            tuple("b c/d.jpg", "green frog"),
            tuple("12:00 a.jpg", "red fox"),
            tuple("ab:c/#1 {x}* 50%.jpg", "red fox"),
            tuple("gone far.jpg", "red fox"));
  }

  @Test
  void listsOfBarePathsAreReadWithoutLabels() throws IOException {
    files("a b/1.jpg", "a b/2", "a,b.jpg", "a;b.jpg");
    assertThat(flat("l.txt", "a b/1.jpg\na b/2\ngone away.jpg\r\n"))
        .containsExactly("a b/1.jpg", "a b/2", "gone away.jpg");
    assertThat(flat("l.txt", "a,b.jpg\na;b.jpg\n")).containsExactly("a,b.jpg", "a;b.jpg");
    assertThat(flat("l.csv", "path\na b/1.jpg\n")).containsExactly("a b/1.jpg");
    assertThat(flat("l.csv", "id,image,width\n7,a b/1.jpg,9\n")).containsExactly("a b/1.jpg");
    refused("l.txt", "a b/1.jpg\na b/2\n")
        .hasMessageContaining("l.txt:1: needs a path and a label");
    refused("l.csv", "path\na b/1.jpg\n")
        .hasMessageContaining("l.csv:1: no column is called label");
    refused("l.csv", "path,width\na.jpg,9\n").hasMessageContaining("data.columns.label");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "list.txt  | a.jpg fox\\nlonely\\n                  | list.txt:2: needs a path and a label",
        "list.csv  | a.jpg,fox\\nb.jpg\\n                   | list.csv:2: 1 column where",
        "list.csv  | a.jpg,fox\\n\"b.jpg,fox\\n             | list.csv:2: a quote is opened",
        "list.csv  | a.jpg,fox\\n\"b\"c.jpg,fox\\n          | list.csv:2: after a closing quote",
        "list.csv  | a.jpg,fox\\nb.jpg,a,b\\n               | list.csv:2: 3 columns where",
        "list.csv  | a.jpg,fox,1\\nb.jpg,jay,2\\n           | list.csv:1: 3 columns, and no header",
        "list.csv  | path,label\\na.jpg,fox\\n,jay\\n       | list.csv:3: no path",
        "list.csv  | path,label,class\\na.jpg,fox,jay\\n    | [label, class] may all hold the label",
        "list.csv  | path,label,split\\na.jpg,fox,dusk\\n   | list.csv:2: there is no split \"dusk\"",
        "list.txt  | a.jpg\\tfox\\na.jpg\\tjay\\n           | list.txt:2: a.jpg is listed twice",
        "list.txt  | s3a://bucket/a.jpg\\tfox\\n            | leaves the root",
        "list.txt  | C:\\\\a.jpg\\tfox\\n                   | leaves the root",
        "list.txt  | /etc/a.jpg\\tfox\\n                    | leaves the root"
      })
  void whatIsNotUnderstoodIsNamedByListAndLine(String name, String content, String message) {
    refused(name, content.replace("\\n", "\n").replace("\\t", "\t").replace("\\\\", "\\"))
        .hasMessageContaining(message);
  }

  @Test
  void headersTellPathLabelAndSplitAmongOtherColumns() throws IOException {
    List<SourceEntry> entries =
        read(
            "l.csv",
            "fold,Target,file_name,category,split\n1,0,a.wav,dog,train\n2,1,b.wav,cat,TEST\n"
                + "2,1,c.wav,,\n");
    assertThat(entries)
        .extracting(SourceEntry::id, SourceEntry::label, SourceEntry::split)
        .containsExactly(
            tuple("a.wav", "dog", "train"),
            tuple("b.wav", "cat", "test"),
            tuple("c.wav", "", "unlabelled"));
    ColumnSettings columns = new ColumnSettings("", "photo", "breed", "", "part", "");
    entries = read("l.tsv", "photo\tlabel\tbreed\tpart\na.jpg\tx\tpug\tval\n", columns);
    assertThat(entries)
        .extracting(SourceEntry::id, SourceEntry::label, SourceEntry::split)
        .containsExactly(tuple("a.jpg", "pug", "validation"));
    assertThatThrownBy(() -> read("l.tsv", "a.jpg\tpug\n", columns))
        .hasMessageContaining("data.columns.path = photo is no column");
    // A header of unknown words is none the less no sample.
    assertThat(labels(read("l.csv", "foto;soort\na.jpg;pug\nb.jpg;jay\n")))
        .isEqualTo(Map.of("a.jpg", "pug", "b.jpg", "jay"));
  }

  @Test
  void aLineOfTooManyCellsIsNamedInListsOfEveryName() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 12; i++) {
      lines.append("a b/").append(i).append(".jpg,red fox").append(i == 7 ? ",x" : "").append('\n');
    }
    refused("list.txt", lines.toString()).hasMessageContaining("list.txt:8: 3 columns where");
    assertThat(read("list.csv", "\n# nothing\n")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE"})
  void textOfWindowsIsRead(String encoding) throws IOException {
    byte[] content = "\uFEFFa.jpg\tblå\r\n".getBytes(Charset.forName(encoding));
    Path list = Files.write(folder.resolve("l.txt"), content);
    assertThat(labels(new ListFile(new Configuration(), "").read(list.toString(), "train")))
        .isEqualTo(Map.of("a.jpg", "blå"));
    Files.write(list, "a.jpg\tblå".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> new ListFile(new Configuration(), "").read(list.toString(), "train"))
        .hasMessageContaining("l.txt: is not UTF-8 text");
  }

  @Test
  void pathsFromTheRootOfTheFileSystemAndNamesWithAColonAreTakenBelowTheRoot() throws IOException {
    String list = folder + "/x/1.jpg\tfox\n2023-01-01T12:00:00.jpg\tjay\n./y/../z.jpg\tjay\n";
    assertThat(read("l.txt", list))
        .extracting(SourceEntry::id)
        .containsExactly("x/1.jpg", "2023-01-01T12:00:00.jpg", "z.jpg");
  }

  @Test
  void farStorageIsListedByFolderAndNotAskedForEachLine() throws IOException {
    Configuration hadoop = new Configuration();
    hadoop.setClass("fs.far.impl", Far.class, org.apache.hadoop.fs.FileSystem.class);
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      files("red fox/photo " + i + ".jpg");
      lines.append("red fox/photo ").append(i).append(".jpg red fox\n");
    }
    for (int i = 0; i < 300; i++) {
      lines.append("later ").append(i).append("/photo 1.jpg red fox\n");
    }
    write("l.txt", lines.toString());
    Far.ASKED.clear();
    List<SourceEntry> entries = new ListFile(hadoop, "").read("far:" + folder + "/l.txt", "train");
    assertThat(entries).hasSize(600).allMatch(entry -> entry.label().equals("red fox"));
    assertThat(Far.ASKED).hasSizeLessThan(10).doesNotHaveDuplicates();
  }

  /** Local files under another scheme, which notes the folders that are listed. */
  public static final class Far extends RawLocalFileSystem {
    static final List<String> ASKED = new CopyOnWriteArrayList<>();

    @Override
    public URI getUri() {
      return URI.create("far:///");
    }

    @Override
    public String getScheme() {
      return "far";
    }

    @Override
    public FileStatus[] listStatus(org.apache.hadoop.fs.Path path) throws IOException {
      ASKED.add(path.toString());
      return super.listStatus(path);
    }
  }
}
