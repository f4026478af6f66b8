package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.testing.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Long recordings: what is heard when. */
class WindowedPredictTest {
  private static final String HOCON =
      """
      data { modality = audio, train = "%s", test-fraction = 0.25, validation-fraction = 0 }
      embedding.encoder = lexical
      train { enabled = false, backbone = auto, weights = "%s" }
      lsg.enabled = false
      """;

  private static final double LOW = 220;
  private static final double HIGH = 3000;

  @TempDir Path folder;
  private Path in;

  @BeforeEach
  void write() throws Exception {
    Path model = TinyAst.write(folder.resolve("model"));
    Path sounds = folder.resolve("sounds");
    for (int i = 0; i < 12; i++) {
      sound(sounds.resolve("low hum/" + i + ".wav"), i, 0.5, LOW);
      sound(sounds.resolve("high whistle/" + i + ".wav"), 100 + i, 0.5, HIGH);
    }
    in = Files.createDirectory(folder.resolve("in"));
    Files.writeString(folder.resolve("mine.conf"), HOCON.formatted(sounds, model));
  }

  private static void sound(Path file, int seed, double seconds, double... hertz)
      throws IOException {
    TinyAst.sound(file, new Random(seed), seconds, hertz);
  }

  private int predict(String... more) {
    List<String> all = new ArrayList<>(List.of("predict", "--master", "local[2]"));
    all.addAll(List.of("--config", folder.resolve("mine.conf").toString()));
    all.addAll(List.of("--work-dir", folder.resolve("w").toString()));
    all.addAll(List.of(more));
    return Lsg.execute(all.toArray(String[]::new));
  }

  private List<Row> read(String table, String order) throws IOException {
    try (Stream<Path> outputs = Files.list(folder.resolve("w/predict"))) {
      Path output = outputs.filter(Files::isDirectory).findFirst().orElseThrow();
      return LocalSpark.session()
          .read()
          .parquet(output.resolve(table).toString())
          .orderBy("id", order)
          .collectAsList();
    }
  }

  @Test
  void eachWindowHasItsTimesAndTheSoundTheirMean() throws Exception {
    sound(in.resolve("long.wav"), 7, 20, LOW, 0, HIGH);
    sound(in.resolve("short.wav"), 8, 0.1, HIGH);
    sound(in.resolve("silent.wav"), 9, 2, 0);
    Files.writeString(in.resolve("page.wav"), "<html>");
    Path csv = folder.resolve("labels.csv");
    int code =
        predict(
            "--input",
            in.toString(),
            "--output",
            csv.toString(),
            "-D",
            "predict.window-step=0.25",
            "-D",
            "audio.max-seconds=10");
    assertThat(code).isZero();

    List<Row> windows = read("windows", "start");
    List<Row> ofLong = windows.stream().filter(row -> row.getAs("id").equals("long.wav")).toList();
    double length = ofLong.get(0).<Double>getAs("end");
    assertThat(length).isBetween(0.4, 0.6);
    assertThat(ofLong).hasSize((int) Math.floor((60 - length) / 0.25) + 2);
    assertThat(ofLong.get(ofLong.size() - 1).<Double>getAs("end")).isBetween(59.999, 60.001);
    int right = 0;
    int whole = 0;
    for (Row window : ofLong) {
      double start = window.<Double>getAs("start");
      double end = window.<Double>getAs("end");
      assertThat(end - start).isBetween(length - 1e-9, length + 1e-9);
      if (start > 20 && end < 40) {
        assertThat(window.<String>getAs("predicted")).as("silent at %f", start).isNull();
      } else if (end < 20 || start > 40) {
        whole++;
        right += window.getAs("predicted").equals(start > 40 ? "high whistle" : "low hum") ? 1 : 0;
      }
    }
    assertThat(right).isGreaterThan((int) (0.9 * whole));
    assertThat(windows)
        .filteredOn(row -> row.getAs("id").equals("short.wav"))
        .singleElement()
        .satisfies(row -> assertThat(row.<Double>getAs("end")).isBetween(0.099, 0.101));

    List<Row> sounds = read("predictions", "id");
    assertThat(sounds)
        .extracting(row -> row.<String>getAs("id"))
        .containsExactly("long.wav", "short.wav");
    double sum = 0;
    int counted = 0;
    for (Row window : ofLong) {
      if (window.getAs("predicted") != null) {
        List<String> top = window.getList(window.fieldIndex("top"));
        List<Double> of = window.getList(window.fieldIndex("top_probabilities"));
        sum += of.get(top.indexOf(sounds.get(0).<String>getAs("predicted")));
        counted++;
      }
    }
    assertThat(sounds.get(0).<Double>getAs("confidence"))
        .isBetween(sum / counted - 1e-9, sum / counted + 1e-9);
    assertThat(read("rejected", "id"))
        .extracting(row -> row.getString(0) + " " + row.getString(1))
        .containsExactly("page.wav NOT_MEDIA", "silent.wav SILENT");

    List<String> lines = Files.readAllLines(csv);
    assertThat(lines.get(0)).startsWith("path,start,end,label,probability,entropy,unlike,");
    assertThat(lines).hasSize(1 + windows.size() + 2);
    assertThat(lines.get(1)).startsWith("long.wav,0.0,").contains(",low hum,");
    assertThat(lines.get(lines.size() - 1)).startsWith("silent.wav,,,,").contains("SILENT");
  }

  @Test
  void windowsOfStreamsAreRefused() throws Exception {
    assertThat(
            predict(
                "--stream",
                "--input",
                in.toString(),
                "--output",
                folder.resolve("t").toString(),
                "-D",
                "predict.window-step=1"))
        .isEqualTo(2);
  }
}
