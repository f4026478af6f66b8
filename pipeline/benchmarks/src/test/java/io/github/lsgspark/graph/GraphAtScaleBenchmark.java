package io.github.lsgspark.graph;

import static org.apache.spark.sql.functions.col;

import io.github.lsgspark.testing.StandaloneCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
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
 * The graph of the ten nearest neighbours of many prompts on two executor JVMs, edges written.
 * LSG_EMBEDDINGS names the embeddings folder of the embed stage. Prints the facts and the peak
 * memory of driver and executors.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx4g")
@Warmup(iterations = 0)
@Measurement(iterations = 1)
public class GraphAtScaleBenchmark {
  /** Labels taken; each with all its prompts. */
  @Param({"10920", "21841"})
  public int labels;

  @Param({"exact", "approximate", "two-level"})
  public String search;

  private SparkSession spark;
  private Path folder;

  @Setup
  public void prepare() throws IOException {
    folder = Files.createTempDirectory("graph-at-scale");
    spark = StandaloneCluster.start(folder.resolve("spark-home"), 4096);
    spark.sparkContext().setLogLevel("WARN");
  }

  @Benchmark
  public Map<String, Object> graph() throws IOException {
    Dataset<Row> embeddings =
        spark
            .read()
            .parquet(System.getenv("LSG_EMBEDDINGS"))
            .where(col("label_id").lt(labels).and(col("split").equalTo("train")));
    String nodes = folder.resolve("nodes-" + search).toString();
    SemanticGraph.nodes(embeddings).write().parquet(nodes);
    SemanticGraph graph =
        SemanticGraph.build(
            spark.read().parquet(nodes), "selection = knn, k = 10, search = " + search);
    String edges = folder.resolve("edges-" + search).toString();
    graph.edges().write().parquet(edges);
    Map<String, Object> facts = graph.withEdges(spark.read().parquet(edges)).facts();
    System.out.println(facts);
    System.out.println("driver " + peak(ProcessHandle.current()));
    ProcessHandle.current()
        .descendants()
        .forEach(child -> System.out.println("executor " + peak(child)));
    return facts;
  }

  private static String peak(ProcessHandle process) {
    try {
      return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
          .filter(line -> line.startsWith("VmHWM"))
          .findFirst()
          .orElse("?");
    } catch (IOException e) {
      return e.toString();
    }
  }

  @TearDown
  public void stop() {
    spark.stop();
  }
}
