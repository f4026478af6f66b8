package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** The pictures of conf/demo.conf, their notices, and what it compares. */
class DemonstrationTest {
  private static final Path FOLDER = Path.of("../conf/demo");

  private static List<String> entries() throws IOException {
    try (ZipFile zip = new ZipFile(FOLDER.resolve("emoji.zip").toFile())) {
      return zip.stream().map(ZipEntry::getName).toList();
    }
  }

  @Test
  void threeHundredClassesHaveTwoDrawingsToLearnAndTwoToTest() throws IOException {
    List<String> named =
        Files.readAllLines(FOLDER.resolve("names.txt")).stream()
            .map(name -> name.replace('-', ' '))
            .toList();
    assertThat(named).hasSize(300).doesNotHaveDuplicates();
    for (String split : List.of("train", "test")) {
      Map<String, Long> drawings =
          entries().stream()
              .filter(entry -> entry.startsWith(split + "/"))
              .collect(Collectors.groupingBy(e -> e.split("/")[1], Collectors.counting()));
      assertThat(drawings).containsOnlyKeys(named);
      assertThat(drawings.values()).allMatch(count -> count >= 2);
    }
    assertThat(entries()).isSorted();
  }

  @Test
  void picturesAreSixtyFourPixelsAndFewBytes() throws IOException {
    assertThat(Files.size(FOLDER.resolve("emoji.zip"))).isLessThan(5_000_000);
    try (ZipFile zip = new ZipFile(FOLDER.resolve("emoji.zip").toFile())) {
      for (ZipEntry entry : new ArrayList<ZipEntry>(zip.stream().toList())) {
        var picture =
            ImageIO.read(new ByteArrayInputStream(zip.getInputStream(entry).readAllBytes()));
        assertThat(picture.getWidth()).as(entry.getName()).isEqualTo(64);
        assertThat(picture.getHeight()).as(entry.getName()).isEqualTo(64);
      }
    }
  }

  @Test
  void everyDesignerHasANoticeAndEveryLicenceItsText() throws IOException {
    String notice = Files.readString(FOLDER.resolve("NOTICE.md"));
    String versions = Files.readString(FOLDER.resolve("make/package.json"));
    TreeSet<String> files =
        entries().stream()
            .map(entry -> entry.replaceAll("/.*/", "/…/"))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(files).hasSize(6);
    for (String file : files) {
      String designer = file.replaceAll(".*/|[.]png", "");
      String name = "@iconify-json/" + designer;
      String version = versions.split("\"" + name + "\": \"")[1].split("\"")[0];
      assertThat(notice).contains("| " + file + " |", name + " " + version + " |");
    }
    for (String text : List.of("Apache-2.0.txt", "fluent-emoji-MIT.txt", "squeezenet-MIT.txt")) {
      assertThat(notice).contains("LICENSES/" + text);
      assertThat(FOLDER.resolve("LICENSES").resolve(text)).isNotEmptyFile();
    }
  }

  @Test
  void everyDrawHasOtherClassesWithoutLabels() {
    Loaded loaded = SettingsLoader.load(Path.of("../conf/demo.conf"), Map.of());
    List<RunSpec> variants = RunSpec.of(loaded);
    assertThat(variants).hasSize(25);
    assertThat(variants)
        .allMatch(run -> run.settings().data().unseenClasses().count() == 50)
        .allMatch(run -> run.settings().data().unseenClasses().seed() == run.seed());
    assertThat(RunSpec.main(variants).method()).isEqualTo("lsg");
    assertThat(loaded.settings().report().notes()).hasSize(4);
  }
}
