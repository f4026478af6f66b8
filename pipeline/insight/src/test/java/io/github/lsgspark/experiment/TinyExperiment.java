package io.github.lsgspark.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.config.ExperimentSettings;
import io.github.lsgspark.config.ExperimentSettings.Split;
import io.github.lsgspark.config.LsgSettings.LabelGraph;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.report.explanation.Guidance;
import io.github.lsgspark.report.explanation.TinyRuns;
import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.text.LabelSet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An experiment of two budgets, three seeds and two methods, whose runs a test gives figures. */
final class TinyExperiment {
  private static final ExperimentSettings GRID =
      SettingsLoader.load(
              """
              experiment {
                budgets = [4, 50%]
                seeds = [1, 2, 3]
                methods {
                  plain { lsg.enabled = false }
                  "a|<b>" {}
                }
              }
              """,
              Map.of())
          .experiment()
          .orElseThrow();
  private static final LabelSet LABELS = LabelSet.fromFolders(List.of("<x>", "y", "z"), "folder");

  private final Path folder;
  private final List<ExperimentInput.Run> runs = new ArrayList<>();

  TinyExperiment(Path folder) {
    this.folder = folder;
  }

  private String output(String name, String metrics) throws Exception {
    Path path = Files.createDirectories(folder.resolve(name));
    Files.writeString(path.resolve("metrics.json"), metrics);
    return path.toString();
  }

  /** Adds a run of a method with the first or the second budget. */
  void run(int budget, String method, long seed, double accuracy, String more) throws Exception {
    run(budget, method, seed, accuracy, more, "{\"classes\":10}");
  }

  void run(int budget, String method, long seed, double accuracy, String more, String prepared)
      throws Exception {
    run(budget, method, new ExperimentSettings.Trial(seed, 0), accuracy, more, prepared);
  }

  void run(
      int budget,
      String method,
      ExperimentSettings.Trial trial,
      double accuracy,
      String more,
      String prepared)
      throws Exception {
    long seed = trial.seed();
    String name =
        budget
            + "-"
            + GRID.methods().keySet().stream().toList().indexOf(method)
            + seed
            + (trial.fold() == 0 ? "" : "-fold" + trial.fold());
    int labelled = budget == 0 ? 40 : 100;
    String head =
        "{\"accuracy\":" + accuracy + ",\"balanced_accuracy\":0.5,\"mean_semantic_error\":null}";
    runs.add(
        new ExperimentInput.Run(
            method,
            GRID.budgets().get(budget),
            trial,
            method.equals("plain")
                ? Optional.empty()
                : Optional.of(new Guidance(LabelGraph.TEXT, files().graph("graph", LABELS))),
            Map.of(
                "prepare",
                output("prepare" + budget, prepared),
                "embed",
                files().embed("embed", LABELS, 0, 0.5, 0.8),
                "train",
                output(
                    "train" + name,
                    "{\"labelled\":" + labelled + ",\"training_seconds\":" + seed + "}"),
                "evaluate",
                files()
                    .evaluate(
                        "evaluate" + name,
                        LABELS,
                        0.1,
                        ",\"head\":" + head + more,
                        predictions(method)))));
    files().train("train" + name, LABELS);
  }

  private TinyRuns files() {
    return new TinyRuns(LocalSpark.session(), folder);
  }

  /** Plain takes both samples of the first class for the second, the other method one of them. */
  private static TinyRuns.Taken[] predictions(String method) {
    return new TinyRuns.Taken[] {
      new TinyRuns.Taken(0, 1, method.equals("plain") ? 1 : 0), new TinyRuns.Taken(2, 2, 2)
    };
  }

  /** Runs the stage; the content of its table. */
  JsonNode make(Path out) throws Exception {
    return make(out, Split.TEST);
  }

  JsonNode make(Path out, Split split) throws Exception {
    return make(out, split, GRID.folds());
  }

  JsonNode make(Path out, Split split, List<Integer> folds) throws Exception {
    ExperimentSettings grid =
        new ExperimentSettings(
            GRID.budgets(),
            folds.size() > 1 ? List.of(1L) : GRID.seeds(),
            folds,
            GRID.methods(),
            Map.of(),
            1,
            GRID.baseline(),
            split);
    ExperimentStage.run(
        LocalSpark.session(),
        new ExperimentInput("A & B", "seed = 1", true, grid, runs),
        out.toString());
    return new ObjectMapper().readTree(Files.readString(out.resolve("table.json")));
  }
}
