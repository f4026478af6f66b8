package io.github.lsgspark.graph.search;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.Tuple2;

/** The directions of classes: for each the sum of the unit vectors of its nodes. */
public final class ClassMeans {
  private static final StructType SCHEMA =
      new StructType()
          .add("node", DataTypes.IntegerType, false)
          .add("label_id", DataTypes.IntegerType, false)
          .add("embedding", DataTypes.createArrayType(DataTypes.FloatType, false), false);

  private ClassMeans() {}

  /** Sum of a class's unit vectors in one block. */
  private record PartialSum(int block, double[] sum) implements Serializable {}

  /**
   * The classes as nodes, numbered as {@link ClassMembers} does. One whose vectors cancel out has a
   * zero vector.
   */
  public static NodeBlocks of(JavaSparkContext spark, NodeBlocks nodes) {
    JavaRDD<Row> rows =
        spark
            .parallelize(IntStream.range(0, nodes.blocks()).boxed().toList(), nodes.blocks())
            .flatMapToPair(
                block -> {
                  List<Tuple2<Integer, PartialSum>> sums = new ArrayList<>();
                  sums(nodes, block)
                      .forEach((c, sum) -> sums.add(new Tuple2<>(c, new PartialSum(block, sum))));
                  return sums.iterator();
                })
            .groupByKey()
            .map(one -> RowFactory.create(one._1(), one._1(), total(one._2())));
    return NodeBlocks.of(
        SparkSession.builder()
            .sparkContext(spark.sc())
            .getOrCreate()
            .createDataFrame(rows, SCHEMA));
  }

  private static TreeMap<Integer, double[]> sums(NodeBlocks nodes, int number) {
    VectorBlock block = nodes.block(number);
    ClassMembers members = new ClassMembers(nodes.classes());
    TreeMap<Integer, double[]> sums = new TreeMap<>();
    for (int node = block.start(); node < block.end(); node++) {
      double[] sum =
          sums.computeIfAbsent(
              members.number(nodes.classes()[node]), unused -> new double[nodes.dimension()]);
      double[] unit = block.unitDoubles(node, node + 1);
      for (int d = 0; d < sum.length; d++) {
        sum[d] += unit[d];
      }
    }
    return sums;
  }

  private static float[] total(Iterable<PartialSum> unordered) {
    List<PartialSum> parts = new ArrayList<>();
    unordered.forEach(parts::add);
    parts.sort(Comparator.comparingInt(PartialSum::block));
    float[] total = new float[parts.get(0).sum.length];
    for (int d = 0; d < total.length; d++) {
      double sum = 0;
      for (PartialSum part : parts) {
        sum += part.sum[d];
      }
      total[d] = (float) sum;
    }
    return total;
  }
}
