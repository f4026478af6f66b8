package io.github.lsgspark.head;

import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.TensorScope;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.bytedeco.pytorch.Tensor;

/** Rows in blocks on executors; a task holds one block and one sum. */
final class DistributedRows implements LabelledRows {
  private static final int DEPTH = 2;

  private final JavaRDD<RowBlock> blocks;
  private final FeatureTransform transform;
  private final ClassCounts classes;
  private final int views;
  private final Optional<ClassTexts> texts;

  DistributedRows(
      JavaRDD<RowBlock> blocks, FeatureTransform transform, ClassCounts classes, int views) {
    this(blocks, transform, classes, views, Optional.empty());
  }

  DistributedRows(
      JavaRDD<RowBlock> blocks,
      FeatureTransform transform,
      ClassCounts classes,
      int views,
      Optional<ClassTexts> texts) {
    this.blocks = blocks;
    this.transform = transform;
    this.classes = classes;
    this.views = views;
    this.texts = texts;
  }

  @Override
  public ClassCounts classes() {
    return classes;
  }

  @Override
  public int views() {
    return views;
  }

  @Override
  public int dimension() {
    return transform.dimension();
  }

  /** What a task adds up. */
  private record Pass(FeatureTransform transform, Term term) implements java.io.Serializable {}

  @Override
  public double[] sum(Term term) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(blocks.context());
    Broadcast<Pass> pass = context.broadcast(new Pass(transform, term));
    try {
      return blocks
          .mapPartitions(part -> partial(part, pass.value()))
          .treeReduce(Sums::added, DEPTH);
    } finally {
      pass.destroy();
    }
  }

  private static Iterator<double[]> partial(Iterator<RowBlock> part, Pass pass) {
    NativeTorch.setThreads(TaskContext.get().cpus());
    double[] sum = null;
    while (part.hasNext()) {
      RowBlock block = part.next();
      try (TensorScope scope = new TensorScope()) {
        double[] term = pass.term.of(pass.transform.apply(block.values()), block.labels());
        sum = sum == null ? term : Sums.added(sum, term);
      }
    }
    return sum == null ? Collections.emptyIterator() : List.of(sum).iterator();
  }

  @Override
  public Optional<ClassTexts> texts() {
    return texts;
  }

  @Override
  public Tensor dual() {
    return null;
  }

  @Override
  public int[] dualLabels() {
    return new int[0];
  }
}
