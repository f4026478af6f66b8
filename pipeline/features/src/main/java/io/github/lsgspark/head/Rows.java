package io.github.lsgspark.head;

import io.github.lsgspark.torch.NativeTorch;
import java.io.Serializable;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;

/**
 * Rows of features, here or on executors.
 *
 * @param local where they are here, else null
 * @param distributed where they are there, else null
 */
record Rows(Block local, JavaRDD<Block> distributed) {
  private static final int DEPTH = 2;

  static Rows of(Block block) {
    return new Rows(block, null);
  }

  static Rows of(JavaRDD<Block> blocks) {
    return new Rows(null, blocks);
  }

  boolean isLocal() {
    return local != null;
  }

  /** The sum over all of them; there must be one. */
  <T> T sum(BlockSum<T> sum) {
    if (isLocal()) {
      return sum.over(List.of(local).iterator());
    }
    return distributed.mapPartitions(inTask(sum)).treeReduce(sum::add, DEPTH);
  }

  private static <T> FlatMapFunction<Iterator<Block>, T> inTask(BlockSum<T> sum) {
    return blocks -> {
      if (!blocks.hasNext()) {
        return Collections.emptyIterator();
      }
      useTaskThreads();
      return List.of(sum.over(blocks)).iterator();
    };
  }

  /** One task of Spark has as many threads as it has cores. */
  static void useTaskThreads() {
    TaskContext task = TaskContext.get();
    if (task != null) {
      NativeTorch.setThreads(task.cpus());
    }
  }

  /** The driver has all processors while no task runs in it. */
  static void useDriverThreads() {
    NativeTorch.setThreads(Runtime.getRuntime().availableProcessors());
  }

  /** Two arrays added, into the first. */
  static double[] add(double[] a, double[] b) {
    for (int i = 0; i < a.length; i++) {
      a[i] += b[i];
    }
    return a;
  }

  /** Serializable functions of blocks. */
  interface Function<T> extends Serializable {
    T of(Block block);
  }
}
