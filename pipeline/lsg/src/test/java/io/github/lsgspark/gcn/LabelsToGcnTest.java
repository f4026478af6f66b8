package io.github.lsgspark.gcn;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.embedding.EmbedStage;
import io.github.lsgspark.graph.GraphStage;
import io.github.lsgspark.graph.TextGraph;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.text.LabelSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Labels, embed, graph, gcn: each stage reads what the one before has written. */
@Tag("long-1")
class LabelsToGcnTest {
  private static final SparkSession SPARK = LocalSpark.session();

  @TempDir Path folder;

  private static LabelSet composedLabels() {
    List<String> names = new ArrayList<>();
    for (String colour : List.of("red", "green", "blue", "yellow")) {
      for (String texture : List.of("striped", "dotted", "plain")) {
        for (String shape : List.of("triangle", "square", "circle")) {
          names.add(colour + " " + texture + " " + shape);
        }
      }
    }
    return LabelSet.fromFolders(names, "composed");
  }

  private JsonNode run(String more) {
    Settings settings =
        SettingsLoader.parse(
            "embedding.encoder = lexical, prompts { train = 8, heldout = 4 }, graph.edge-ratio = 0.02\n"
                + "gcn { iterations = 300, evaluate-every = 100 }\n"
                + more);
    String embed = folder.resolve("embed").toString();
    String graph = folder.resolve("graph").toString();
    String gcn = folder.resolve("gcn").toString();
    EmbedStage.run(SPARK, settings, composedLabels(), embed);
    GraphStage.run(SPARK, settings, embed, graph);
    GcnStage.run(SPARK, settings, graph, gcn);
    return Json.read(new HadoopFiles(new Configuration()), HadoopFiles.path(gcn, "metrics.json"));
  }

  @Test
  void theGcnTellsHeldoutPromptsOfLexicalLabelsApart() {
    JsonNode metrics = run("");
    assertThat(metrics.get("classes").asInt()).isEqualTo(36);
    assertThat(metrics.at("/final/accuracy").asDouble()).isGreaterThan(0.95);
    assertThat(metrics.at("/final/heldoutAccuracy").asDouble()).isGreaterThan(0.9);
    TextGraph graph = TextGraph.read(SPARK, folder.resolve("graph").toString());
    assertThat(graph.labels()[0]).isEqualTo("blue dotted circle");
    assertThat(graph.prompts()).isEqualTo(8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"shuffled", "one-hot"})
  void controlsGoTheSameWay(String control) {
    JsonNode metrics = run("lsg.label-graph = " + control);
    assertThat(metrics.at("/final/accuracy").asDouble()).isGreaterThan(0.9);
  }
}
