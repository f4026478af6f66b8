package io.github.lsgspark.report.explanation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.config.LsgSettings.LabelGraph;
import io.github.lsgspark.report.explanation.TinyRuns.Taken;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.text.LabelSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Runs of two methods, plain and lsg, whose predictions the tests know, and others to compare. */
final class ComparedRuns {
  static final LabelSet LABELS =
      LabelSet.fromFolders(List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j"), "folder");

  /**
   * On an arc, ever wider apart. The class graph joins each with its three nearest: from a it is 1
   * step to b, c and d, 2 to e and f, 3 to g and h, 4 to i and j.
   */
  static final double[] ANGLES =
      IntStream.range(0, 10).mapToDouble(i -> i * 0.2 + i * i * 1e-4).toArray();

  static final Taken C = new Taken(2, 2, 2, 2, 2, 2);
  static final Taken[] PLAIN_1 = {
    new Taken(0, 0, 0, 0, 0, 1, 1, 4, 4, 7, 9), new Taken(1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0), C
  };
  static final Taken[] PLAIN_2 = {
    new Taken(0, 0, 0, 0, 0, 1, 1, 1, 4, 7, 9), new Taken(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0), C
  };
  static final Taken[] LSG_1 = {
    new Taken(0, 0, 0, 0, 0, 0, 0, 0, 1, 7, 9), new Taken(1, 0, 1, 1, 1, 1, 1, 1, 1, 0, 0), C
  };
  static final Taken[] LSG_2 = {
    new Taken(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9), new Taken(1, 0, 1, 1, 1, 1, 1, 1, 1, 0, 0), C
  };

  private final List<ComparedRun> runs = new ArrayList<>();
  private final TinyRuns files;
  private final String train;
  private final String embed;

  ComparedRuns(Path folder) throws IOException {
    files = new TinyRuns(LocalSpark.session(), folder);
    train = files.train("train", LABELS);
    embed = files.embed("embed", LABELS, ANGLES);
  }

  /** All that are compared, in the order in which they were added. */
  List<ComparedRun> runs() {
    return runs;
  }

  /** Writes outputs of stages. */
  TinyRuns files() {
    return files;
  }

  /** The output of the trainings. */
  String train() {
    return train;
  }

  /** The vectors of the classes. */
  String embed() {
    return embed;
  }

  /** Adds a run; its guidance may be null. */
  void run(String method, long seed, double ece, Guidance guidance, Taken... samples)
      throws IOException {
    String evaluate = files.evaluate(method + seed, LABELS, ece, "", samples);
    runs.add(new ComparedRun(method, seed, train, evaluate, embed, Optional.ofNullable(guidance)));
  }

  /** Two seeds of plain, three of lsg; a is joined with c and d in lsg's graph, b with none. */
  void plainAndLsg() throws IOException {
    String graph = files.graph("graph", LABELS, new int[] {0, 2}, new int[] {0, 3});
    Guidance text = new Guidance(LabelGraph.TEXT, graph);
    run("plain", 1, 0.1, null, PLAIN_1);
    run("plain", 2, 0.2, null, PLAIN_2);
    run("lsg", 2, 0.05, text, LSG_2);
    run("lsg", 1, 0.05, text, LSG_1);
    run("lsg", 3, 0.9, text, new Taken(0, 9));
  }

  /** Compares all others with plain, of the budget 4. */
  Explanations explain() {
    return new Explainer(LocalSpark.session()).explain(Optional.of("4"), runs, "plain");
  }

  /** The comparison, if it is one. */
  static JsonNode only(Explanations explanations) throws IOException {
    JsonNode all = new ObjectMapper().readTree(Json.text(explanations.json())).get("comparisons");
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  /** Checks a figure of both methods, and its difference. */
  static void paired(
      JsonNode node, double baseline, double method, double difference, double error) {
    assertThat(node.at("/baseline/mean").asDouble()).isCloseTo(baseline, within(1e-6));
    assertThat(node.at("/method/mean").asDouble()).isCloseTo(method, within(1e-6));
    assertThat(node.at("/difference/mean").asDouble()).isCloseTo(difference, within(1e-6));
    assertThat(node.at("/difference/se").asDouble()).isCloseTo(error, within(1e-6));
  }
}
