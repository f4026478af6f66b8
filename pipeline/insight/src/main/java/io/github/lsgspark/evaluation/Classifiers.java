package io.github.lsgspark.evaluation;

import static io.github.lsgspark.config.EvaluateSettings.Classifier.ENSEMBLE;
import static io.github.lsgspark.config.EvaluateSettings.Classifier.HEAD;
import static io.github.lsgspark.config.EvaluateSettings.Classifier.LOKI;
import static io.github.lsgspark.config.EvaluateSettings.Classifier.PROTOTYPES;

import io.github.lsgspark.config.EvaluateSettings;
import io.github.lsgspark.config.EvaluateSettings.Classifier;
import io.github.lsgspark.config.EvaluateSettings.LabelMetric;
import io.github.lsgspark.config.EvaluateSettings.Pooling;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.dataset.SampleTable;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a model's scores of a sample come to, by each classifier:
 *
 * <ul>
 *   <li>head: softmax(logits);
 *   <li>prototypes: softmax(scale · (cosine - γ [seen])), where γ is {@code evaluate.seen-penalty}
 *       (calibrated stacking: Chao et al., ECCV 2016);
 *   <li>ensemble: the mean of these two, or with {@code evaluate.pooling = geometric} their
 *       geometric mean, scaled to sum 1: softmax(½ logits + ½ scale · (cosine - γ [seen]));
 *   <li>loki: softmax(-scale/2 · spread), of the {@link FrechetMean}'s spread. With {@code
 *       evaluate.label-metric = cosine} the order of classes is that of ConSE (Norouzi et al., ICLR
 *       2014).
 * </ul>
 */
