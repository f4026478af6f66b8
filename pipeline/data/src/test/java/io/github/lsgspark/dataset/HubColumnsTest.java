package io.github.lsgspark.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Columns of tables of the HuggingFace Hub: which hold the content and the label, and what is
 * refused.
 */
class HubColumnsTest {
  @TempDir Path folder;

  private static DataSettings data(String... more) {
    return SettingsLoader.parse(String.join("\n", more)).data();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "image | image:S label:I             |                      | image | label",
        "image | img:S fine_label:I coarse:I |                      | img   | fine_label",
        "image | image:S mask:S Labels:I     |                      | image | Labels",
        "image | jpg:B cls:I                 | label = cls          | jpg   | cls",
        "image | scan:S species:T id:T       |                      | scan  | species",
        "image | left:S right:S class:I      | content = right      | right | class",
        "image | image:S file:T label:I      | path = file          | image | label",
        "image | image:S label:I label_name:T|                      | image | label_name",
        "audio | audio:S image:S target:I category:T |              | audio | category",
        "audio | file:T speech:S label:I     |                      | speech | label",
        "video | video:S label:T             |                      | video | label",
        "video | clip:B label:T other:T      |                      | clip  | label"
      })
  void columnsAreFoundByTheirUsualNamesOrByKey(
      String modality, String schema, String keys, String content, String label)
      throws IOException {
    Path table = columns(schema);
    String[] settings = {
      "data.modality = " + modality, "data.columns { " + (keys == null ? "" : keys) + " }"
    };
    DataSettings data = data(settings);
    MessageType types = MessageTypeParser.parseMessageType("message t { " + fields(schema) + " }");
    TableColumns columns = TableColumns.of(TableField.of(types), data, "t.parquet");
    assertThat(columns.content().get(0)).isEqualTo(content);
    assertThat(columns.label()).map(TableField::name).contains(label);
    SourceCheck.require(data, "data.train", table.toString(), new Configuration());
    List<String> named = new ArrayList<>();
    NamedFiles.of(new Configuration(), table.toString(), data, named::add);
    assertThat(named).isEmpty();
  }

  private static String fields(String schema) {
    StringBuilder fields = new StringBuilder();
    for (String column : schema.strip().split(" +")) {
      String name = column.split(":")[0];
      fields.append(
          switch (column.split(":")[1]) {
            case "S" -> HubTables.samples(name);
            case "B" -> "optional binary " + name + "; ";
            case "T" -> "optional binary " + name + " (STRING); ";
            case "L" ->
                "optional group "
                    + name
                    + " (LIST) { repeated group list { optional int64 element; } } ";
            default -> "optional int64 " + name + "; ";
          });
    }
    return fields.toString();
  }

  /** One row, each of whose columns holds its name, or a number its place. */
  private Path columns(String schema) throws IOException {
    return HubTables.write(
        folder.resolve("columns.parquet"),
        fields(schema),
        1,
        (row, i) -> {
          for (int c = 0; c < row.getType().getFieldCount(); c++) {
            String name = row.getType().getFieldName(c);
            switch (schema.strip().split(" +")[c].split(":")[1]) {
              case "S" -> HubTables.sample(row, name, name.getBytes(StandardCharsets.UTF_8), null);
              case "I" -> row.add(name, (long) c);
              default -> row.add(name, name);
            }
          }
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "image:S img:S label:I   |                   | columns [image, img] may all hold the content",
        "left:S right:S label:I  |                   | data.columns.content says which",
        "image:S class:I genus:I target:I |          | columns [class, target] may all hold the label",
        "image:S label:L         |                   | column label holds several labels",
        "image:S label:I         | label = breed     | no column data.columns.label = breed, but has [image, label]",
        "image:S label:I         | content = label   | data.columns.content = label is of a type",
        "width:I label:I         |                   | needs a column bytes, content, image"
      })
  void columnsThatAreMissingOrUnclearAreNamed(String schema, String keys, String message)
      throws IOException {
    Path table = HubTables.write(folder.resolve("bad.parquet"), fields(schema), 1, (row, i) -> {});
    String columns = "data.columns { " + (keys == null ? "" : keys.strip()) + " }";
    assertThatThrownBy(
            () ->
                SourceCheck.require(
                    data(columns), "data.train", table.toString(), new Configuration()))
        .isInstanceOfSatisfying(LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(3))
        .hasMessageContaining("data.train: ")
        .hasMessageContaining("bad.parquet")
        .hasMessageContaining(message);
  }
}
