package io.github.lsgspark.graph.search;

import static org.apache.spark.sql.functions.col;

import io.github.lsgspark.config.LsgException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import scala.Tuple2;
import scala.Tuple4;

/**
 * The vectors of all nodes, in blocks of equal size that every executor can ask for. The driver
 * sees one block at a time; executors keep those they use in Spark's storage memory, and on disk
 * where that is full.
 */
public final class NodeBlocks implements Serializable {
  private static final long serialVersionUID = 1L;

  /** A block holds this many bytes of vectors at most. */
  private static final int BLOCK_BYTES = 64 << 20;

  private static final int LARGEST_BLOCK = 1 << 15;
  private static final int SMALLEST_BLOCK = 16;
  private static final int TASKS_PER_SLOT = 10;

  private final int count;
  private final int dimension;
  private final int blockRows;
  private final List<Broadcast<VectorBlock>> blocks;
  private final Broadcast<int[]> classes;
  private final List<Integer> zeroVectors;

  private NodeBlocks(
      int count,
      int dimension,
      int blockRows,
      List<Broadcast<VectorBlock>> blocks,
      Broadcast<int[]> classes,
      List<Integer> zeroVectors) {
    this.count = count;
    this.dimension = dimension;
    this.blockRows = blockRows;
    this.blocks = blocks;
    this.classes = classes;
    this.zeroVectors = zeroVectors;
  }

  /** A vector on its way to its block. */
  private record Numbered(int node, int label, String name, float[] vector)
      implements Serializable {}

  /** A block, or what is wrong with it. */
  private record Checked(VectorBlock block, int[] classes, String problem)
      implements Serializable {}

  /**
   * Cuts a node table into blocks of a size that gives all task slots several pairs of blocks to
   * compare.
   *
   * @param nodes with columns {@code node int} (0 .. N-1, once each, in any order), {@code label_id
   *     int}, {@code embedding array<float>}; {@code label} and {@code prompt_id}, if there, name a
   *     node in errors
   * @throws LsgException exit 3 naming the node for a number that is missing or occurs twice, a
   *     vector of another length than the others, or a value that is null or not finite
   */
  public static NodeBlocks of(Dataset<Row> nodes) {
    return of(nodes, LARGEST_BLOCK);
  }

  /**
   * Cuts a table of nodes into blocks.
   *
   * @param largestBlock nodes of a block at most
   */
  public static NodeBlocks of(Dataset<Row> nodes, int largestBlock) {
    SparkSession session = nodes.sparkSession();
    int slots = session.sparkContext().defaultParallelism();
    int wanted = (int) Math.ceil(Math.sqrt(2.0 * TASKS_PER_SLOT * slots));
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    int count = Math.toIntExact(nodes.count());
    if (count == 0) {
      throw LsgException.input("there are no nodes to join");
    }
    Dataset<Tuple4<Integer, Integer, String, float[]>> table = typed(nodes);
    int dimension = dimension(table);
    int fitting = Math.max(1, Math.min(largestBlock, BLOCK_BYTES / (4 * Math.max(1, dimension))));
    int rows = Math.max(SMALLEST_BLOCK, Math.min(fitting, (count + wanted - 1) / wanted));
    int blocks = (count + rows - 1) / rows;
    JavaPairRDD<Integer, Iterable<Numbered>> byBlock =
        table
            .javaRDD()
            .mapToPair(
                row ->
                    new Tuple2<>(
                        Math.floorDiv(row._1(), rows),
                        new Numbered(row._1(), row._2(), row._3(), row._4())))
            .groupByKey(new HashPartitioner(blocks));
    Iterator<Checked> checked =
        byBlock
            .map(one -> check(one._1() * rows, rows, count, dimension, one._2()))
            .toLocalIterator();
    List<Broadcast<VectorBlock>> broadcasts = new ArrayList<>();
    int[] classes = new int[count];
    List<Integer> zeroVectors = new ArrayList<>();
    while (checked.hasNext()) {
      Checked one = checked.next();
      if (one.problem != null) {
        throw LsgException.input(one.problem);
      }
      System.arraycopy(one.classes, 0, classes, one.block.start(), one.classes.length);
      IntStream.range(0, one.block.count())
          .filter(row -> one.block.lengths()[row] == 0)
          .forEach(row -> zeroVectors.add(one.block.start() + row));
      broadcasts.add(spark.broadcast(one.block));
    }
    return new NodeBlocks(
        count, dimension, rows, broadcasts, spark.broadcast(classes), List.copyOf(zeroVectors));
  }

