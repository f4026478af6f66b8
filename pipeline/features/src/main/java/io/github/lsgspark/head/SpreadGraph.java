package io.github.lsgspark.head;

import io.github.lsgspark.config.GraphSettings;
import io.github.lsgspark.config.HeadSettings.SpreadSettings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.graph.search.NodeBlocks;
import io.github.lsgspark.graph.search.SearchChoice;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * The graph that labels spread over: each sample's nearest by cosine, weight max(cosine, 0)^power,
 * both directions averaged, D^-½ W D^-½, D the row sums. Its rows are cut into one part for each
 * block of samples, in Spark's storage; the driver holds one number a sample.
 */
final class SpreadGraph {
  private static final Logger LOG = LoggerFactory.getLogger(SpreadGraph.class);

  private static final StructType NODES =
      new StructType()
          .add("node", DataTypes.IntegerType, false)
          .add("label_id", DataTypes.IntegerType, false)
          .add("embedding", DataTypes.createArrayType(DataTypes.FloatType, false), false);

  private SpreadGraph() {}

  /**
   * Rows of the matrix.
   *
   * @param blocks of their columns, [e]
   * @param rows within this part [e], ascending
   * @param columns within their blocks [e]
   * @param weights [e]
   */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  record Part(int[] rows, int[] blocks, int[] columns, double[] weights) implements Serializable {}

  /** An entry of the matrix. */
  private record Entry(int row, int column, double weight) implements Serializable {}

  /**
   * The parts, by the number of their block.
   *
   * @param pool numbered blocks
   * @param starts number of the first sample of each block, and the number of samples last
   */
  static JavaPairRDD<Integer, Part> of(
      SparkSession session,
      JavaPairRDD<Integer, PoolRows> pool,
      int[] starts,
      SpreadSettings settings,
      long seed) {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    int count = starts[starts.length - 1];
    int k = Math.min(settings.k(), count - 1);
    JavaRDD<Row> rows = pool.flatMap(block -> nodes(starts[block._1()], block._2()).iterator());
    Dataset<Row> table = session.createDataFrame(rows, NODES);
    NodeBlocks nodes = NodeBlocks.of(table);
    GraphSettings graph = SettingsLoader.parse("graph.k = " + Math.max(1, k)).graph();
    SearchChoice choice = SearchChoice.of(graph, nodes.count(), nodes.dimension());
    LOG.info("label spreading searches {} neighbours: {}", k, choice.reason());
    double power = settings.power();
    HashPartitioner partitioner = new HashPartitioner(starts.length - 1);
    JavaPairRDD<Long, Double> half =
        choice
            .over(spark, nodes, Math.max(1, k), graph, seed)
            .neighbours(spark)
            .filter(one -> one.cosine() > 0)
            .flatMapToPair(
                one -> {
                  double weight = 0.5 * Math.pow(one.cosine(), power);
                  return List.of(
                          new Tuple2<>(key(one.node(), one.neighbour()), weight),
                          new Tuple2<>(key(one.neighbour(), one.node()), weight))
                      .iterator();
                });
    JavaPairRDD<Integer, Entry> entries =
        half.reduceByKey(Double::sum)
            .mapToPair(
                one -> {
                  int row = (int) (one._1() >>> 32);
                  return new Tuple2<>(
                      blockOf(row, starts),
                      new Entry(row, (int) (one._1() & 0xFFFFFFFFL), one._2()));
                });
    JavaPairRDD<Integer, Part> plain =
        entries
            .groupByKey(partitioner)
            .mapToPair(one -> new Tuple2<>(one._1(), part(one._1(), one._2(), starts)));
    plain.persist(StorageLevel.MEMORY_AND_DISK());
    double[] roots = new double[count];
    plain.mapToPair(one -> degrees(one, starts)).collect().forEach(one -> copy(one, starts, roots));
    Broadcast<double[]> all = spark.broadcast(roots);
    JavaPairRDD<Integer, Part> scaled =
        JavaPairRDD.fromJavaRDD(
            plain.mapPartitions(
                parts -> {
                  List<Tuple2<Integer, Part>> own = new ArrayList<>();
                  parts.forEachRemaining(one -> own.add(scaled(one, starts, all.value())));
                  return own.iterator();
                },
                true));
    scaled.persist(StorageLevel.MEMORY_AND_DISK()).count();
    plain.unpersist();
    return scaled;
  }

  private static List<Row> nodes(int start, PoolRows block) {
    List<Row> rows = new ArrayList<>();
    int d = block.x().length / block.samples();
    for (int i = 0; i < block.samples(); i++) {
      rows.add(
          RowFactory.create(
              start + i, block.labels()[i], Arrays.copyOfRange(block.x(), i * d, (i + 1) * d)));
    }
    return rows;
  }

  private static long key(int row, int column) {
    return ((long) row << 32) | column;
  }

  /** The block of a sample. */
  static int blockOf(int sample, int[] starts) {
    int found = Arrays.binarySearch(starts, sample);
    int block = found >= 0 ? found : -found - 2;
    // Empty blocks start where the next one does.
    while (starts[block + 1] == sample) {
      block++;
    }
    return block;
  }

  private static Part part(int block, Iterable<Entry> entries, int[] starts) {
    List<Entry> sorted = new ArrayList<>();
    entries.forEach(sorted::add);
    sorted.sort(Comparator.comparingInt(Entry::row).thenComparingInt(Entry::column));
    int e = sorted.size();
    Part part = new Part(new int[e], new int[e], new int[e], new double[e]);
    for (int i = 0; i < e; i++) {
      Entry one = sorted.get(i);
      part.rows[i] = one.row - starts[block];
      part.blocks[i] = blockOf(one.column, starts);
      part.columns[i] = one.column - starts[part.blocks[i]];
      part.weights[i] = one.weight;
    }
    return part;
  }

  private static Tuple2<Integer, double[]> degrees(Tuple2<Integer, Part> one, int[] starts) {
    double[] sums = new double[starts[one._1() + 1] - starts[one._1()]];
    Part part = one._2();
    for (int i = 0; i < part.rows.length; i++) {
      sums[part.rows[i]] += part.weights[i];
    }
    return new Tuple2<>(one._1(), sums);
  }

  private static void copy(Tuple2<Integer, double[]> one, int[] starts, double[] roots) {
    for (int i = 0; i < one._2().length; i++) {
      roots[starts[one._1()] + i] = Math.sqrt(one._2()[i]);
    }
  }

  private static Tuple2<Integer, Part> scaled(
      Tuple2<Integer, Part> one, int[] starts, double[] roots) {
    Part part = one._2();
    double[] weights = part.weights.clone();
    for (int i = 0; i < weights.length; i++) {
      weights[i] /=
          roots[starts[one._1()] + part.rows[i]] * roots[starts[part.blocks[i]] + part.columns[i]];
    }
    return new Tuple2<>(one._1(), new Part(part.rows, part.blocks, part.columns, weights));
  }
}
