package io.github.lsgspark.head;

import io.github.lsgspark.config.HeadSettings;
import io.github.lsgspark.config.HeadSettings.ClassWeights;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.features.FeatureSlice;
import io.github.lsgspark.torch.NativeTorch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
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
 * A ridge head of 100 classes by normal equations that tasks of local[2] sum, leave-one-out of one
 * λ and one temperature included: a pass for the sums and one for leave-one-out. Rows are drawn in
 * the tasks, again in each pass, and nothing is kept. Prints the peak memory of the process.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx2g")
@Warmup(iterations = 0)
@Measurement(iterations = 1)
public class RidgeRowsBenchmark {
  private static final int CLASSES = 100;
  private static final int BLOCK = 1000;

  /** How many rows. */
  @Param({"50000", "200000", "1000000"})
  public int rows;

  /** Numbers of a row. */
  @Param("2048")
  public int dimension;

  private JavaSparkContext spark;

  /** Starts Spark, and what is decomposed once in a process. */
  @Setup
  public void start() {
    NativeTorch.load();
    SparkSession session =
        SparkSession.builder()
            .master("local[2]")
            .appName("ridge")
            .config("spark.ui.enabled", "false")
            .getOrCreate();
    session.sparkContext().setLogLevel("WARN");
    spark = JavaSparkContext.fromSparkContext(session.sparkContext());
  }

  /** The fit, and its leave-one-out accuracy. */
  @Benchmark
  public double fit() {
    int d = dimension;
    JavaRDD<RowBlock> blocks =
        spark
            .parallelize(IntStream.range(0, rows / BLOCK).boxed().toList(), 16)
            .map(block -> drawn(block, d));
    double[] mean = new double[d];
    Arrays.fill(mean, 0.5);
    FeatureTransform transform =
        new FeatureTransform(
            true, List.of(new FeatureSlice("a", "a", 0, d)), d, mean, new double[0], new double[0]);
    long[] counts = new long[CLASSES];
    Arrays.fill(counts, rows / CLASSES);
    List<String> names = IntStream.range(0, CLASSES).mapToObj(c -> "c" + c).toList();
    HeadSettings settings =
        SettingsLoader.parse("head { lambda = \"0.3\", temperature = \"0.1\" }").head();
    LabelledRows labelled =
        new DistributedRows(
            blocks, transform, ClassCounts.of(names, counts, ClassWeights.BALANCED), 1);
    return new RidgeHead().fit(labelled, settings).best().accuracy();
  }

  private static RowBlock drawn(int block, int d) {
    SplittableRandom random = new SplittableRandom(block);
    int[] labels = new int[BLOCK];
    float[] values = new float[BLOCK * d];
    for (int i = 0; i < BLOCK; i++) {
      labels[i] = i % CLASSES;
      for (int j = 0; j < d; j++) {
        double own = j % CLASSES == labels[i] ? 0.2 : 0;
        values[i * d + j] = (float) (own + random.nextDouble());
      }
    }
    return new RowBlock(new String[BLOCK], labels, values);
  }

  /** Stops Spark, and tells the memory. */
  @TearDown
  public void stop() throws IOException {
    spark.stop();
    Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmHWM"))
        .forEach(line -> System.out.println("# " + line));
  }
}
