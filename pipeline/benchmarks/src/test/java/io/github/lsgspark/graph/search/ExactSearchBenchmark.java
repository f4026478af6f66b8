package io.github.lsgspark.graph.search;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
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
@Fork(value = 1, jvmArgsAppend = "-Xmx6g")
@Warmup(iterations = 2)
@Measurement(iterations = 5)
public class ExactSearchBenchmark {
  private static final int NEIGHBOURS = 10;
  private static final StructType SCHEMA =
      new StructType()
          .add("node", DataTypes.IntegerType, false)
          .add("label_id", DataTypes.IntegerType, false)
          .add("embedding", DataTypes.createArrayType(DataTypes.FloatType, false), false);

  @Param({"10000x1024", "50000x384"})
  public String shape;

  private JavaSparkContext spark;
  private NodeBlocks nodes;

  @Setup
  public void prepare() {
    int count = Integer.parseInt(shape.split("x")[0]);
    int dimension = Integer.parseInt(shape.split("x")[1]);
    SparkSession session =
        SparkSession.builder()
            .master("local[2]")
            .appName("search")
            .config("spark.ui.enabled", "false")
            .getOrCreate();
    spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    List<Integer> numbers = IntStream.range(0, count).boxed().toList();
    JavaRDD<Row> rows =
        spark
            .parallelize(numbers, 8)
            .map(
                node -> {
                  Random random = new Random(node);
                  Float[] vector = new Float[dimension];
                  Arrays.setAll(vector, d -> (float) random.nextGaussian());
                  return RowFactory.create(node, node, vector);
                });
    nodes = NodeBlocks.of(session.createDataFrame(rows, SCHEMA));
  }

  @Benchmark
  public long search() {
    return new ExactSearch(spark, nodes, NEIGHBOURS).neighbours(spark).count();
  }

  @TearDown
  public void stop() {
    spark.stop();
  }
}
