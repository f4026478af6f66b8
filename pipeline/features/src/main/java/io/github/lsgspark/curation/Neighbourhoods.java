package io.github.lsgspark.curation;

import io.github.lsgspark.config.GraphSettings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.graph.search.Neighbour;
import io.github.lsgspark.graph.search.NodeBlocks;
import io.github.lsgspark.graph.search.SearchChoice;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/** The nearest samples of each by cosine, by the search that graphs of labels are made with. */
final class Neighbourhoods {
  private static final Logger LOG = LoggerFactory.getLogger(Neighbourhoods.class);

  /** Of an approximate search. */
  private static final long SEED = 0;

  private static final StructType NODES =
      new StructType()
          .add("node", DataTypes.IntegerType, false)
          .add("label_id", DataTypes.IntegerType, false)
          .add("embedding", DataTypes.createArrayType(DataTypes.FloatType, false), false);

  private Neighbourhoods() {}

  /**
   * The neighbours of one sample, best first, ties by number.
   *
   * @param numbers of the neighbours [k]
   * @param cosines theirs [k]
   */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  record Near(int[] numbers, float[] cosines) implements Serializable {}

  /**
   * The neighbours of samples, by their numbers; a sample without any is left out.
   *
   * @param k how many, or all where there are no more
   * @param purpose for the log
   */
  static JavaPairRDD<Integer, Near> of(
      SparkSession session, SampleVectors samples, int k, String purpose) {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(session.sparkContext());
    Dataset<Row> table =
        session.createDataFrame(
            samples
                .blocks()
                .flatMap(
                    block ->
                        IntStream.range(0, block.samples())
                            .mapToObj(
                                i ->
                                    RowFactory.create(
                                        block.start() + i, block.labels()[i], block.row(i)))
                            .iterator()),
            NODES);
    NodeBlocks nodes = NodeBlocks.of(table);
    int most = Math.max(1, Math.min(k, samples.count() - 1));
    GraphSettings graph = SettingsLoader.parse("graph.k = " + most).graph();
    SearchChoice choice = SearchChoice.of(graph, nodes.count(), nodes.dimension());
    LOG.info("{}: {} neighbours of {} samples: {}", purpose, most, nodes.count(), choice.reason());
    return choice
        .over(spark, nodes, most, graph, SEED)
        .neighbours(spark)
        .mapToPair(one -> new Tuple2<>(one.node(), one))
        .groupByKey()
        .mapValues(Neighbourhoods::near);
  }

  private static Near near(Iterable<Neighbour> some) {
    List<Neighbour> sorted = new ArrayList<>();
    some.forEach(sorted::add);
    sorted.sort(
        Comparator.comparingDouble((Neighbour one) -> -one.cosine())
            .thenComparingInt(Neighbour::neighbour));
    Near near = new Near(new int[sorted.size()], new float[sorted.size()]);
    for (int i = 0; i < sorted.size(); i++) {
      near.numbers[i] = sorted.get(i).neighbour();
      near.cosines[i] = (float) sorted.get(i).cosine();
    }
    return near;
  }
}
