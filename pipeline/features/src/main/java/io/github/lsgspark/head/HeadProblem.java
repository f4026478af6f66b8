package io.github.lsgspark.head;

import io.github.lsgspark.config.HeadSettings;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/** The labelled rows that a head is fitted on, and the transforms that it may choose from. */
public final class HeadProblem {
  private final JavaSparkContext spark;
  private final HeadSettings settings;
  private final List<String> classes;
  private final List<FeatureTransform> transforms;
  private final Rows labelled;
  private final long[] classRows;

  HeadProblem(
      JavaSparkContext spark,
      HeadSettings settings,
      List<String> classes,
      List<FeatureTransform> transforms,
      Rows labelled,
      long[] classRows) {
    this.spark = spark;
    this.settings = settings;
    this.classes = List.copyOf(classes);
    this.transforms = List.copyOf(transforms);
    this.labelled = labelled;
    this.classRows = classRows.clone();
  }

  /** The context that passes run in. */
  public JavaSparkContext spark() {
    return spark;
  }

  /** What the head is asked for. */
  public HeadSettings settings() {
    return settings;
  }

  /** Names of the classes, in the order of their numbers. */
  public List<String> classes() {
    return classes;
  }

  /** One for each set of layers that may be chosen. */
  public List<FeatureTransform> transforms() {
    return transforms;
  }

  /** Labelled rows of each class. */
  public long[] classRows() {
    return classRows.clone();
  }

  /** Raw features of the labelled rows. */
  public JavaRDD<Features> labelledRows() {
    JavaRDD<Block> blocks =
        labelled.isLocal()
            ? spark.parallelize(List.of(labelled.local()), 1)
            : labelled.distributed();
    return blocks.flatMap(block -> block.features().iterator());
  }

  Rows labelled() {
    return labelled;
  }

  ClassBalance balance() {
    return ClassBalance.of(settings.classWeights(), classRows);
  }

  /** The same rows with one transform to choose from. */
  HeadProblem with(FeatureTransform transform) {
    return new HeadProblem(spark, settings, classes, List.of(transform), labelled, classRows);
  }
}
