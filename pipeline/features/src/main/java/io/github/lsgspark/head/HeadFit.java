package io.github.lsgspark.head;

import io.github.lsgspark.config.HeadSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.features.FeatureFacts;
import io.github.lsgspark.features.FeatureSlice;
import io.github.lsgspark.features.FeatureTable;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.JobDescription;
import io.github.lsgspark.torch.NativeTorch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fits a head to a table of features, and chooses what settings leave open by leave-one-out. */
public final class HeadFit {
  private static final Logger LOG = LoggerFactory.getLogger(HeadFit.class);

  /** Labelled rows of at most so many numbers are fitted on the driver. */
  static final long MOST_IN_MEMORY = 1L << 25;

  /** Of an approximate search for neighbours. */
  private static final long SEED = 0;

  private final SparkSession spark;
  private final HeadSettings settings;
  private final String dir;
  private final FeatureFacts facts;
  private final List<String> classes;

  private HeadFit(
      SparkSession spark,
      HeadSettings settings,
      String dir,
      FeatureFacts facts,
      List<String> classes) {
    this.spark = spark;
    this.settings = settings;
    this.dir = dir;
    this.facts = facts;
    this.classes = classes;
  }

  /**
   * Fits a head.
   *
   * @param featuresDir output of the stage features
   * @param classes names of the classes, in order of their ids
   * @throws LsgException exit 2 for layers that the table does not have; exit 3 without a labelled
   *     sample
   */
  public static FittedHead fit(
      SparkSession spark, HeadSettings settings, String featuresDir, List<String> classes) {
    FeatureFacts facts =
        FeatureTable.facts(
            new HadoopFiles(spark.sparkContext().hadoopConfiguration()), featuresDir);
    NativeTorch.setThreads(Runtime.getRuntime().availableProcessors());
    try (JobDescription job = JobDescription.of(spark.sparkContext(), "head")) {
      return new HeadFit(spark, settings, featuresDir, facts, classes).fit(job);
    }
  }

  private FittedHead fit(JobDescription job) {
    HeadKind kind = Heads.of(settings.closedForm());
    List<List<FeatureSlice>> sets = layerSets();
    job.now("average the features of the pool");
    JavaRDD<RowBlock> pool = read(false);
    FeatureTransform open =
        new FeatureTransform(
            settings.root() == HeadSettings.Root.SIGNED_ROOT,
            facts.slices(),
            facts.dimension(),
            new double[facts.dimension()],
            new double[0],
            new double[0]);
    JavaRDD<RowBlock> labelled = read(true).persist(StorageLevel.MEMORY_AND_DISK());
    ClassCounts counts = counts(labelled);
    FeatureTransform centred = PoolMoments.centred(pool, open);
    long numbers = counts.samples() * facts.views() * facts.dimension();
    Optional<RowBlock> held =
        numbers <= MOST_IN_MEMORY
            ? Optional.of(RowBlock.joined(labelled.collect()))
            : Optional.empty();
    List<FittedHead.Tried> tried = new ArrayList<>();
    HeadKind.Fitted best = null;
    FeatureTransform chosen = null;
    for (List<FeatureSlice> set : sets) {
      String name = FittedHead.name(set);
      job.now("fit %s on %s", kind.label(), name);
      FeatureTransform transform = centred.of(set);
      if (settings.whitens()) {
        transform = PoolMoments.whitened(pool, transform);
      }
      HeadKind.Fitted fitted = fit(kind, held, labelled, transform, counts);
      fitted.candidates().forEach(one -> tried.add(new FittedHead.Tried(name, one)));
      // All layers come first, and stay unless fewer are better by more than chance.
      if (best == null
          || fitted
              .best()
              .isClearlyBetterThan(best.best(), settings.chooseBy(), counts.samples())) {
        best = fitted;
        chosen = transform;
      }
    }
    labelled.unpersist();
    FittedHead fitted =
        new FittedHead(chosen, best.head(), best.best(), tried, counts.samples(), counts.empty());
    return settings.unlabelled() == HeadSettings.Unlabelled.NONE
        ? fitted
        : withUnlabelled(fitted, pool, counts, job);
  }

  private FittedHead withUnlabelled(
      FittedHead fitted, JavaRDD<RowBlock> pool, ClassCounts counts, JobDescription job) {
    job.now("fit all samples, the unlabelled ones by their likeness");
    try (UnlabelledFit all =
        new UnlabelledSamples(spark, settings, counts, SEED)
            .fit(
                pool,
                facts.views(),
                fitted.transform(),
                fitted.head(),
                fitted.best().temperature())) {
      return fitted.with(all.head(), all.temperature());
    }
  }

  private HeadKind.Fitted fit(
      HeadKind kind,
      Optional<RowBlock> held,
      JavaRDD<RowBlock> labelled,
      FeatureTransform transform,
      ClassCounts counts) {
    if (held.isEmpty()) {
      return kind.fit(new DistributedRows(labelled, transform, counts, facts.views()), settings);
    }
    try (MemoryRows rows = new MemoryRows(held.get(), transform, counts, facts.views())) {
      return kind.fit(rows, settings);
    }
  }

  private JavaRDD<RowBlock> read(boolean labelled) {
    return RowBlocks.read(spark, dir, facts, labelled);
  }

  private ClassCounts counts(JavaRDD<RowBlock> labelled) {
    int size = classes.size();
    long[] counts =
        labelled
            .map(block -> counted(block.labels(), size))
            .fold(
                new long[size],
                (a, b) -> {
                  long[] sum = a.clone();
                  for (int c = 0; c < size; c++) {
                    sum[c] += b[c];
                  }
                  return sum;
                });
    ClassCounts all = ClassCounts.of(classes, counts, settings.classWeights());
    if (all.samples() == 0) {
      throw LsgException.input(dir + ": holds no labelled training sample");
    }
    if (!all.empty().isEmpty()) {
      LOG.warn(
          "head: {} of {} classes have no labelled sample and are never predicted: {}",
          all.empty().size(),
          size,
          all.empty().stream().limit(10).toList());
    }
    return all;
  }

  private static long[] counted(int[] labels, int classes) {
    long[] counts = new long[classes];
    Arrays.stream(labels).forEach(label -> counts[label]++);
    return counts;
  }

  /** What is tried: the named layers; or all, each run of the last ones, and the named sets. */
  private List<List<FeatureSlice>> layerSets() {
    if (!settings.choosesLayers()) {
      return List.of(settings.layers().stream().map(this::slice).toList());
    }
    List<FeatureSlice> all = facts.slices();
    Set<List<FeatureSlice>> sets = new LinkedHashSet<>();
    for (int from = 0; from < all.size(); from++) {
      sets.add(all.subList(from, all.size()));
    }
    for (String set : settings.layerSets()) {
      sets.add(Arrays.stream(set.split("\\+")).map(String::strip).map(this::slice).toList());
    }
    return List.copyOf(sets);
  }

  private FeatureSlice slice(String layer) {
    return facts.slices().stream()
        .filter(one -> one.name().equals(layer) || one.layer().equals(layer))
        .findFirst()
        .orElseThrow(
            () ->
                LsgException.usage(
                    "head.layers names '%s', but the layers of %s are %s"
                        .formatted(
                            layer,
                            dir,
                            String.join(
                                ", ", facts.slices().stream().map(FeatureSlice::name).toList()))));
  }
}
