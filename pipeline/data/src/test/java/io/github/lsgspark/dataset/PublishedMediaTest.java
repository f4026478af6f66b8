package io.github.lsgspark.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.published.PublishedData;
import io.github.lsgspark.dataset.published.PublishedSample;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sounds and videos as their authors publish them: lists, folds and splits. */
class PublishedMediaTest {
  @TempDir Path folder;
  private Path root;
  private ScratchPacks scratch;

  @BeforeEach
  void start() throws IOException {
    root = Files.createDirectories(folder.resolve("data"));
    scratch = new ScratchPacks(folder.resolve("scratch").toString(), new Configuration());
  }

  @AfterEach
  void stop() {
    scratch.close();
  }

  private PublishedData read(String format, int fold, String where) {
    return PublishedData.read(
        format, fold, folder.resolve(where).toString(), new Configuration(), scratch);
  }

  private void write(String name, String content) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  /** Splits to the names of their samples. */
  private static Map<String, List<String>> splits(PublishedData data) {
    Map<String, List<String>> splits = new TreeMap<>();
    data.samples()
        .forEach(
            sample ->
                splits.merge(
                    sample.split(),
                    List.of(sample.id() + " = " + sample.label()),
                    (a, b) -> java.util.stream.Stream.concat(a.stream(), b.stream()).toList()));
    return splits;
  }

  private void esc() throws IOException {
    write(
        "ESC-50-master/meta/esc50.csv",
        """
        filename,fold,target,category,esc10,src_file,take
        1-100-A-0.wav,1,0,dog,True,100,A
        1-101-A-14.wav,1,14,chirping_birds,False,101,A
        2-102-A-12.wav,2,12,crackling_fire,True,102,A
        2-103-B-0.wav,2,0,dog,True,103,B
        """);
    write("ESC-50-master/audio/1-100-A-0.wav", "one");
  }

