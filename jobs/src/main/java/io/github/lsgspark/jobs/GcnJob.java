package io.github.lsgspark.jobs;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.gcn.GcnStage;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** How the graph network is trained. */
final class GcnJob implements Stage {
  private static final StageReads<?> READS = declared();

  @Override
  public String name() {
    return "gcn";
  }

  @Override
  public int version() {
    return 3;
  }

  @Override
  public String help() {
    return "The graph convolutional network on the semantic graph.";
  }

  @Override
  public String work() {
    return "train the graph network on the semantic graph";
  }

  @Override
  public String amount(Loaded loaded) {
    String iterations = loaded.settings().gcn().iterations();
    return iterations.equals("auto") ? "" : iterations + " iterations";
  }

  @Override
  public List<StageInput> inputs() {
    return List.of(StageInput.of("graph"));
  }

  @Override
  public List<StageReads<?>> reads() {
    return List.of(READS);
  }

  @Override
  public Map<String, String> writes() {
    return StageOutputs.of(
        "weights.safetensors", "the frozen network",
        "metrics.json", "losses and accuracies");
  }

  @Override
  public boolean inRun(Loaded loaded) {
    Settings settings = loaded.settings();
    boolean head = HeadJob.isWanted(settings) && HeadJob.isGuided(settings);
    return settings.lsg().enabled() && (settings.train().enabled() || head);
  }

  @Override
  public Loaded decided(Loaded loaded, MachineChoice machines) {
    return machines.gcn(loaded);
  }

  @Override
  public void run(SparkSession session, StageInputs inputs, StageTarget target) {
    GcnStage.run(session, inputs.settings(), inputs.path("graph"), target.folder());
  }

  private static StageReads<?> declared() {
    return StageReads.settings()
        .reads("seed", "gcn")
        .identifies("gcn.init")
        .resolvedIf(all -> true, Conditions.AUTO, "gcn.device")
        .build();
  }
}
