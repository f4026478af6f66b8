package io.github.lsgspark.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.testing.LocalSpark;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables of the HuggingFace Hub that hold sounds and videos. */
class HubMediaTest {
  private static SparkSession spark;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    spark = LocalSpark.session();
  }

  /** The bytes in the column of the modality are decoded, whatever other columns hold. */
  @ParameterizedTest
  @ValueSource(strings = {"audio", "video"})
  void soundsAndVideosAreReadFromTheirColumn(String modality) throws IOException {
    Settings settings =
        SettingsLoader.parse(
            "data { modality = "
                + modality
                + ", drawn { base-classes = 2, novel-classes = 2, train-per-class = 1 } }");
    SyntheticSource drawn = new SyntheticSource(settings.data());
    byte[] sample = drawn.make(drawn.entries("drawn:novel").get(0));
    Path table =
        HubTables.write(
            folder.resolve("t.parquet"),
            HubTables.samples("audio") + HubTables.samples("video") + "optional int64 label; ",
            1,
            (row, i) -> {
              for (String column : List.of("audio", "video")) {
                boolean own = column.equals(modality);
                HubTables.sample(
                    row, column, own ? sample : "another".getBytes(StandardCharsets.UTF_8), null);
              }
              row.add("label", 1L);
            },
            "red fox",
            "blue jay",
            "green frog");
    List<SourceEntry> entries =
        new SourceListing(spark, settings.data())
            .list(table.toString(), "train", Set.of())
            .entries();
    assertThat(entries).extracting(SourceEntry::label).containsExactly("blue jay");
    Row row = new SampleIngest(spark, settings).check(entries, Optional.empty()).first();
    assertThat(row.<String>getAs("reason")).isNull();
    assertThat(row.<Double>getAs("seconds")).isCloseTo(1.5, within(0.2));
  }
}
