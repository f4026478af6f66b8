package io.github.lsgspark.gcn;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.graph.TextGraph;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.Safetensors;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/** Trains the GCN on the driver and writes {@code weights.safetensors} and {@code metrics.json}. */
public final class GcnStage {
  public static final String WEIGHTS = "weights.safetensors";

  private GcnStage() {}

  /**
   * Runs the stage.
   *
   * @param graphDir output of the graph stage
   * @return headline metrics
   */
  public static Map<String, Object> run(
      SparkSession spark, Settings settings, String graphDir, String outDir) {
    HadoopFiles files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    NativeTorch.load();
    TextGraph graph = TextGraph.readTraining(spark, graphDir);
    GcnWeights initial = initial(files, settings, graph);
    boolean held = settings.prompts().heldout() > 0;
    Dtype dtype = Gcn.dtype(settings.gcn());
    ComputeDevice device = ComputeDevice.cpu();
    GcnTrainer.Result result;
    try (GcnGraph training = onDevice(graph, dtype, device);
        GcnGraph heldout =
            held ? onDevice(TextGraph.readHeldout(spark, graphDir), dtype, device) : null) {
      result =
          new GcnTrainer(settings.gcn(), device)
              .train(training, Optional.ofNullable(heldout), initial);
    }
    try (OutputStream out = files.create(HadoopFiles.path(outDir, WEIGHTS))) {
      Safetensors.write(out, result.weights().arrays(), Map.of("format", "pt"));
    } catch (IOException e) {
      throw new UncheckedIOException(outDir + ": " + e.getMessage(), e);
    }
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("nodes", graph.nodes());
    metrics.put("dimension", graph.dimension());
    metrics.put("classes", graph.classes());
    metrics.put("iterations", result.iterations());
    metrics.put("chosen_iteration", result.chosenIteration());
    metrics.put("seconds_per_iteration", result.secondsPerIteration());
    metrics.put("history", result.looks());
    if (!result.looks().isEmpty()) {
      metrics.put("final", result.looks().get(result.looks().size() - 1));
    }
    Json.write(files, HadoopFiles.path(outDir, "metrics.json"), metrics);
    return metrics;
  }

  private static GcnWeights initial(HadoopFiles files, Settings settings, TextGraph graph) {
    String init = settings.gcn().init();
    return init.isEmpty()
        ? GcnWeights.initialize(graph.dimension(), graph.classes(), settings.seed())
        : GcnWeights.of(
            Safetensors.read(files.read(init), init), graph.dimension(), graph.classes(), init);
  }

  private static GcnGraph onDevice(TextGraph graph, Dtype dtype, ComputeDevice device) {
    try (TensorScope scope = new TensorScope()) {
      return new GcnGraph(
          graph.adjacency().normalized(graph::nodeName),
          Tensors.of(graph.embeddings(), graph.nodes(), graph.dimension()),
          graph.nodeClasses(),
          dtype,
          device);
    }
  }
}
