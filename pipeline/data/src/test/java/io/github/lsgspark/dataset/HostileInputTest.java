package io.github.lsgspark.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.dataset.image.ImageDecoder;
import io.github.lsgspark.dataset.image.TestImages;
import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.dataset.modality.UnreadableSampleException.Reason;
import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.text.LabelSet;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pictures, archives and class names made to do harm; docs/security.md has the table. */
class HostileInputTest {
  private static SparkSession spark;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    spark = LocalSpark.session();
  }

  private Map<String, Object> prepare(Path source, String more) {
    String settings = "data.train = \"" + source + "\", prepare.partitions = 2\n" + more;
    return PrepareStage.run(
        spark, SettingsLoader.parse(settings), folder.resolve("out").toString());
  }

  private void refused(Path source, String more, String... message) {
    assertThatThrownBy(() -> prepare(source, more))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.INPUT))
        .hasMessageContainingAll(message);
  }

  /** Everything below the test's folder. */
  private List<Path> files() throws Exception {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../evil.png",
        "train/cat/../../../evil.png",
        "/train/cat/evil.png",
        "..\\..\\evil.png",
        "C:\\train\\cat\\evil.png"
      })
  void namesThatLeadOutOfAZipAreRefused(String name) throws Exception {
    Path zip = folder.resolve("data.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      for (String entry : new String[] {"train/cat/1.png", "test/cat/1.png", name}) {
        out.putNextEntry(new ZipEntry(entry));
        out.write(TestImages.gradient(8, 8, "png"));
      }
    }
    refused(zip, "", "data.zip", "evil.png", "leaves the root");
    assertThat(files()).containsExactly(zip);
  }

  private Path tar(String name, long bytes) throws Exception {
    Path tar = Files.createDirectories(folder.resolve("data")).resolve("cifar-100-binary.tar.gz");
    try (OutputStream zipped = new GZIPOutputStream(Files.newOutputStream(tar));
        TarArchiveOutputStream out = new TarArchiveOutputStream(zipped)) {
      TarArchiveEntry entry = new TarArchiveEntry(name, true);
      entry.setSize(bytes);
      out.putArchiveEntry(entry);
      byte[] zeros = new byte[1 << 20];
      for (long written = 0; written < bytes; written += zeros.length) {
        out.write(zeros, 0, (int) Math.min(zeros.length, bytes - written));
      }
      out.closeArchiveEntry();
    }
    return tar;
  }

  @Test
  void namesThatLeadOutOfATarAreRefused() throws Exception {
    Path tar = tar("../../evil.bin", 10);
    refused(
        tar.getParent(), "data.format = cifar-100", "cifar-100-binary.tar.gz", "leaves the root");
    assertThat(files()).containsExactly(tar);
  }

  @Test
  void anArchiveMadeToFillTheDiskIsRefused() throws Exception {
    Path tar = tar("cifar-100-binary/train.bin", 300L << 20);
    assertThat(Files.size(tar)).isLessThan(1 << 20);
    refused(
        tar.getParent(),
        "data.format = cifar-100",
        "unpacks to more than 100 times its size, at cifar-100-binary/train.bin");
    assertThat(files()).containsExactly(tar);
  }

  /** A member of zeros, a thousandth of its size in the archive. */
  @Test
  void aZipMemberThatUnpacksTooFarIsSetAside() throws Exception {
    Path zip = folder.resolve("data.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      for (String entry : new String[] {"train/cat/1.png", "train/dog/1.png", "test/cat/1.png"}) {
        out.putNextEntry(new ZipEntry(entry));
        out.write(TestImages.gradient(8, 8, "png"));
      }
      out.putNextEntry(new ZipEntry("train/cat/bomb.png"));
      for (int i = 0; i < 8; i++) {
        out.write(new byte[1 << 20]);
      }
    }
    Map<String, Object> metrics =
        prepare(zip, "prepare { max-file-bytes = 1048576, max-bad-fraction = 0.5 }");
    assertThat(metrics.get("rejected")).isEqualTo(Map.of("TOO_MANY_BYTES", 1L));
  }

  /** A header that claims a picture of this width and height. */
  private static byte[] bomb(String format, int side) throws Exception {
    byte[] file = TestImages.gradient(8, 8, format);
    ByteBuffer bytes = ByteBuffer.wrap(file);
    if (format.equals("png")) {
      bytes.putInt(16, side).putInt(20, side);
      CRC32 crc = new CRC32();
      crc.update(file, 12, 17);
      bytes.putInt(29, (int) crc.getValue());
    } else {
      int frame = 0;
      while (file[frame] != (byte) 0xFF || file[frame + 1] != (byte) 0xC0) {
        frame++;
      }
      bytes.putShort(frame + 5, (short) side).putShort(frame + 7, (short) side);
    }
    return file;
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg"})
  void aHeaderOfTenThousandMegapixelsTakesNoMemory(String format) throws Exception {
    int side = format.equals("jpg") ? 65_500 : 100_000;
    byte[] bomb = bomb(format, side);
    ImageDecoder decoder = new ImageDecoder(1 << 26, 100_000_000, 0);
    assertThatThrownBy(() -> decoder.decode(bomb))
        .isInstanceOfSatisfying(
            UnreadableSampleException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.TOO_MANY_PIXELS))
        .hasMessageContaining(side + " x " + side);
  }

  @Test
  void aPixelBombIsSetAsideAndTheRestIsUsed() throws Exception {
    for (String split : new String[] {"train", "test"}) {
      Path pictures = Files.createDirectories(folder.resolve("data/" + split + "/cat"));
      Files.write(pictures.resolve("1.png"), TestImages.gradient(8, 8, "png"));
      Files.write(pictures.resolve("2.png"), TestImages.gradient(8, 8, "png"));
    }
    Path dogs = Files.createDirectories(folder.resolve("data/train/dog"));
    Files.write(dogs.resolve("1.png"), TestImages.gradient(9, 8, "png"));
    Files.write(folder.resolve("data/train/cat/bomb.png"), bomb("png", 100_000));
    Map<String, Object> metrics = prepare(folder.resolve("data"), "prepare.max-bad-fraction = 0.5");
    assertThat(metrics.get("rejected")).isEqualTo(Map.of("TOO_MANY_PIXELS", 1L));
    assertThat(metrics.get("splits")).isEqualTo(Map.of("train", 3L, "test", 2L));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cat\ndog", "cat\u001b[31m", "cat\tdog", "cat\u0000"})
  void classNamesThatEndLinesOrRuleTerminalsAreRefused(String name) {
    assertThatThrownBy(() -> LabelSet.fromFolders(List.of("bird", name), "data"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("holds a control character")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContainPattern("\\p{Cntrl}"));
  }

  @Test
  void quotesMarkupAndShellWordsInClassNamesAreWords() {
    List<String> names =
        List.of("\"cat\"", "<script>alert(1)</script>", "$(touch x)", "a'; drop table--", "${x}");
    assertThat(LabelSet.of(names).labels()).extracting(label -> label.text()).isEqualTo(names);
  }
}
