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

  /** Letters: S sample, I number, T text, L the number of the class, W its name. */
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
            + " columns.path = filename | train=4 test=2"
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
              default -> row.add(name, (long) i % 3);
            }
          }
        },
        label,
        NAMES);
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
