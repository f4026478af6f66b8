package io.github.lsgspark.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.dataset.layout.LeftOut;
import io.github.lsgspark.testing.LocalSpark;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No sample of a source is in two splits, and a source without what a run needs is refused. */
class SourceSplitsTest {
  private static SparkSession spark;

  @TempDir Path folder;
  private SmallSources sources;

  @BeforeAll
  static void start() {
    spark = LocalSpark.session();
  }

  @BeforeEach
  void makeSources() {
    sources = new SmallSources(spark, folder);
  }

  @Test
  void noFileIsInTwoSplits() throws Exception {
    sources.write("train/ant/1.jpg", "train/bee/2.jpg", "test/ant/3.jpg", "test/bee/5.jpg");
    Files.createSymbolicLink(folder.resolve("test/bee/4.jpg"), folder.resolve("train/bee/2.jpg"));
    sources.refused(folder, "", "same file", "test/bee/4.jpg", "data.train", "data.test");
    Files.delete(folder.resolve("test/bee/4.jpg"));
    String train = "data.test = \"" + folder.resolve("train") + "\"";
    sources.refused(folder.resolve("train"), train, "2 files are in two splits", "data.test = ");
  }

  @Test
  void validationBecomesTheTestSplitByAKey() throws Exception {
    sources.write(
        "train/ant/1.jpg", "train/bee/2.jpg", "val/ant/3.jpg", "val/bee/4.jpg", "test/5.jpg");
    sources.refused(
        folder, "", "validation (2 samples)", "data.test-split = validation", "NO_CLASS_FOLDER");
    String inside = "data.test = \"" + folder.resolve("val") + "\"";
    sources.refused(folder, inside, "same file", "data.test-split = validation");
    assertThat(SmallSources.counts(sources.all(folder, "data.test-split = validation").entries()))
        .isEqualTo(Map.of("train/ant", 1L, "train/bee", 1L, "test/ant", 1L, "test/bee", 1L));
  }

  @Test
  void aTestSplitAloneIsRefused() throws IOException {
    sources.write("d/test/cat/1.jpg", "d/test/dog/1.jpg");
    sources.refused(
        folder.resolve("d"), "", "no training samples with a label", "test (2 samples)");
  }

  @Test
  void pipesArchivesAndTwoNamesOfOneZipAreRefused() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    sources.refused(pipe, "", "is a pipe, socket or device");
    byte[] tar = new byte[1024];
    System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);
    sources.refused(Files.write(folder.resolve("d.tar"), tar), "", "is a tar archive", "unpack");
    Path zip = folder.resolve("d.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      for (String name : List.of("cat/1.jpg", "dog/1.jpg")) {
        out.putNextEntry(new ZipEntry(name));
        out.closeEntry();
      }
    }
    Path here = Path.of("").toAbsolutePath().relativize(zip);
    sources.refused(here, "data.test = \"./" + here + "\"", "in two splits");
  }

  @Test
  void whatOneListLeavesOutTheOtherMayName() throws IOException {
    sources.write("i/1.jpg", "i/2.jpg", "i/3.jpg", "i/4.jpg");
    Files.writeString(folder.resolve("train.csv"), "path,label\ni/1.jpg,x\ni/2.jpg,y\n");
    Files.writeString(folder.resolve("test.csv"), "path,label\ni/3.jpg,x\n");
    Listed listed =
        sources.all(
            folder.resolve("train.csv"), "data.test = \"" + folder.resolve("test.csv") + "\"");
    assertThat(listed.entries()).hasSize(3);
    assertThat(listed.leftOut()).extracting(LeftOut::id).containsExactly("i/4.jpg");
  }
}