  private static Dataset<Tuple4<Integer, Integer, String, float[]>> typed(Dataset<Row> nodes) {
    Column name =
        Arrays.asList(nodes.columns()).containsAll(List.of("label", "prompt_id"))
            ? functions.format_string("label '%s', prompt %s", col("label"), col("prompt_id"))
            : functions.format_string("node %s", col("node"));
    Encoder<float[]> floats = nodes.sparkSession().implicits().newFloatArrayEncoder();
    return nodes
        .select(
            col("node").cast("int").as("_1"),
            col("label_id").cast("int").as("_2"),
            name.as("_3"),
            functions
                .transform(
                    col("embedding"),
                    value -> functions.coalesce(value.cast("float"), functions.lit(Float.NaN)))
                .as("_4"))
        .as(Encoders.tuple(Encoders.INT(), Encoders.INT(), Encoders.STRING(), floats));
  }

  private static int dimension(Dataset<Tuple4<Integer, Integer, String, float[]>> table) {
    // Node 0 tells how long vectors are, whatever the order of the rows.
    Tuple4<Integer, Integer, String, float[]> first = table.orderBy(col("_1").notEqual(0)).head();
    if (first._4() == null || first._4().length == 0) {
      throw LsgException.input("the embedding of " + first._3() + " is empty");
    }
    return first._4().length;
  }

  private static Checked check(
      int start, int rows, int count, int dimension, Iterable<Numbered> members) {
    int size = Math.min(rows, count - start);
    if (start < 0 || size <= 0) {
      return problem(misnumbered(count, members.iterator().next().node));
    }
    float[] values = new float[size * dimension];
    double[] lengths = new double[size];
    int[] classes = new int[size];
    boolean[] seen = new boolean[size];
    for (Numbered one : members) {
      int row = one.node - start;
      if (row >= size) {
        return problem(misnumbered(count, one.node));
      }
      if (seen[row]) {
        return problem("node " + one.node + " (" + one.name + ") occurs twice");
      }
      String fault = fault(one, dimension);
      if (fault != null) {
        return problem(fault);
      }
      double squares = 0;
      for (float value : one.vector) {
        squares += (double) value * value;
      }
      seen[row] = true;
      classes[row] = one.label;
      lengths[row] = Math.sqrt(squares);
      System.arraycopy(one.vector, 0, values, row * dimension, dimension);
    }
    int missing = IntStream.range(0, size).filter(row -> !seen[row]).findFirst().orElse(-1);
    return missing >= 0
        ? problem(
            "nodes must be numbered 0 to "
                + (count - 1)
                + " once each, but "
                + (start + missing)
                + " is missing")
        : new Checked(new VectorBlock(start, dimension, values, lengths), classes, null);
  }

  private static Checked problem(String text) {
    return new Checked(null, null, text);
  }

  private static String misnumbered(int count, int node) {
    return "nodes must be numbered 0 to " + (count - 1) + " once each, but there is " + node;
  }

  private static String fault(Numbered one, int dimension) {
    if (one.vector == null || one.vector.length != dimension) {
      return "the embedding of "
          + one.name
          + " has "
          + (one.vector == null ? 0 : one.vector.length)
          + " numbers, others have "
          + dimension;
    }
    for (int d = 0; d < dimension; d++) {
      if (!Float.isFinite(one.vector[d])) {
        return "the embedding of " + one.name + " has " + one.vector[d] + " at place " + d;
      }
    }
    return null;
  }

  /** Class of each node of a table as {@link #of} takes it. */
  public static int[] classesOf(Dataset<Row> nodes) {
    List<Tuple2<Integer, Integer>> pairs =
        nodes
            .select(col("node").cast("int"), col("label_id").cast("int"))
            .as(Encoders.tuple(Encoders.INT(), Encoders.INT()))
            .collectAsList();
    int[] classes = new int[pairs.size()];
    pairs.forEach(pair -> classes[pair._1()] = pair._2());
    return classes;
  }

  /** Number of nodes N. */
  public int count() {
    return count;
  }

  /** Numbers per vector D. */
  public int dimension() {
    return dimension;
  }

  /** Number of blocks. */
  public int blocks() {
    return blocks.size();
  }

  /** The block of a number; on an executor, fetched when it is first asked for. */
  public VectorBlock block(int number) {
    return blocks.get(number).value();
  }

  /** The number of the block that holds a node. */
  public int blockOf(int node) {
    return node / blockRows;
  }

  /** First node of a block. */
  public int start(int block) {
    return block * blockRows;
  }

  /** Node after the last of a block. */
  public int end(int block) {
    return Math.min(count, (block + 1) * blockRows);
  }

  /** Class of each node. */
  public int[] classes() {
    return classes.value();
  }

  /** Number of the largest class, and one. */
  public int classCount() {
    return 1 + Arrays.stream(classes()).max().orElse(-1);
  }

  /** Numbers of the nodes without a direction: their vectors are zero. */
  public List<Integer> zeroVectors() {
    return zeroVectors;
  }
}
