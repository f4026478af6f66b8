package io.github.lsgspark.dataset.published;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sounds and clips whose lists say which sample is of which split. */
class PublishedSplitsTest {
  @TempDir Path root;

  private PublishedData read(String format, int fold) {
    return PublishedData.read(format, fold, root.toString(), new Configuration(), null);
  }

  private void write(String name, String content) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  /** Splits to the names of their samples. */
  private static Map<String, List<String>> splits(PublishedData data) {
    return data.samples().stream()
        .collect(
            groupingBy(
                PublishedSample::split,
                TreeMap::new,
                mapping(sample -> sample.id() + " = " + sample.label(), toList())));
  }

  @Test
  void urbanSoundHasTenFoldsOfFolders() throws IOException {
    write(
        "UrbanSound8K/metadata/UrbanSound8K.csv",
        """
        slice_file_name,fsID,start,end,salience,fold,classID,class
        100-3-0-0.wav,100,0.0,0.317551,1,5,3,dog_bark
        101-0-0-0.wav,101,58.5,62.5,1,10,0,air_conditioner
        """);
    PublishedData data = read("urbansound8k", 10);
    assertThat(data.classes()).containsExactly("air conditioner", "dog bark");
    assertThat(splits(data))
        .isEqualTo(
            Map.of(
                "train", List.of("audio/fold5/100-3-0-0.wav = dog bark"),
                "test", List.of("audio/fold10/101-0-0-0.wav = air conditioner")));
    assertThatThrownBy(() -> read("urbansound8k", 1)).hasMessageContaining("[5, 10]");
    write("UrbanSound8K/metadata/UrbanSound8K.csv", "slice_file_name,fold,class\na.wav,1,dog\n");
    assertThatThrownBy(() -> read("urbansound8k", 1)).hasMessageContaining("classID");
  }

  @Test
  void gtzanHasThreeListsWhateverItsExcerptsLieIn() throws IOException {
    write("Data/genres_original/blues/blues.00000.wav", "");
    write("Data/genres_original/jazz/jazz.00054.wav", "");
    write("Data/images_original/blues/blues00000.png", "");
    write("lists/train_filtered.txt", "blues/blues.00000.wav\n");
    write("lists/valid_filtered.txt", "jazz/jazz.00054.wav\n");
    write("lists/test_filtered.txt", "jazz/jazz.00099.wav\n");
    PublishedData data = read("gtzan", 1);
    assertThat(data.classes()).containsExactly("blues", "jazz");
    assertThat(splits(data))
        .isEqualTo(
            Map.of(
                "train", List.of("Data/genres_original/blues/blues.00000.wav = blues"),
                "validation", List.of("Data/genres_original/jazz/jazz.00054.wav = jazz"),
                "test", List.of("jazz/jazz.00099.wav = jazz")));
    write("lists/test_filtered.txt", "blues/blues.00000.wav\n");
    assertThatThrownBy(() -> read("gtzan", 1))
        .hasMessageContaining("train_filtered.txt:1")
        .hasMessageContaining("test_filtered.txt:1");
    Files.delete(root.resolve("lists/test_filtered.txt"));
    assertThatThrownBy(() -> read("gtzan", 1))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.INPUT))
        .hasMessageContaining("test_filtered.txt is missing")
        .hasMessageContaining("data.test-fraction");
  }

  @Test
  void kineticsFindsClipsBySecondsInAnyFolder() throws IOException {
    String head = "label,youtube_id,time_start,time_end,split\n";
    write("annotations/train.csv", head + "abseiling,-_abc,20,30,train\nyoga,gone,5,15,train\n");
    write("annotations/val.csv", head + "\"dancing, salsa\",xyz,0,10,val\n");
    write("train/abseiling/-_abc_000020_000030.mp4", "");
    write("val/xyz.mkv", "");
    PublishedData data = read("kinetics", 1);
    assertThat(data.classes()).containsExactly("abseiling", "dancing, salsa", "yoga");
    assertThat(splits(data))
        .isEqualTo(
            Map.of(
                "train",
                List.of(
                    "train/abseiling/-_abc_000020_000030.mp4 = abseiling",
                    "gone_000005_000015.mp4 = yoga"),
                "test",
                List.of("val/xyz.mkv = dancing, salsa")));
    write("annotations/test.csv", head + "yoga,t,0,10,test\n");
    assertThat(splits(read("kinetics", 1))).containsOnlyKeys("train", "validation", "test");
    Files.delete(root.resolve("annotations/train.csv"));
    assertThatThrownBy(() -> read("kinetics", 1))
        .hasMessageContaining("train.csv is missing")
        .hasMessageContaining("youtube_id");
  }

  @Test
  void somethingIsTestedOnItsValidationList() throws IOException {
    write(
        "labels/labels.json",
        "{\"Holding something\": \"1\", \"Pushing something off of something\": \"0\"}");
    write(
        "labels/train.json",
        "[{\"id\": \"7\", \"label\": \"holding cup\", \"template\": \"Holding [something]\"}]");
    write(
        "labels/validation.json",
        "[{\"id\": \"9\", \"template\": \"Pushing [something] off of [something]\"}]");
    write("labels/test.json", "[{\"id\": \"11\"}]");
    PublishedData data = read("something-something-v2", 1);
    assertThat(data.classes())
        .containsExactly("Pushing something off of something", "Holding something");
    assertThat(splits(data))
        .isEqualTo(
            Map.of(
                "train", List.of("20bn-something-something-v2/7.webm = Holding something"),
                "test",
                    List.of(
                        "20bn-something-something-v2/9.webm = Pushing something off of"
                            + " something")));
    write("labels/train.json", "[{\"id\": \"7\", \"template\": \"Eating [something]\"}]");
    assertThatThrownBy(() -> read("something-something-v2", 1))
        .hasMessageContaining("train.json: clip 1")
        .hasMessageContaining("Eating");
    write("labels/train.json", "[{\"id\": ");
    assertThatThrownBy(() -> read("something-something-v2", 1)).hasMessageContaining("is no JSON");
  }

  @Test
  void clipsOfSeveralLabelsAreRefused() {
    assertThatThrownBy(() -> read("fsd50k", 1))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.USAGE))
        .hasMessageContaining("several labels each");
  }
}