  @Test
  void escHasFoldsAndItsTenClasses() throws IOException {
    esc();
    PublishedData all = read("esc-50", 1, "data");
    assertThat(all.classes()).containsExactly("dog", "crackling fire", "chirping birds");
    assertThat(splits(all))
        .isEqualTo(
            Map.of(
                "test",
                List.of("audio/1-100-A-0.wav = dog", "audio/1-101-A-14.wav = chirping birds"),
                "train",
                List.of("audio/2-102-A-12.wav = crackling fire", "audio/2-103-B-0.wav = dog")));
    PublishedData ten = read("esc-10", 2, "data");
    assertThat(ten.classes()).containsExactly("dog", "crackling fire");
    assertThat(splits(ten).get("train")).containsExactly("audio/1-100-A-0.wav = dog");
    assertThatThrownBy(() -> read("esc-50", 6, "data"))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.USAGE))
        .hasMessageContaining("data.fold = 6")
        .hasMessageContaining("[1, 2]");
  }

  @Test
  void escComesAsTheZipThatIsDownloaded() throws IOException {
    esc();
    Path zip = folder.resolve("ESC-50-master.zip");
    try (OutputStream out = Files.newOutputStream(zip);
        ZipOutputStream archive = new ZipOutputStream(out);
        var files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        archive.putNextEntry(new ZipEntry(root.relativize(file).toString()));
        archive.write(Files.readAllBytes(file));
        archive.closeEntry();
      }
    }
    PublishedData packed = read("esc-50", 1, "ESC-50-master.zip");
    assertThat(splits(packed)).isEqualTo(splits(read("esc-50", 1, "data")));
    PublishedSample first = packed.samples().get(0);
    assertThat(first.place()).isInstanceOf(PublishedSample.InScratch.class);
    try (InputStream in = scratch.open(((PublishedSample.InScratch) first.place()).piece())) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("one");
    }
    assertThat(packed.samples().get(1).place()).isInstanceOf(PublishedSample.Missing.class);
    byte[] half = java.util.Arrays.copyOf(Files.readAllBytes(zip), 60);
    Files.write(zip, half);
    assertThatThrownBy(() -> read("esc-50", 1, "ESC-50-master.zip"))
        .hasMessageContaining("cannot be unpacked");
  }

  @Test
  void aLineThatIsWrongIsNamed() throws IOException {
    write("meta/esc50.csv", "filename,fold,target,category,esc10\na.wav,one,0,dog,True\n");
    assertThatThrownBy(() -> read("esc-50", 1, "data"))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.INPUT))
        .hasMessageContaining("esc50.csv:2: must have a number as fold");
    write("meta/esc50.csv", "filename,fold\na.wav,1\n");
    assertThatThrownBy(() -> read("esc-50", 1, "data"))
        .hasMessageContaining("esc50.csv:1: must name the columns");
  }

  private void words() throws IOException {
    for (String name : List.of("yes/a.wav", "yes/b.wav", "no/a.wav", "no/c.wav", "no/d.wav")) {
      write(name, name);
    }
    write("_background_noise_/pink_noise.wav", "noise");
    write("README.md", "text");
    write("validation_list.txt", "no/c.wav\n");
    write("testing_list.txt", "yes/b.wav\nno/gone.wav\n");
  }

  @Test
  void wordsAreSplitByTheTwoLists() throws IOException {
    words();
    PublishedData data = read("speech-commands", 1, "data");
    assertThat(data.classes()).containsExactly("no", "yes");
    assertThat(splits(data))
        .isEqualTo(
            Map.of(
                "train", List.of("no/a.wav = no", "no/d.wav = no", "yes/a.wav = yes"),
                "validation", List.of("no/c.wav = no"),
                "test", List.of("yes/b.wav = yes", "no/gone.wav = no")));
  }

  @Test
  void wordsComeInTheTarThatIsDownloaded() throws IOException {
    words();
    Path tar = folder.resolve("speech_commands_v0.02.tar.gz");
    try (TarArchiveOutputStream archive =
            new TarArchiveOutputStream(new GZIPOutputStream(Files.newOutputStream(tar)));
        var files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        TarArchiveEntry entry = new TarArchiveEntry("./" + root.relativize(file));
        entry.setSize(Files.size(file));
        archive.putArchiveEntry(entry);
        archive.write(Files.readAllBytes(file));
        archive.closeArchiveEntry();
      }
    }
    assertThat(splits(read("speech-commands", 1, "speech_commands_v0.02.tar.gz")))
        .isEqualTo(splits(read("speech-commands", 1, "data")));
  }

  @Test
  void ucfHasThreeSplitsAndNamesInWords() throws IOException {
    write("ucfTrainTestlist/classInd.txt", "1 ApplyEyeMakeup\n2 YoYo\n");
    write("ucfTrainTestlist/trainlist02.txt", "YoYo/v_YoYo_g01_c01.avi 2\r\n");
    write("ucfTrainTestlist/testlist02.txt", "ApplyEyeMakeup/v_ApplyEyeMakeup_g02_c01.avi\n");
    PublishedData data = read("ucf-101", 2, "data");
    assertThat(data.classes()).containsExactly("Apply Eye Makeup", "Yo Yo");
    assertThat(splits(data))
        .isEqualTo(
            Map.of(
                "train", List.of("UCF-101/YoYo/v_YoYo_g01_c01.avi = Yo Yo"),
                "test",
                    List.of(
                        "UCF-101/ApplyEyeMakeup/v_ApplyEyeMakeup_g02_c01.avi = Apply Eye"
                            + " Makeup")));
    assertThatThrownBy(() -> read("ucf-101", 4, "data")).hasMessageContaining("splits 1, 2 and 3");
    assertThatThrownBy(() -> read("ucf-101", 1, "data"))
        .hasMessageContaining("trainlist01.txt is missing")
        .hasMessageContaining("unpack UCF101.rar");
    write("ucfTrainTestlist/trainlist02.txt", "Juggling/v.avi 3\n");
    assertThatThrownBy(() -> read("ucf-101", 2, "data")).hasMessageContaining("trainlist02.txt:1");
  }

  @Test
  void hmdbHasAListPerClassAndSplit() throws IOException {
    write(
        "testTrainMulti_7030_splits/brush_hair_test_split1.txt", "a.avi 1 \nb.avi 2 \nc.avi 0 \n");
    write("testTrainMulti_7030_splits/brush_hair_test_split2.txt", "a.avi 2 \n");
    write("testTrainMulti_7030_splits/run_test_split1.txt", "d.avi 1 \n");
    PublishedData data = read("hmdb-51", 1, "data");
    assertThat(data.classes()).containsExactly("brush hair", "run");
    assertThat(splits(data))
        .isEqualTo(
            Map.of(
                "train",
                List.of("hmdb51_org/brush_hair/a.avi = brush hair", "hmdb51_org/run/d.avi = run"),
                "test",
                List.of("hmdb51_org/brush_hair/b.avi = brush hair")));
    write("testTrainMulti_7030_splits/run_test_split1.txt", "d.avi 3\n");
    assertThatThrownBy(() -> read("hmdb-51", 1, "data"))
        .hasMessageContaining("run_test_split1.txt:1");
  }

  @Test
  void aZipThatUnpacksToAFloodIsRefused() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream archive = new ZipOutputStream(bytes)) {
      archive.putNextEntry(new ZipEntry("ESC-50-master/audio/flood.wav"));
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 300; i++) {
        archive.write(zeros);
      }
      archive.closeEntry();
    }
    Files.write(folder.resolve("ESC-50-master.zip"), bytes.toByteArray());
    assertThatThrownBy(() -> read("esc-50", 1, "ESC-50-master.zip"))
        .hasMessageContaining("unpacks to more than 100 times its size")
        .hasMessageContaining("flood.wav");
  }

  @Test
  void foldsOfOnesOwnAreToldByNames() {
    List<SourceEntry> entries =
        List.of(
            SourceEntry.file("Dog/1-17-A.wav", "Dog", "train", "x"),
            SourceEntry.file("Dog/2-18-A.wav", "Dog", "train", "y"),
            SourceEntry.file("Cat/1-19-A.wav", "Cat", "train", "z"));
    assertThat(new FileFolds("([0-9]+)-.*[.]wav", 1).split(entries))
        .extracting(SourceEntry::split)
        .containsExactly("test", "train", "test");
    assertThatThrownBy(() -> new FileFolds("([0-9]+)-.*[.]wav", 3).split(entries))
        .hasMessageContaining("data.fold = 3")
        .hasMessageContaining("[1, 2]");
    assertThatThrownBy(() -> new FileFolds("fold([0-9]+)", 1).split(entries))
        .hasMessageContaining("Dog/1-17-A.wav")
        .hasMessageContaining("data.fold-pattern");
  }
}
