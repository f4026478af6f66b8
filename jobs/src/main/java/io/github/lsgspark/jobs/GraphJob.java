package io.github.lsgspark.jobs;

import io.github.lsgspark.config.GraphSettings.Search;
import io.github.lsgspark.config.GraphSettings.Selection;
import io.github.lsgspark.config.LsgSettings;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.graph.GraphStage;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.spark.sql.SparkSession;

/** Which texts are joined. */
final class GraphJob implements Stage {
  private static final StageReads<?> READS = declared();

  @Override
  public String name() {
    return "graph";
  }

  @Override
  public int version() {
    return 4;
  }

  @Override
  public String help() {
    return "The semantic graph: which prompted labels are joined, and how strongly.";
  }

  @Override
  public String work() {
    return "the semantic graph of the class names";
  }

  @Override
  public List<StageInput> inputs() {
    return List.of(StageInput.of("embed"));
  }

  @Override
  public List<StageReads<?>> reads() {
    return List.of(READS);
  }

  @Override
  public Map<String, String> writes() {
    return StageOutputs.of(
        "nodes/, edges/", "the graph that guides the backbone",
        "training_edges/", "the edges that the GCN is trained on",
        "heldout_nodes/, heldout_edges/", "the graph of held-out prompts",
        "nearest_labels/, nearest_labels.tsv", "the labels most like each",
        "metrics.json", "facts of the graph");
  }

  @Override
  public boolean inRun(Loaded loaded) {
    return loaded.settings().lsg().enabled();
  }

  @Override
  public void run(SparkSession session, StageInputs inputs, StageTarget target) {
    GraphStage.run(session, inputs.settings(), inputs.path("embed"), target.folder());
  }

  private static StageReads<?> declared() {
    return StageReads.settings()
        .readsIf(all -> all.lsg().labelGraph() == LsgSettings.LabelGraph.SHUFFLED, "seed")
        .reads("graph.selection", "graph.force-same-class", "lsg.label-graph")
        .readsIf(selects(Selection.GLOBAL_RATIO, Selection.EUCLIDEAN), "graph.edge-ratio")
        .readsIf(selects(Selection.THRESHOLD), "graph.threshold")
        .readsIf(selects(Selection.KNN, Selection.TAXONOMY), "graph.k", "graph.symmetry")
        .readsIf(selects(Selection.KNN), "graph.search")
        .readsIf(searches(Search.AUTO), "graph.exact-limit")
        .readsIf(searches(Search.AUTO, Search.APPROXIMATE), "graph.search-width")
        .readsIf(searches(Search.AUTO, Search.APPROXIMATE), "graph.search-probes")
        .readsIf(searches(Search.TWO_LEVEL), "graph.near-classes")
        // An exact search finds the same whatever its blocks, and needs no recall.
        .readsIf(
            searches(Search.AUTO, Search.APPROXIMATE, Search.TWO_LEVEL),
            "graph.recall-sample",
            "graph.block-rows")
        .build();
  }

  private static Predicate<Settings> selects(Selection first, Selection... others) {
    Set<Selection> selections = EnumSet.of(first, others);
    return all -> selections.contains(all.graph().selection());
  }

  private static Predicate<Settings> searches(Search first, Search... others) {
    Set<Search> searches = EnumSet.of(first, others);
    return all ->
        all.graph().selection() == Selection.KNN && searches.contains(all.graph().search());
  }
}
