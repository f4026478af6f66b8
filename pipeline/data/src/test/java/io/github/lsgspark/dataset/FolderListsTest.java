package io.github.lsgspark.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.dataset.layout.LeftOut;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders whose samples are labelled by lists in them, as the HuggingFace Hub serves them. */
class FolderListsTest {
  @TempDir Path folder;

  private void write(String path, String content) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private void samples(String... paths) throws IOException {
    for (String path : paths) {
      write(path, path);
    }
  }

  private Listed list(String more) {
    return new SourceListing(
            null,
            new Configuration(),
            SettingsLoader.parse("data.train = \"" + folder + "\"\n" + more).data())
        .list(folder.toString(), SampleTable.TRAIN, Set.of());
  }

  private void refused(String... messages) {
    assertThatThrownBy(() -> list(""))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.INPUT))
        .hasMessageContainingAll(messages);
  }

  @Test
  void listsInSplitFoldersNameTheirSamples() throws IOException {
    samples("train/1.png", "train/images/2.png", "train/3.png", "test/1.png", "test/4.png");
    write("train/metadata.csv", "file_name,label\n1.png,cat\nimages/2.png,dog\n3.png,\n");
    write("test/metadata.jsonl", "{\"file_name\": \"1.png\", \"label\": \"dog\"}\n");
    Listed listed = list("");
    assertThat(listed.entries())
        .extracting(SourceEntry::id, SourceEntry::label, SourceEntry::split)
        .containsExactly(
            tuple("test/1.png", "dog", "test"),
            tuple("train/1.png", "cat", "train"),
            tuple("train/3.png", "", "unlabelled"),
            tuple("train/images/2.png", "dog", "train"));
    assertThat(listed.leftOut())
        .filteredOn(LeftOut::sample)
        .extracting(LeftOut::id, LeftOut::reason)
        .containsExactly(tuple("test/4.png", LeftOut.Reason.NOT_IN_LIST));
  }

  @Test
  void oneListMayNameAllSplits() throws IOException {
    samples("data/train/1.png", "data/test/2.png", "data/3.png");
    write(
        "metadata.csv",
        "file_name,label,split\ndata/train/1.png,cat,\ndata/test/2.png,dog,\ndata/3.png,dog,validation\n");
    assertThat(list("").entries())
        .extracting(SourceEntry::id, SourceEntry::split)
        .containsExactly(
            tuple("data/3.png", "validation"),
            tuple("data/test/2.png", "test"),
            tuple("data/train/1.png", "train"));
  }

  @Test
  void classFoldersGoFirstWhereTheListAgrees() throws IOException {
    samples("train/cat/1.png", "train/dog/2.png", "test/cat/3.png");
    write("train/metadata.csv", "file_name,text\ncat/1.png,a cat\n");
    assertThat(list("").entries())
        .extracting(SourceEntry::label)
        .containsExactly("cat", "cat", "dog");
    write("train/metadata.csv", "file_name,label\ncat/1.png,0\ndog/2.png,1\n");
    assertThat(list("").entries())
        .extracting(SourceEntry::label)
        .containsExactly("cat", "cat", "dog");
    write("train/metadata.csv", "file_name,label\ncat/1.png,0\ndog/2.png,0\n");
    refused("by train/metadata.csv, but not by its folders", "data.layout");
    assertThat(list("data.layout = splits").entries()).hasSize(3);
  }

  @Test
  void aListWithoutLabelsIsNamed() throws IOException {
    samples("train/1.png", "train/2.png");
    write("train/metadata.csv", "file_name,text\n1.png,a cat\n");
    refused("without class folders", "train/metadata.csv:1", "data.columns.label");
  }
}
