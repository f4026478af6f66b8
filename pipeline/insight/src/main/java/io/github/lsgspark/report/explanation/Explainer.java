package io.github.lsgspark.report.explanation;

import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.embedding.ClassSums;
import io.github.lsgspark.evaluation.ClassDistances;
import io.github.lsgspark.graph.SemanticGraph;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.text.LabelSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the predictions of methods with those of a baseline, paired by seed. Distances of all
 * seeds are those of the label texts of the method's first run, so that every difference is
 * measured by one rule. Embeddings and graphs are read once for several calls. Not safe for several
 * threads.
 */
public final class Explainer {
  private static final Logger LOG = LoggerFactory.getLogger(Explainer.class);

  /** Names of fixed and of broken samples that are kept, at most. */
  static final int SAMPLES = 200;

  /** Confusions removed, and added, that are kept, at most. */
  static final int CONFUSIONS = 50;

  private final SparkSession spark;
  private final HadoopFiles files;
  private final Map<String, ClassDistances> distances = new HashMap<>();
  private final Map<String, int[]> degrees = new HashMap<>();

  public Explainer(SparkSession spark) {
    this.spark = spark;
    this.files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
  }

  /** A method's runs by seed. */
  private record Method(
      Explanation.Side side,
      LabelSet labels,
      Map<Long, ComparedRun> runs,
      Map<Long, RunErrors> errors) {

    ComparedRun first() {
      return runs.values().iterator().next();
    }
  }

  /**
   * Every method but the baseline against it, in the order of the runs. Left out are methods that
   * have no seed in common with the baseline, or other classes.
   *
   * @param budget label budget of the runs; empty where there is only one
   * @param runs of one budget; no method has a seed twice
   */
  public Explanations explain(Optional<String> budget, List<ComparedRun> runs, String baseline) {
    try (PredictionCounts counts = new PredictionCounts(spark, runs)) {
      return explain(budget, runs, baseline, counts);
    }
  }

  private Explanations explain(
      Optional<String> budget, List<ComparedRun> runs, String baseline, PredictionCounts counts) {
    Map<String, Method> methods = methods(runs, counts.errors());
    Method base = methods.get(baseline);
    if (base == null) {
      LOG.warn("{} has no run: no other method is compared with it", baseline);
      return new Explanations(List.of());
    }
    List<Explanation> explanations = new ArrayList<>();
    for (Method method : methods.values()) {
      if (method != base && comparable(base, method)) {
        explanations.add(explanation(budget, base, method, methods, counts));
      }
    }
    return new Explanations(explanations);
  }

  private Map<String, Method> methods(List<ComparedRun> runs, List<RunErrors> errors) {
    Map<String, Method> methods = new LinkedHashMap<>();
    for (int r = 0; r < runs.size(); r++) {
      ComparedRun run = runs.get(r);
      Method method = methods.get(run.method());
      if (method == null) {
        method =
            new Method(
                new Explanation.Side(
                    run.method(), methods.size(), errors.get(r).classifier(), run.guidance()),
                SampleTable.labels(files, run.trainDir()),
                new TreeMap<>(),
                new TreeMap<>());
        methods.put(run.method(), method);
      }
      method.runs().put(run.seed(), run);
      method.errors().put(run.seed(), errors.get(r));
    }
    return methods;
  }

  private static boolean comparable(Method base, Method method) {
    if (!base.labels().equals(method.labels())) {
      LOG.warn("{} and {} have other classes: not compared", base.side().name(), name(method));
      return false;
    }
    if (pairs(base, method).isEmpty()) {
      LOG.warn("{} and {} have no seed in common: not compared", base.side().name(), name(method));
      return false;
    }
    return true;
  }

  private static String name(Method method) {
    return method.side().name();
  }

  private static List<SeedPair> pairs(Method base, Method method) {
    List<SeedPair> pairs = new ArrayList<>();
    method
        .errors()
        .forEach(
            (seed, errors) -> {
              RunErrors other = base.errors().get(seed);
              if (other != null && other.samples() > 0 && errors.samples() > 0) {
                pairs.add(new SeedPair(seed, other, errors));
              }
            });
    return pairs;
  }