final class Classifiers implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(Classifiers.class);

  /** Distances of more classes would not fit a driver: four bytes for each two of them. */
  static final int MOST_CLASSES = 10_000;

  private final Classifier headline;
  private final double scale;
  private final Pooling pooling;
  private final double seenPenalty;
  private final SeenClasses seen;
  private final boolean measures;
  private final Broadcast<FrechetMean> middle;

  private Classifiers(
      EvaluateSettings settings,
      SeenClasses seen,
      boolean measures,
      Broadcast<FrechetMean> middle) {
    this.headline = settings.headline();
    this.scale = settings.prototypeScale();
    this.pooling = settings.pooling();
    this.seenPenalty = seen.all() ? 0 : settings.seenPenalty();
    this.seen = seen;
    this.measures = measures;
    this.middle = middle;
  }

  /**
   * Classifiers to measure: where some classes have no labels, all that there are.
   *
   * @throws LsgException exit 2 if {@code evaluate.classifier = loki} meets too many classes
   */
  static Classifiers measured(
      SparkSession spark, EvaluateSettings settings, SeenClasses seen, ClassDistances distances) {
    boolean measures = !seen.all();
    boolean loki = settings.headline() == LOKI || measures;
    if (loki && settings.headline() != LOKI && seen.classes() > MOST_CLASSES) {
      LOG.warn(
          "evaluate: {} classes are too many for the distances of loki, which is left out",
          seen.classes());
      loki = false;
    }
    return new Classifiers(
        settings,
        seen,
        measures,
        loki ? middle(spark, seen, distances, settings.labelMetric()) : null);
  }

  /**
   * The classifier that predicts.
   *
   * @param distances asked for by {@code evaluate.classifier = loki} alone
   * @throws LsgException exit 2 if it meets too many classes
   */
  static Classifiers predicting(
      SparkSession spark,
      EvaluateSettings settings,
      SeenClasses seen,
      Supplier<ClassDistances> distances) {
    return new Classifiers(
        settings,
        seen,
        false,
        settings.headline() == LOKI
            ? middle(spark, seen, distances.get(), settings.labelMetric())
            : null);
  }

  private static Broadcast<FrechetMean> middle(
      SparkSession spark, SeenClasses seen, ClassDistances distances, LabelMetric metric) {
    if (seen.classes() > MOST_CLASSES) {
      throw LsgException.usage(
          "evaluate.classifier = loki can tell at most "
              + MOST_CLASSES
              + " classes, but there are "
              + seen.classes());
    }
    return JavaSparkContext.fromSparkContext(spark.sparkContext())
        .broadcast(new FrechetMean(seen.seen(), squared(distances, seen.seen(), metric)));
  }

  /** Squared distances from some classes to all. */
  static float[][] squared(ClassDistances distances, int[] from, LabelMetric metric) {
    ClassGraph graph = metric == LabelMetric.GRAPH ? new ClassGraph(distances) : null;
    return IntStream.of(from)
        .parallel()
        .mapToObj(
            label -> {
              double[] paths = graph == null ? null : graph.pathsFrom(label);
              float[] row = new float[distances.size()];
              for (int c = 0; c < row.length; c++) {
                double length = paths == null ? distances.chord(label, c) : paths[c];
                row[c] = (float) (length * length);
              }
              return row;
            })
        .toArray(float[][]::new);
  }

  /**
   * @param split of the sample table; classes without labels are measured on the test split
   */
  Scored scored(Sample sample, String split, OpenModel.Scores scores) {
    Scored scored =
        new Scored(
            sample.id(),
            sample.label(),
            split,
            new EnumMap<>(Classifier.class),
            new ArrayList<>(measures ? Classifier.values().length : 0));
    each(scores, (by, ordering, probabilities) -> add(scored, by, ordering, probabilities));
    return scored;
  }

  /**
   * What the classifier that predicts says of one sample.
   *
   * @param scores by which classes are ordered [C]
   * @param probabilities of all classes [C]
   */
  record Distribution(double[] scores, double[] probabilities) {}

  /** The classifier that predicts; the head where there are no prototypes. */
  Distribution distribution(OpenModel.Scores scores) {
    EnumMap<Classifier, Distribution> all = new EnumMap<>(Classifier.class);
    each(
        scores,
        (by, ordering, probabilities) -> all.put(by, new Distribution(ordering, probabilities)));
    return all.getOrDefault(headline, all.get(HEAD));
  }

  /** Takes what one classifier says: scores by which classes are ordered, and probabilities. */
  private interface Said {
    void by(Classifier classifier, double[] scores, double[] probabilities);
  }

  private void each(OpenModel.Scores scores, Said said) {
    double[] logits = wide(scores.logits());
    double[] head = TopKPrediction.softmax(logits, 1);
    said.by(HEAD, logits, head);
    if (scores.cosines() != null) {
      double[] cosines = wide(scores.cosines());
      for (int c = 0; c < cosines.length; c++) {
        cosines[c] -= seen.isSeen(c) ? seenPenalty : 0;
      }
      double[] prototypes = TopKPrediction.softmax(cosines, scale);
      double[] both = new double[head.length];
      for (int c = 0; c < both.length; c++) {
        both[c] =
            pooling == Pooling.MEAN
                ? (head[c] + prototypes[c]) / 2
                : (logits[c] + scale * cosines[c]) / 2;
      }
      said.by(PROTOTYPES, cosines, prototypes);
      said.by(ENSEMBLE, both, pooling == Pooling.MEAN ? both : TopKPrediction.softmax(both, 1));
    }
    if (middle != null) {
      double[] nearness = middle.value().spread(logits);
      for (int c = 0; c < nearness.length; c++) {
        nearness[c] = -nearness[c];
      }
      said.by(LOKI, nearness, TopKPrediction.softmax(nearness, scale / 2));
    }
  }

  /**
   * @param scores by which classes are ordered; probabilities may be too small to tell them apart
   */
  private void add(Scored scored, Classifier by, double[] scores, double[] probabilities) {
    if (by == HEAD || by == ENSEMBLE || by == headline) {
      scored.outcomes().put(by, TopKPrediction.of(probabilities));
    }
    if (measures && scored.split().equals(SampleTable.TEST)) {
      scored.unseen().add(UnseenOutcome.of(by, scores, scored.labelId(), seen));
    }
  }

  private static double[] wide(float[] values) {
    double[] wide = new double[values.length];
    for (int c = 0; c < values.length; c++) {
      wide[c] = values[c];
    }
    return wide;
  }
}
