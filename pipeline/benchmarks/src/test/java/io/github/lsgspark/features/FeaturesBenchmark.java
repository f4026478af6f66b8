package io.github.lsgspark.features;

import io.github.lsgspark.backbone.Backbone;
import io.github.lsgspark.backbone.BatchNormalization;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.dataset.PrepareStage;
import io.github.lsgspark.torch.Autograd;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.FlatParameters;
import io.github.lsgspark.torch.ModeGuard;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.NeuralOps;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.SparkSession;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The whole features stage in local[2] over 96-pixel PNG files (reading, decoding, Spark's jobs and
 * the table included), beside the network's forward pass alone over as many views in memory, on two
 * threads of one core each.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx3g")
@Warmup(iterations = 1)
@Measurement(iterations = 3)
public class FeaturesBenchmark {
  private static final int CORES = 2;
  private static final int CLASSES = 20;

  @Param("squeezenet1_1")
  public String network;

  /** Pixels of a view. */
  @Param("96")
  public int side;

  /** Images, in 20 classes. */
  @Param("4000")
  public int images;

  private SparkSession spark;
  private Settings settings;
  private Path folder;
  private String prepared;
  private int runs;

  /** Draws the images, and prepares them. */
  @Setup(Level.Trial)
  public void prepare() throws IOException {
    NativeTorch.load();
    settings =
        SettingsLoader.parse(
            """
            data {
              train = "drawn:novel", label-budget = "50%%"
              drawn { image-size = 96, base-classes = 20, novel-classes = %d
                      train-per-class = %d, test-per-class = 1 }
            }
            train { backbone = %s, image-size = %d, normalization = imagenet, device = cpu }
            """
                .formatted(CLASSES, images / CLASSES - 1, network, side));
    spark =
        SparkSession.builder()
            .master("local[" + CORES + "]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "4")
            .getOrCreate();
    spark.sparkContext().setLogLevel("WARN");
    folder = Files.createTempDirectory("features");
    prepared = folder.resolve("prepare").toString();
    PrepareStage.run(spark, settings, prepared);
  }

  @TearDown(Level.Trial)
  public void stop() {
    spark.stop();
  }

  /** The stage, into a fresh folder. */
  @Benchmark
  public Map<String, Object> program() {
    return FeaturesStage.run(
        spark,
        settings,
        prepared,
        Optional.empty(),
        folder.resolve("out" + runs++).toString(),
        Optional.empty());
  }

  /** Forward passes alone. */
  @Benchmark
  public int forward() throws InterruptedException {
    FrozenNetwork frozen = FrozenNetwork.of(settings, new byte[0], "");
    int batch = settings.features().batch();
    int each = images / CORES;
    Thread[] threads = new Thread[CORES];
    for (int core = 0; core < CORES; core++) {
      threads[core] = new Thread(() -> run(frozen, each, batch));
      threads[core].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return each;
  }

  private void run(FrozenNetwork frozen, int count, int batch) {
    NativeTorch.setThreads(1);
    Map<String, long[]> shapes;
    try (Backbone backbone = frozen.open()) {
      shapes = new LinkedHashMap<>(backbone.parameterShapes());
      shapes.putAll(backbone.bufferShapes());
      try (FlatParameters tensors =
          FlatParameters.allocateChannelsLast(
              shapes, shapes.keySet(), Dtype.FLOAT32, ComputeDevice.cpu())) {
        tensors.load(frozen.arrays());
        for (int done = 0; done < count; done += batch) {
          pass(backbone, tensors, Math.min(batch, count - done));
        }
      }
    }
  }

  private void pass(Backbone backbone, FlatParameters tensors, int views) {
    try (TensorScope scope = new TensorScope();
        ModeGuard guard = Autograd.noGrad()) {
      var unused =
          Tensors.floats(
              backbone.features(
                  tensors::parameter,
                  NeuralOps.channelsLast(
                      Tensors.zeros(Dtype.FLOAT32, ComputeDevice.cpu(), views, 3, side, side)),
                  BatchNormalization.runningStatistics()));
    }
  }
}
