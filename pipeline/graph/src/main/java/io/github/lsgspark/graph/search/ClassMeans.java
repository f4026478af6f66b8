package io.github.lsgspark.graph.search;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * The directions of classes: for each the sum of the unit vectors of its nodes, in the order of
 * their numbers, so that it does not depend on the blocks.
 */
public final class ClassMeans {
  private static final StructType SCHEMA =
      new StructType()
          .add("node", DataTypes.IntegerType, false)
          .add("label_id", DataTypes.IntegerType, false)
          .add("embedding", DataTypes.createArrayType(DataTypes.FloatType, false), false);

  private ClassMeans() {}

  /**
   * The classes as nodes, numbered as {@link ClassMembers} does. One whose vectors cancel out has a
   * zero vector.
   */
  public static NodeBlocks of(JavaSparkContext spark, NodeBlocks nodes) {
    int classes = new ClassMembers(nodes.classes()).count();
    JavaRDD<Row> rows =
        spark
            .parallelize(IntStream.range(0, classes).boxed().toList(), nodes.blocks())
            .mapPartitions(numbers -> sums(nodes, numbers))
            .persist(StorageLevel.MEMORY_AND_DISK());
    SparkSession session = SparkSession.builder().sparkContext(spark.sc()).getOrCreate();
    try {
      return NodeBlocks.of(session.createDataFrame(rows, SCHEMA));
    } finally {
      rows.unpersist();
    }
  }

  private static Iterator<Row> sums(NodeBlocks nodes, Iterator<Integer> numbers) {
    ClassMembers members = new ClassMembers(nodes.classes());
    List<Row> rows = new ArrayList<>();
    numbers.forEachRemaining(c -> rows.add(RowFactory.create(c, c, sum(nodes, members.of(c)))));
    return rows.iterator();
  }

  private static float[] sum(NodeBlocks nodes, int[] members) {
    double[] sum = new double[nodes.dimension()];
    for (int node : members) {
      double[] unit = nodes.block(nodes.blockOf(node)).unitDoubles(node, node + 1);
      for (int d = 0; d < sum.length; d++) {
        sum[d] += unit[d];
      }
    }
    float[] rounded = new float[sum.length];
    for (int d = 0; d < sum.length; d++) {
      rounded[d] = (float) sum[d];
    }
    return rounded;
  }
}
