package io.github.lsgspark.dataset;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.testing.LocalSpark;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Common data sets in the files, columns and splits in which the HuggingFace Hub serves them. */
class HubSetsTest {
  private static final int ROWS = 6;
  private static final String[] NAMES = {"red fox", "blue jay", "green frog"};

  private static SparkSession spark;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    spark = LocalSpark.session();
  }

  /** Letters: S sample, I number, T text, L the number of the class, W its name, F fold. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "cifar100  | cifar100/train-00000-of-00001 cifar100/test-00000-of-00001 |"
            + " img:S fine_label:L coarse_label:I | | train=6 test=6",
        "pets      | data/train-00000-of-00001 data/test-00000-of-00001 |"
            + " image:S label:L image_id:T label_cat_dog:I | | train=6 test=6",
        "flowers   | data/train-00000-of-00001 data/validation-00000-of-00001"
            + " data/test-00000-of-00001 | image:S label:L | | train=6 validation=6 test=6",
        "food101   | data/train-00000-of-00002 data/train-00001-of-00002"
            + " data/validation-00000-of-00001 | image:S label:L | test-split = validation |"
            + " train=12 test=6",
        "dtd       | data/train-00000-of-00001 data/test-00000-of-00001 | image:S label:L | |"
            + " train=6 test=6",
        "eurosat   | data/train-00000-of-00001 data/test-00000-of-00001"
            + " data/contrast-00000-of-00001 data/gaussian_noise-00000-of-00001 |"
            + " image:S label:L | layout = splits | train=6 test=6",
        "eurosat-2 | data/train-00000-of-00001 data/validation-00000-of-00001"
            + " data/test-00000-of-00001 | image:S label:L filename:T | |"
            + " train=6 validation=6 test=6",
        "cub       | data/train-00000-of-00001 data/test-00000-of-00001 | image:S label:L bbox:A |"
            + " | train=6 test=6",
        "cars      | data/train-00000-of-00001-0123456789abcdef data/test-00000-of-00001 |"
            + " image:S label:L | | train=6 test=6",
        "aircraft  | data/train-00000-of-00001 data/test-00000-of-00001 |"
            + " image:S family:I manufacturer:I variant:L | | train=6 test=6",
        "ucf101    | data/train-00000-of-00001 data/test-00000-of-00001 | video:S label:L |"
            + " modality = video | train=6 test=6",
        "esc50     | data/train-00000-of-00001-2f1ab7b824ec751f |"
            + " filename:T fold:I target:I category:W esc10:I audio:S |"
            + " modality = audio, fold = 2, fold-pattern = \"([0-9]+)-.*[.]wav\","
            + " columns.path = filename | train=4 test=2",
        "esc50-2   | data/train-00000-of-00001-2f1ab7b824ec751f |"
            + " filename:T fold:F target:I category:W esc10:I audio:S |"
            + " modality = audio, fold = 2, columns { fold = fold, path = filename } |"
            + " train=4 test=2",
        "urban8k   | data/train-00000-of-00002 data/train-00001-of-00002 |"
            + " audio:S slice_file_name:T fsID:I start:I end:I salience:I fold:F classID:I class:W |"
            + " modality = audio, fold = 3, columns.fold = fold | train=8 test=4",
        "gtzan     | data/train-00000-of-00001 | file:T audio:S genre:L |"
            + " modality = audio, test-fraction = 0.2 | train=6",
        "speech    | v0.02/train-00000-of-00001 v0.02/validation-00000-of-00001"
            + " v0.02/test-00000-of-00001 | file:T audio:S label:L is_unknown:I speaker_id:T"
            + " utterance_id:I | modality = audio | train=6 validation=6 test=6",
        "hmdb51    | data/train-00000-of-00001 data/test-00000-of-00001 | video:S label:L |"
            + " modality = video | train=6 test=6",
        "kinetics  | data/train-00000-of-00001 data/validation-00000-of-00001 |"
            + " video:S youtube_id:T label:L | modality = video, test-split = validation |"
            + " train=6 test=6",
        "something | data/train-00000-of-00001 data/validation-00000-of-00001 |"
            + " video_id:T video:S text:T label:L | modality = video, test-split = validation |"
            + " train=6 test=6"
      })
  void setsOfTheHubAreReadByTheirColumns(
      String set, String files, String columns, String settings, String expected)
      throws IOException {
    for (String file : files.split(" +")) {
      write(set, file, columns);
    }
    Path repository = folder.resolve(set);
    Files.writeString(repository.resolve("README.md"), "---\nlicense: mit\n---\n# " + set);
    String keys = settings == null ? "" : settings;
    DataSettings data =
        SettingsLoader.parse("data { train = \"" + repository + "\", " + keys + " }").data();
    List<SourceEntry> entries = SourceSplits.of(spark, data, true).entries();
    Map<String, Long> splits =
        entries.stream().collect(groupingBy(SourceEntry::split, TreeMap::new, counting()));
    Map<String, Long> wanted =
        Arrays.stream(expected.split(" "))
            .map(one -> one.split("="))
            .collect(Collectors.toMap(one -> one[0], one -> Long.parseLong(one[1])));
    assertThat(splits).isEqualTo(wanted);
    assertThat(entries).extracting(SourceEntry::label).containsOnly(NAMES);
    assertThat(entries).extracting(SourceEntry::id).doesNotHaveDuplicates();
  }

  private void write(String set, String file, String columns) throws IOException {
    StringBuilder fields = new StringBuilder();
    String label = "label";
    for (String column : columns.strip().split(" +")) {
      String name = column.split(":")[0];
      String kind = column.split(":")[1];
      label = kind.equals("L") ? name : label;
      fields.append(
          switch (kind) {
            case "S" -> HubTables.samples(name);
            case "T", "W" -> "optional binary " + name + " (STRING); ";
            case "A" ->
                "optional group "
                    + name
                    + " (LIST) { repeated group list { optional int64 element; } } ";
            default -> "optional int64 " + name + "; ";
          });
    }
    HubTables.named(
        folder.resolve(set).resolve(file + ".parquet"),
        fields.toString(),
        ROWS,
        (row, i) -> {
          for (String column : columns.strip().split(" +")) {
            String name = column.split(":")[0];
            byte[] content = (file + i).getBytes(StandardCharsets.UTF_8);
            switch (column.split(":")[1]) {
              case "S" -> HubTables.sample(row, name, content, null);
              case "T" -> row.add(name, (1 + i % 3) + "-" + i + "-A.wav");
              case "W" -> row.add(name, NAMES[i % 3]);
              case "A" -> row.addGroup(name);
              case "F" -> row.add(name, 1L + i % 3);
              default -> row.add(name, (long) i % 3);
            }
          }
        },
        label,
        NAMES);
  }

  @Test
  void clipsOfSeveralLabelsAreRefused() throws IOException {
    write("fsd50k", "data/train-00000-of-00001", "audio:S labels:A");
    DataSettings data =
        SettingsLoader.parse(
                "data { modality = audio, train = \"" + folder.resolve("fsd50k") + "\" }")
            .data();
    assertThatThrownBy(() -> SourceSplits.of(spark, data, true))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("column labels holds several labels for each sample");
  }

  @Test
  void foldsOfAColumnAreChecked() throws IOException {
    write("folds", "data/train-00000-of-00001", "image:S fold:F label:L");
    String train = "data { train = \"" + folder.resolve("folds") + "\", ";
    assertThatThrownBy(() -> folds(train + "fold = 7, columns.fold = fold }"))
        .hasMessageContaining("data.fold = 7: by data.columns.fold = fold no sample is of it");
    assertThatThrownBy(() -> folds(train + "fold = 1, columns.fold = part }"))
        .hasMessageContaining("data.columns.fold = part");
    assertThatThrownBy(() -> folds(train + "fold = 1 }")).hasMessageContaining("columns.fold");
  }

  private static Listed folds(String hocon) {
    return SourceSplits.of(spark, SettingsLoader.parse(hocon).data(), true);
  }

  @Test
  void filesOfOtherSplitsAreRefusedUnlessTheSettingLeavesThemOut() throws IOException {
    write("corrupted", "data/train-00000-of-00001", "image:S label:L");
    write("corrupted", "data/test-00000-of-00001", "image:S label:L");
    write("corrupted", "data/pixelate-00000-of-00001", "image:S label:L");
    String train = "data.train = \"" + folder.resolve("corrupted") + "\"\n";
    DataSettings data = SettingsLoader.parse(train).data();
    assertThatThrownBy(() -> SourceSplits.of(spark, data, true))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("pixelate-00000-of-00001.parquet names no split")
        .hasMessageContaining("data.layout = splits");
    Listed listed =
        SourceSplits.of(spark, SettingsLoader.parse(train + "data.layout = splits").data(), true);
    assertThat(listed.entries()).hasSize(2 * ROWS);
    assertThat(listed.leftOut())
        .anyMatch(left -> left.id().equals("data/pixelate-00000-of-00001.parquet"));
  }

  @Test
  void aCardNamesTheClassesWhereTheFilesDoNot() throws IOException {
    HubTables.write(
        folder.resolve("set/data/train-00000-of-00001.parquet"),
        HubTables.samples("image") + "optional int64 label; ",
        3,
        (row, i) -> {
          HubTables.sample(row, "image", new byte[] {(byte) (int) i}, null);
          row.add("label", (long) i);
        });
    Files.writeString(
        folder.resolve("set/README.md"),
        """
        ---
        license: cc-by-4.0
        dataset_info:
          features:
          - name: image
            dtype: image
          - name: label
            dtype:
              class_label:
                names:
                  '0': red fox
                  '1': blue jay
                  '2': 'green frog'
          splits:
          - name: train
            num_examples: 3
        ---
        # A set
        """);
    for (String source : List.of("set", "set/data", "set/data/train-00000-of-00001.parquet")) {
      DataSettings data =
          SettingsLoader.parse("data.train = \"" + folder.resolve(source) + "\"").data();
      assertThat(SourceSplits.of(spark, data, false).entries())
          .extracting(SourceEntry::label)
          .containsExactlyInAnyOrder(NAMES);
    }
  }

  @Test
  void cardsAreReadInTheFormsThatPeopleWrite() {
    String list = "---\nfeatures:\n- name: label\n  dtype:\n    class_label:\n      names:\n";
    assertThat(DatasetCard.parse(list + "      - cat\n      - \"dog\"\n---\n", "label"))
        .containsExactly("cat", "dog");
    assertThat(DatasetCard.parse(list + "      - cat\n---\n", "fine_label")).isEmpty();
    assertThat(DatasetCard.parse("# no front matter\n- name: label\n", "label")).isEmpty();
    assertThat(DatasetCard.parse(list + "        '1': late\n---\n", "label")).isEmpty();
    // Two tables that number the classes differently: neither is meant.
    String two = list + "      - a\n- name: label\n  dtype:\n    class_label:\n      names:\n";
    assertThat(DatasetCard.parse(two + "      - b\n---\n", "label")).isEmpty();
    assertThat(HubNames.parse("{\"features\": {\"label\": {\"names\": [\"a\"]}}}", "label"))
        .containsExactly("a");
  }
}
