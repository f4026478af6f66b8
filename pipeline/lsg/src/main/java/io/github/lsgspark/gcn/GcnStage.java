package io.github.lsgspark.gcn;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Setting;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.graph.TextGraph;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.storage.Retry;
import io.github.lsgspark.torch.Bfloat16Speed;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.Finite;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.Safetensors;
import io.github.lsgspark.torch.TaskDevice;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Trains the GCN on the driver and writes {@code weights.safetensors} and {@code metrics.json}. */
public final class GcnStage {
  private static final Logger LOG = LoggerFactory.getLogger(GcnStage.class);

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
    boolean held = settings.prompts().heldout() > 0;
    ComputeDevice device =
        TaskDevice.onDriver(spark.sparkContext(), settings.gcn().device(), "gcn.device");
    GcnPlan plan =
        GcnPlan.of(
            settings.gcn(),
            GcnPlan.precision(settings.gcn(), device.isCuda(), Bfloat16Speed::ofProducts),
            held);
    if (device.isCuda()) {
      NativeTorch.allowTf32(false);
    }
    LOG.info(
        "Training the GCN of {} nodes, {} numbers each, {} classes on {}: gcn.schedule = {}, {}",
        graph.nodes(),
        graph.dimension(),
        graph.classes(),
        device,
        Setting.text(settings.gcn().schedule()),
        plan);
    TextGraph heldoutGraph = held ? TextGraph.readHeldout(spark, graphDir) : null;
    GcnTrainer.Result result;
    try (GcnGraph training = onDevice(graph, plan.dtype(), device);
        GcnGraph heldout = held ? onDevice(heldoutGraph, plan.dtype(), device) : null) {
      GcnWeights initial = initial(files, settings, plan, graph, training, device);
      result = new GcnTrainer(plan, device).train(training, Optional.ofNullable(heldout), initial);
    }
    write(files, HadoopFiles.path(outDir, WEIGHTS), result, plan);
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("nodes", graph.nodes());
    metrics.put("dimension", graph.dimension());
    metrics.put("classes", graph.classes());
    metrics.put("device", device.toString());
    metrics.put("iterations", result.iterations());
    metrics.put("chosen_iteration", result.chosenIteration());
    metrics.put("seconds_per_iteration", result.secondsPerIteration());
    if (held) {
      metrics.put("heldout_nearest_mean_accuracy", NearestMean.accuracy(graph, heldoutGraph));
    }
    metrics.put("history", result.looks());
    if (!result.looks().isEmpty()) {
      metrics.put("final", result.looks().get(result.looks().size() - 1));
    }
    Json.write(files, HadoopFiles.path(outDir, "metrics.json"), metrics);
    return metrics;
  }

  private static void write(
      HadoopFiles files, String path, GcnTrainer.Result result, GcnPlan plan) {
    Map<String, HostArray> arrays = result.weights().arrays();
    Optional<String> offender = Finite.offender(arrays);
    if (offender.isPresent()) {
      throw LsgException.failed(
          "the GCN's "
              + offender.get()
              + " holds a value that is no finite number after iteration "
              + result.chosenIteration()
              + ": no weights are written; lower gcn.learning-rate ("
              + plan.learningRate()
              + ")");
    }
    try {
      Retry.io(
          path,
          () -> {
            try (OutputStream out = files.create(path)) {
              Safetensors.write(out, arrays, Map.of("format", "pt"));
            }
            return path;
          });
    } catch (IOException e) {
      throw new UncheckedIOException(path + ": " + e.getMessage(), e);
    }
  }

  private static GcnWeights initial(
      HadoopFiles files,
      Settings settings,
      GcnPlan plan,
      TextGraph graph,
      GcnGraph training,
      ComputeDevice device) {
    String init = settings.gcn().init();
    if (!init.isEmpty()) {
      return GcnWeights.of(
          Safetensors.read(files.read(init), init), graph.dimension(), graph.classes(), init);
    }
    GcnWeights random = GcnWeights.initialize(graph.dimension(), graph.classes(), settings.seed());
    return plan.classMeans() ? ClassMeansStart.of(training, random, plan.dtype(), device) : random;
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
