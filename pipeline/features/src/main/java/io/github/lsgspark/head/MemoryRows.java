package io.github.lsgspark.head;

import io.github.lsgspark.torch.TensorScope;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/** Rows that the driver holds. */
final class MemoryRows implements LabelledRows, AutoCloseable {
  private final ClassCounts classes;
  private final int views;
  private final int[] labels;
  private final Optional<ClassTexts> texts;
  private final Tensor x;

  MemoryRows(RowBlock block, FeatureTransform transform, ClassCounts classes, int views) {
    this(block, transform, classes, views, Optional.empty());
  }

  MemoryRows(
      RowBlock block,
      FeatureTransform transform,
      ClassCounts classes,
      int views,
      Optional<ClassTexts> texts) {
    this.classes = classes;
    this.views = views;
    this.texts = texts;
    this.labels = block.labels();
    try (TensorScope scope = new TensorScope()) {
      x = scope.keep(transform.apply(block.values()));
    }
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
    return (int) x.size(1);
  }

  @Override
  public double[] sum(Term term) {
    try (TensorScope scope = new TensorScope()) {
      return term.of(x, labels);
    }
  }

  @Override
  public Tensor dual() {
    return x.size(0) <= x.size(1) ? x : null;
  }

  @Override
  public int[] dualLabels() {
    return labels;
  }

  @Override
  public Tensor held() {
    return x;
  }

  @Override
  public Optional<ClassTexts> texts() {
    return texts;
  }

  @Override
  public void close() {
    x.close();
  }
}
