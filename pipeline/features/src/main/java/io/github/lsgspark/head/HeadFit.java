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
import java.util.function.Consumer;
import java.util.function.Function;
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
  private final Set<String> hidden;
  private final Optional<ClassTexts> texts;
  private final Consumer<JavaRDD<SoftLabel>> softLabels;

  private HeadFit(
      SparkSession spark,
      HeadSettings settings,
      String dir,
      FeatureFacts facts,
      List<String> classes,
      Optional<ClassTexts> texts,
      Set<String> hidden,
      Consumer<JavaRDD<SoftLabel>> softLabels) {
    this.spark = spark;
    this.settings = settings;
    this.dir = dir;
    this.facts = facts;
    this.classes = classes;
    this.texts = texts;
    this.hidden = Set.copyOf(hidden);
    this.softLabels = softLabels;
  }

  /** Fits a head that knows nothing of texts. */
  public static FittedHead fit(
      SparkSession spark, HeadSettings settings, String featuresDir, List<String> classes) {
    return fit(
        spark, settings, featuresDir, classes, Optional.empty(), false, Set.of(), softLabels -> {});
  }

  /**
   * Fits a head.
   *
   * @param featuresDir output of the stage features
   * @param classes names of the classes, in order of their ids
   * @param texts of the classes, where settings ask for them
   * @param byName whether features are mapped to the texts as well
   * @param hidden samples whose labels are not to be seen
   * @param softLabels is given what unlabelled samples are taken for, where settings let them take
   *     part; to be read before it returns
   * @throws LsgException exit 2 for layers that the table does not have; exit 3 without a labelled
   *     sample
   */
  public static FittedHead fit(
      SparkSession spark,
      HeadSettings settings,
      String featuresDir,
      List<String> classes,
      Optional<ClassTexts> texts,
      boolean byName,
      Set<String> hidden,
      Consumer<JavaRDD<SoftLabel>> softLabels) {
    FeatureFacts facts =
        FeatureTable.facts(
            new HadoopFiles(spark.sparkContext().hadoopConfiguration()), featuresDir);
    NativeTorch.setThreads(Runtime.getRuntime().availableProcessors());
    try (JobDescription job = JobDescription.of(spark.sparkContext(), "head")) {
      return new HeadFit(spark, settings, featuresDir, facts, classes, texts, hidden, softLabels)
          .fit(job, byName);
    }
  }

  private FittedHead fit(JobDescription job, boolean byName) {
    HeadKind kind = Heads.of(settings.closedForm());
    List<List<FeatureSlice>> sets = layerSets();
    JavaRDD<RowBlock> pool = read(false);
    FeatureTransform centred = FeatureTransform.centred(settings, facts);
    job.now("read the labelled samples");
    JavaRDD<RowBlock> labelled = read(true).persist(StorageLevel.MEMORY_AND_DISK());
    ClassCounts counts = counts(labelled, byName || kind.isOfTexts());
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
      HeadKind.Fitted fitted =
          with(held, labelled, transform, counts, rows -> kind.fit(rows, settings));
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
    FittedHead fitted =
        new FittedHead(
            chosen,
            best.head(),
            best.best(),
            tried,
            counts.samples(),
            counts.empty(),
            Optional.empty());
    if (byName) {
      job.now("map features to the texts of the classes");
      ClassTexts own = texts.orElseThrow();
      fitted =
          fitted.with(
              with(held, labelled, chosen, counts, rows -> TextRidge.fit(rows, own, settings)));
    }
    labelled.unpersist();
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
      softLabels.accept(all.softLabels());
      return fitted.with(all.head(), all.temperature());
    }
  }

  private <T> T with(
      Optional<RowBlock> held,
      JavaRDD<RowBlock> labelled,
      FeatureTransform transform,
      ClassCounts counts,
      Function<LabelledRows, T> fit) {
    if (held.isEmpty()) {
      return fit.apply(new DistributedRows(labelled, transform, counts, facts.views(), texts));
    }
    try (MemoryRows rows = new MemoryRows(held.get(), transform, counts, facts.views(), texts)) {
      return fit.apply(rows);
    }
  }

  private JavaRDD<RowBlock> read(boolean labelled) {
    return RowBlocks.read(spark, dir, facts, labelled, hidden);
  }

  private ClassCounts counts(JavaRDD<RowBlock> labelled, boolean byTexts) {
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
          "head: {} of {} classes have no labelled sample and are {}: {}",
          all.empty().size(),
          size,
          byTexts ? "told by their texts alone" : "never predicted",
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
