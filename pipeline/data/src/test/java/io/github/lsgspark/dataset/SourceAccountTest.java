package io.github.lsgspark.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.dataset.layout.LeftOut;
import io.github.lsgspark.testing.LocalSpark;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No sample of a folder or zip is lost or gets into another split or class. */
class SourceAccountTest {
  private static final List<String> NAMES =
      List.of(
          "a:b.jpg",
          "#1 of 100%?.jpg",
          "[x]{y}*.png",
          "back\\slash.gif",
          "\uD83E\uDD8A fox.webp",
          Normalizer.normalize("Köln.jpeg", Normalizer.Form.NFC),
          Normalizer.normalize("Köln.jpeg", Normalizer.Form.NFD),
          "two\nlines\u001b[31m.bmp",
          "  blanks .tif",
          "no ending",
          "-rf.jpg",
          "$(x) 'y' \"z\".jpg");

  private static final List<String> LITTER =
      List.of(".hidden.jpg", "Thumbs.db", "@eaDir/x.jpg", "__MACOSX/._a.jpg", "notes.txt", "a.mp4");

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

  static IntStream seeds() {
    return IntStream.range(0, 24);
  }

  /** Draws a data set with litter in it, on disk and in a zip, and what should come of it. */
  @ParameterizedTest
  @MethodSource("seeds")
  void drawnFoldersAndZipsAreTakenWhole(int seed) throws Exception {
    Random random = new Random(seed);
    boolean splits = random.nextBoolean();
    String round = List.of("", "photos/", "My Data/v 1/").get(random.nextInt(3));
    List<String> classes = List.of("red fox", "blue_jay", "Zürich", "\uD83D\uDC38", "100%");
    Map<String, String> splitNames =
        random.nextBoolean()
            ? Map.of("Train", "train", "TEST", "test", "dev", "validation")
            : Map.of("training_set", "train", "eval", "test", "valid", "validation");
    List<String> files = new ArrayList<>();
    Map<String, Long> expected = new TreeMap<>();
    for (String split : splits ? splitNames.keySet() : List.of("")) {
      for (String name : classes) {
        for (int i = 0; i < 2 + random.nextInt(4); i++) {
          String deep = random.nextInt(4) == 0 ? "deeper/" : "";
          String file =
              round
                  + (splits ? split + "/" : "")
                  + name
                  + "/"
                  + deep
                  + i
                  + " "
                  + NAMES.get(random.nextInt(NAMES.size()));
          files.add(file);
          expected.merge((splits ? splitNames.get(split) : "train") + "/" + name, 1L, Long::sum);
        }
      }
    }
    List<String> litter = new ArrayList<>();
    for (String name : LITTER) {
      String place = files.get(random.nextInt(files.size()));
      litter.add(
          random.nextInt(3) == 0 ? name : place.substring(0, place.lastIndexOf('/') + 1) + name);
    }
    sources.write(files.toArray(String[]::new));
    sources.write(litter.toArray(String[]::new));
    String more = splits ? "" : "data.test-fraction = 0.2";
    account(sources.all(folder, more), expected, litter.size());

    Path zip = folder.resolve("../drawn-" + seed + "-" + folder.getFileName() + ".zip").normalize();
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      List<String> members = new ArrayList<>(files);
      members.addAll(litter);
      for (String member : members) {
        // A backslash in a zip separates folders.
        out.putNextEntry(new ZipEntry(member.replace('\\', '_')));
        out.write(1);
      }
    }
    try {
      account(sources.all(zip, more), expected, litter.size());
    } finally {
      Files.delete(zip);
    }
  }

  private static void account(Listed listed, Map<String, Long> expected, int litter) {
    assertThat(SmallSources.counts(listed.entries())).isEqualTo(expected);
    assertThat(listed.leftOut()).hasSize(litter).noneMatch(LeftOut::sample);
    assertThat(new TreeSet<>(listed.entries().stream().map(SourceEntry::id).toList()))
        .hasSize(listed.entries().size())
        .allSatisfy(id -> assertThat(id).doesNotContainPattern("\\p{Cntrl}"));
  }

  @Test
  void everyNameCanBeRead() throws Exception {
    for (String name : NAMES) {
      sources.write("train/a/" + name, "train/b/" + name);
    }
    Listed listed = sources.all(folder.resolve("train"), "data.test-fraction = 0.5");
    assertThat(listed.entries()).hasSize(2 * NAMES.size());
    try (SourceReader reader =
        new SourceReader(
            spark.sparkContext().hadoopConfiguration(),
            1000,
            SettingsLoader.parse("data.train = x").data())) {
      for (SourceEntry entry : listed.entries()) {
        assertThat(new String(reader.read(entry), StandardCharsets.UTF_8)).startsWith("train/");
      }
    }
  }

  @Test
  void noFolderIsEnteredTwice() throws Exception {
    sources.write("train/red fox/1.jpg", "train/ant/2.jpg", "test/ant/3.jpg", "test/red fox/4.jpg");
    Files.createSymbolicLink(folder.resolve("train/red fox/loop"), Path.of(".."));
    Files.createSymbolicLink(folder.resolve("train/aaa"), folder.resolve("train/red fox"));
    Files.createSymbolicLink(folder.resolve("train/up"), folder.getParent());
    Files.createSymbolicLink(folder.resolve("train/ant/gone.jpg"), Path.of("nowhere.jpg"));
    Listed listed = sources.all(folder, "");
    assertThat(SmallSources.counts(listed.entries()))
        .isEqualTo(
            Map.of("train/red fox", 1L, "train/ant", 1L, "test/red fox", 1L, "test/ant", 1L));
    assertThat(LeftOutReport.counts(listed.leftOut()))
        .isEqualTo(Map.of("ENTERED_BEFORE", 3L, "BROKEN_LINK", 1L));
    assertThat(listed.missed()).isEqualTo(1);
  }

  @Test
  void linksToFoldersElsewhereAreFollowed(@TempDir Path elsewhere) throws Exception {
    sources.write("train/ant/1.jpg", "test/ant/2.jpg");
    Files.createDirectories(elsewhere.resolve("wasp/deep"));
    Files.writeString(elsewhere.resolve("wasp/deep/1.jpg"), "x");
    Files.createSymbolicLink(folder.resolve("train/wasp"), elsewhere.resolve("wasp"));
    assertThat(SmallSources.counts(sources.all(folder, "").entries()))
        .containsEntry("train/wasp", 1L);
  }

  @Test
  void moreLeftOutThanTakenIsRefused() throws Exception {
    sources.write("ant/1.jpg", "bee/2.jpg", "3.jpg", "4.jpg");
    Listed few = sources.all(folder, "data.test-fraction = 0.5");
    LeftOutReport.tell("prepare", "x", few);
    assertThat(few.missed()).isEqualTo(2);
    sources.write("5.jpg", "notes.txt");
    Listed many = sources.all(folder, "data.test-fraction = 0.5");
    assertThatThrownBy(() -> LeftOutReport.tell("prepare", "x", many))
        .isInstanceOf(LsgException.class)
        .hasMessageContainingAll("3 files that look like samples", "2 are taken", "3.jpg");
  }

  @Test
  void zipsOfOldProgramsKeepTheirNames() throws Exception {
    Path zip = folder.resolve("old.zip");
    try (ZipOutputStream out =
        new ZipOutputStream(Files.newOutputStream(zip), Charset.forName("IBM437"))) {
      for (String name : List.of("train/Zürich/1.jpg", "train/Köln/2.jpg", "test/Köln/3.jpg")) {
        out.putNextEntry(new ZipEntry(name));
        out.write(name.getBytes(StandardCharsets.UTF_8));
      }
    }
    Listed listed = sources.all(zip, "");
    assertThat(SmallSources.counts(listed.entries()))
        .isEqualTo(Map.of("train/Zürich", 1L, "train/Köln", 1L, "test/Köln", 1L));
    try (SourceReader reader =
        new SourceReader(
            spark.sparkContext().hadoopConfiguration(),
            1000,
            SettingsLoader.parse("data.train = x").data())) {
      assertThat(reader.read(listed.entries().get(0))).asString().isEqualTo("test/Köln/3.jpg");
    }
  }

  @Test
  void idsStayUniqueWhereTheyAreSpeltOut() throws Exception {
    sources.write("a/1\n.jpg", "a/1\\n.jpg", "b/2.jpg");
    assertThat(sources.all(folder, "data.test-fraction = 0.5").entries())
        .extracting(SourceEntry::id)
        .doesNotHaveDuplicates()
        .hasSize(3);
  }

  @Test
  void predictionsTakeEverythingTheyAreGiven() throws Exception {
    sources.write("in/1.jpg", "in/deep/er/2.jpg", "in/train/3.jpg", "in/bus/4.png", "in/.x/5.jpg");
    sources.write("one.jpg", "list.txt");
    SourceListing listing = new SourceListing(spark, SettingsLoader.parse("data.train = x").data());
    assertThat(listing.listFlat(folder.resolve("in").toString(), "unlabelled").entries())
        .extracting(SourceEntry::id)
        .containsExactly("1.jpg", "bus/4.png", "deep/er/2.jpg", "train/3.jpg");
    assertThat(listing.listFlat(folder.resolve("one.jpg").toString(), "unlabelled").entries())
        .extracting(SourceEntry::id)
        .containsExactly("one.jpg");
    Files.writeString(folder.resolve("list.txt"), "in/1.jpg\nin/deep/er/2.jpg\n");
    assertThat(listing.listFlat(folder.resolve("list.txt").toString(), "unlabelled").entries())
        .extracting(SourceEntry::id)
        .containsExactly("in/1.jpg", "in/deep/er/2.jpg");
    Path zip = folder.resolve("flat.dat");
    try (OutputStream file = Files.newOutputStream(zip);
        ZipOutputStream out = new ZipOutputStream(file)) {
      out.putNextEntry(new ZipEntry("1.jpg"));
      out.putNextEntry(new ZipEntry("a/2.jpg"));
    }
    assertThat(listing.listFlat(zip.toString(), "unlabelled").entries())
        .extracting(SourceEntry::id)
        .containsExactly("1.jpg", "a/2.jpg");
  }
}
