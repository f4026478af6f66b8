package io.github.lsgspark.graph;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
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

/** Exact ten nearest neighbours of all rows, random directions, as a Spark job in local[2]. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {
      "-Xmx6g",
      "--add-opens=java.base/java.nio=ALL-UNNAMED",
      "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
      "--add-opens=java.base/java.lang=ALL-UNNAMED",
      "--add-opens=java.base/java.lang.invoke=ALL-UNNAMED",
      "--add-opens=java.base/java.util=ALL-UNNAMED",
      "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED"
    })
@Warmup(iterations = 2)
@Measurement(iterations = 5)
public class ExactSearchBenchmark {
  private static final int NEIGHBOURS = 10;
  private static final int LARGEST_BLOCK = 2048;

  @Param({"10000x1024", "50000x384"})
  public String shape;

  private JavaSparkContext spark;
  private Broadcast<NodeVectors> vectors;

  @Setup
  public void prepare() {
    int count = Integer.parseInt(shape.split("x")[0]);
    int dimension = Integer.parseInt(shape.split("x")[1]);
    Random random = new Random(1);
    float[][] rows = new float[count][dimension];
    for (float[] row : rows) {
      for (int d = 0; d < dimension; d++) {
        row[d] = (float) random.nextGaussian();
      }
    }
    spark =
        new JavaSparkContext(
            new SparkConf()
                .setMaster("local[2]")
                .setAppName("search")
                .set("spark.ui.enabled", "false"));
    vectors = spark.broadcast(NodeVectors.of(rows, new int[count], i -> "node " + i));
  }

  @Benchmark
  public long search() {
    return new ExactSearch(spark, vectors, NEIGHBOURS, LARGEST_BLOCK).neighbours(spark).count();
  }

  @TearDown
  public void stop() {
    spark.stop();
  }
}