  private Explanation explanation(
      Optional<String> budget,
      Method base,
      Method method,
      Map<String, Method> all,
      PredictionCounts counts) {
    List<SeedPair> pairs = pairs(base, method);
    ClassDistances distances = distances(method);
    LabelSet labels = method.labels();
    return new Explanation(
        budget,
        base.side(),
        method.side(),
        labels.labels().stream().map(label -> label.name()).toList(),
        ErrorChange.of(pairs, distances),
        shares(distances.pairsBySteps()),
        ConfusionChange.top(pairs, distances, CONFUSIONS),
        ClassGain.of(pairs, labels.size()),
        degreeGains(pairs, method, distances),
        Paired.of(pairs, RunErrors::calibrationError),
        List.of(
            pooled(pairs.stream().map(SeedPair::baseline).toList()),
            pooled(pairs.stream().map(SeedPair::method).toList())),
        counts.samples(runs(base, pairs), runs(method, pairs), SAMPLES),
        method.side().isGuidedByText() ? controls(method, all, distances) : List.of());
  }

  private static List<Explanation.Control> controls(
      Method method, Map<String, Method> all, ClassDistances distances) {
    List<Explanation.Control> controls = new ArrayList<>();
    for (Method other : all.values()) {
      if (other.side().isControl() && comparable(other, method)) {
        controls.add(
            new Explanation.Control(other.side(), ErrorChange.of(pairs(other, method), distances)));
      }
    }
    return controls;
  }

  private static List<ComparedRun> runs(Method method, List<SeedPair> pairs) {
    return pairs.stream().map(pair -> method.runs().get(pair.seed())).toList();
  }

  private static double[] shares(long[] pairsBySteps) {
    long all = Arrays.stream(pairsBySteps).sum();
    double[] shares = new double[RunErrors.STEP_GROUPS];
    for (int steps = 1; steps < pairsBySteps.length; steps++) {
      shares[RunErrors.group(steps)] += (double) pairsBySteps[steps] / all;
    }
    return shares;
  }

  private static List<RunErrors.Bin> pooled(List<RunErrors> runs) {
    List<RunErrors.Bin> bins = new ArrayList<>();
    for (int b = 0; b < RunErrors.BINS; b++) {
      RunErrors.Bin sum = new RunErrors.Bin(0, 0, 0);
      for (RunErrors run : runs) {
        sum = sum.plus(run.bin(b));
      }
      bins.add(sum);
    }
    return bins;
  }

  private ClassDistances distances(Method method) {
    return distances.computeIfAbsent(
        method.first().embedDir(),
        dir -> ClassDistances.of(method.labels(), ClassSums.read(spark, dir)));
  }

  private DegreeGains degreeGains(List<SeedPair> pairs, Method method, ClassDistances distances) {
    int classes = method.labels().size();
    int[][] ofSeeds = new int[pairs.size()][];
    for (int p = 0; p < ofSeeds.length; p++) {
      ofSeeds[p] =
          method
              .runs()
              .get(pairs.get(p).seed())
              .guidance()
              .map(
                  guidance ->
                      degrees.computeIfAbsent(guidance.graphDir(), dir -> read(dir, classes)))
              .orElseGet(() -> new int[classes]);
    }
    if (Arrays.stream(ofSeeds).flatMapToInt(Arrays::stream).anyMatch(degree -> degree > 0)) {
      return DegreeGains.of(pairs, ofSeeds, true);
    }
    int[] ofTexts = new int[classes];
    Arrays.setAll(ofTexts, distances::degree);
    Arrays.fill(ofSeeds, ofTexts);
    return DegreeGains.of(pairs, ofSeeds, false);
  }

  /** With how many other classes the semantic graph joins each class. */
  private int[] read(String graphDir, int classes) {
    int[] degrees = new int[classes];
    SemanticGraph.read(spark, graphDir)
        .labelEdges()
        .groupBy("from")
        .count()
        .collectAsList()
        .forEach(row -> degrees[row.getInt(0)] = Math.toIntExact(row.getLong(1)));
    return degrees;
  }
}
