package io.github.lsgspark.evaluation;

import static org.apache.spark.sql.functions.col;

import io.github.lsgspark.dataset.SampleTable;
import java.io.Serializable;
import java.util.BitSet;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The classes that a training has labels of, which are seen, and the others. It is the labelled
 * samples that decide, so a class that just has none is unseen as well. Immutable.
 */
final class SeenClasses implements Serializable {
  private static final long serialVersionUID = 1L;

  private final BitSet seen;
  private final int classes;

  private SeenClasses(BitSet seen, int classes) {
    this.seen = seen;
    this.classes = classes;
  }

  /** The classes of the labelled training samples. */
  static SeenClasses of(SparkSession spark, String prepareDir, int classes) {
    BitSet seen = new BitSet();
    SampleTable.read(spark, prepareDir)
        .where(col("split").equalTo(SampleTable.TRAIN))
        .select("label_id")
        .distinct()
        .collectAsList()
        .stream()
        .mapToInt((Row row) -> row.getInt(0))
        .forEach(seen::set);
    return new SeenClasses(seen, classes);
  }

  /**
   * @param seen numbers of the classes with labels
   */
  static SeenClasses of(int classes, int... seen) {
    BitSet bits = new BitSet();
    for (int label : seen) {
      bits.set(label);
    }
    return new SeenClasses(bits, classes);
  }

  boolean isSeen(int label) {
    return seen.get(label);
  }

  /** Whether every class has labels. */
  boolean all() {
    return seen.cardinality() == classes;
  }

  /** Numbers of the classes with labels, in order. */
  int[] seen() {
    return seen.stream().toArray();
  }

  /** Number of classes, C. */
  int classes() {
    return classes;
  }

  /** How many have no label. */
  int unseenCount() {
    return classes - seen.cardinality();
  }
}
