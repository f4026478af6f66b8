package io.github.lsgspark.curation;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SelectSettings;
import io.github.lsgspark.config.SelectSettings.Method;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.curation.Neighbourhoods.Near;
import io.github.lsgspark.head.FeatureTransform;
import io.github.lsgspark.head.FittedHead;
import io.github.lsgspark.head.HeadFit;
import io.github.lsgspark.head.HeadProbabilities;
import io.github.lsgspark.head.UnlabelledFit;
import io.github.lsgspark.storage.JobDescription;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * Chooses samples: those whose labels would stand for most others ({@link Coverage}), each of these
 * counted by how unsure the head, or the graph, is of it.
 */
record SampleChoice(
    SparkSession spark,
    Settings settings,
    String featuresDir,
    List<String> classes,
    JobDescription job) {
  private static final Logger LOG = LoggerFactory.getLogger(SampleChoice.class);

  /** What a head says of each sample [N]; empty arrays without a head. */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  private record Said(int[] predicted, float[] probability, float[] margin) {}

  Selection selection(String prepareDir) {
    SelectSettings own = settings.select();
    Optional<LabelledSamples> labelled = LabelledSamples.of(spark, featuresDir, classes);
    long count = labelled.map(LabelledSamples::count).orElse(0L);
    boolean fits = labelled.map(LabelledSamples::classes).orElse(0L) > 1;
    Method method = method(own, count, fits);
    FeatureTransform transform = HeadProbabilities.transform(spark, settings.head(), featuresDir);
    try (SampleVectors samples =
        SampleVectors.of(spark, featuresDir, transform, SampleVectors.pool())) {
      int[] labels = samples.labels();
      boolean[] open = new boolean[labels.length];
      int unlabelled = 0;
      for (int i = 0; i < open.length; i++) {
        open[i] = labels[i] < 0;
        unlabelled += open[i] ? 1 : 0;
      }
      if (unlabelled == 0) {
        throw LsgException.input(
            "all " + open.length + " training samples have labels: none is left to select");
      }
      if (unlabelled < own.count()) {
        LOG.warn(
            "select: select.count = {}, but only {} samples have no label",
            own.count(),
            unlabelled);
      }
      Optional<FittedHead> head = Optional.empty();
      if (fits) {
        job.now("fit a head to the labelled samples");
        head = Optional.of(HeadFit.fit(spark, settings.head(), featuresDir, classes));
      }
      Said said = head.map(fitted -> said(samples, fitted)).orElse(nothing());
      job.now("search the nearest samples");
      Coverage coverage =
          Coverage.of(
              near(samples, own.neighbours()), own.power(), weights(method, samples, said, head));
      for (int i = 0; i < labels.length; i++) {
        if (labels[i] >= 0) {
          coverage.cover(i);
        }
      }
      List<Coverage.Chosen> chosen = coverage.choose(open, own.count());
      List<Selected> selected = selected(samples, chosen, said);
      Map<String, Object> metrics = new LinkedHashMap<>();
      metrics.put("method", method.name().toLowerCase(Locale.ROOT));
      metrics.put("samples", labels.length);
      metrics.put("labelled", count);
      metrics.put("selected", selected.size());
      LOG.info(
          "select: {} of {} samples without a label, {} labelled, {}",
          selected.size(),
          unlabelled,
          count,
          metrics.get("method"));
      return new Selection(
          classes,
          method,
          selected,
          SamplePlaces.of(spark, prepareDir, selected.stream().map(Selected::id).toList()),
          metrics);
    }
  }

  private Method method(SelectSettings own, long labelled, boolean fits) {
    if (own.method() == Method.AUTO) {
      boolean few = !fits || (double) labelled / classes.size() < own.diverseBelow();
      return few ? Method.DIVERSE : Method.MARGIN;
    }
    if (own.method() != Method.DIVERSE && !fits) {
      throw LsgException.input(
          "select.method = %s needs labelled samples of two classes; diverse needs none"
              .formatted(own.method().name().toLowerCase(Locale.ROOT)));
    }
    return own.method();
  }

  private static Said nothing() {
    return new Said(new int[0], new float[0], new float[0]);
  }

  private Said said(SampleVectors samples, FittedHead fitted) {
    Said said =
        new Said(new int[samples.count()], new float[samples.count()], new float[samples.count()]);
    JavaPairRDD<String, float[]> firsts =
        HeadProbabilities.of(spark, featuresDir, fitted)
            .mapToPair(one -> new Tuple2<>(one.id(), firsts(one.probabilities())));
    JavaPairRDD.fromJavaRDD(samples.names())
        .mapToPair(Tuple2::swap)
        .join(firsts)
        .values()
        .collect()
        .forEach(
            one -> {
              said.predicted[one._1()] = (int) one._2()[0];
              said.probability[one._1()] = one._2()[1];
              said.margin[one._1()] = one._2()[1] - one._2()[2];
            });
    return said;
  }

  /** The likeliest class, its probability, and the next one's. */
  private static float[] firsts(float[] probabilities) {
    int best = 0;
    float next = 0;
    for (int c = 1; c < probabilities.length; c++) {
      if (probabilities[c] > probabilities[best]) {
        next = probabilities[best];
        best = c;
      } else {
        next = Math.max(next, probabilities[c]);
      }
    }
    return new float[] {best, probabilities[best], next};
  }

  private List<Near> near(SampleVectors samples, int k) {
    List<Near> all =
        new ArrayList<>(Collections.nCopies(samples.count(), new Near(new int[0], new float[0])));
    Neighbourhoods.of(spark, samples, k, "select")
        .collect()
        .forEach(one -> all.set(one._1(), one._2()));
    return all;
  }

  private float[] weights(
      Method method, SampleVectors samples, Said said, Optional<FittedHead> head) {
    float[] weights = new float[samples.count()];
    Arrays.fill(weights, 1);
    if (method == Method.MARGIN) {
      for (int i = 0; i < weights.length; i++) {
        weights[i] = 1 - said.margin[i];
      }
    } else if (method == Method.GRAPH) {
      job.now("spread labels over the nearest samples");
      // Of a labelled sample all is known.
      int[] labels = samples.labels();
      for (int i = 0; i < weights.length; i++) {
        weights[i] = labels[i] < 0 ? 1 : 0;
      }
      try (UnlabelledFit spread =
          HeadProbabilities.spread(
              spark, settings.head(), featuresDir, head.orElseThrow(), classes)) {
        JavaPairRDD.fromJavaRDD(samples.names())
            .mapToPair(Tuple2::swap)
            .join(spread.softLabels().mapToPair(one -> new Tuple2<>(one.id(), one.weight())))
            .values()
            .collect()
            .forEach(one -> weights[one._1()] = 1 - one._2());
      }
    }
    return weights;
  }

  private static List<Selected> selected(
      SampleVectors samples, List<Coverage.Chosen> chosen, Said said) {
    Map<Integer, String> ids = new HashMap<>();
    Set<Integer> wanted = new HashSet<>();
    chosen.forEach(one -> wanted.add(one.number()));
    samples
        .names()
        .filter(one -> wanted.contains(one._1()))
        .collect()
        .forEach(one -> ids.put(one._1(), one._2()));
    List<Selected> selected = new ArrayList<>();
    boolean judged = said.predicted.length > 0;
    for (Coverage.Chosen one : chosen) {
      int i = one.number();
      selected.add(
          new Selected(
              ids.get(i),
              selected.size() + 1,
              one.gain(),
              judged ? said.predicted[i] : -1,
              judged ? said.probability[i] : Double.NaN,
              judged ? said.margin[i] : Double.NaN));
    }
    return selected;
  }
}
