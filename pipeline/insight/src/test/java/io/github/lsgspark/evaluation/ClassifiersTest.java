package io.github.lsgspark.evaluation;

import static io.github.lsgspark.config.EvaluateSettings.Classifier.ENSEMBLE;
import static io.github.lsgspark.config.EvaluateSettings.Classifier.HEAD;
import static io.github.lsgspark.config.EvaluateSettings.Classifier.LOKI;
import static io.github.lsgspark.config.EvaluateSettings.Classifier.PROTOTYPES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.EvaluateSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.embedding.ClassSums;
import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.text.LabelSet;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

class ClassifiersTest {
  private static final SparkSession SPARK = LocalSpark.session();
  private static final SeenClasses ALL = SeenClasses.of(3, 0, 1, 2);
  private static final SeenClasses OUTER = SeenClasses.of(3, 0, 2);

  /** b lies between a and c. */
  private static final ClassDistances DISTANCES =
      ClassDistances.of(
          LabelSet.of(List.of("a", "b", "c")),
          List.of(
              new ClassSums(0, "a", 1, new double[] {1, 0}, 0, new double[2]),
              new ClassSums(1, "b", 1, new double[] {1, 1}, 0, new double[2]),
              new ClassSums(2, "c", 1, new double[] {0, 1}, 0, new double[2])));

  private static EvaluateSettings settings(String keys) {
    return SettingsLoader.parse("evaluate { " + keys + " }").evaluate();
  }

  private static Scored scored(String keys, SeenClasses seen, float[] logits, float[] cosines) {
    return Classifiers.measured(SPARK, settings(keys), seen, DISTANCES)
        .scored(new Sample("id", 1, ""), "test", new OpenModel.Scores(logits, cosines));
  }

  @Test
  void theEnsembleIsTheMeanOfHeadAndPrototypes() {
    Scored scored = scored("", ALL, new float[] {0.1f, 0, -99}, new float[] {0.1f, 0.4f, -1});
    assertThat(scored.outcomes()).containsOnlyKeys(HEAD, ENSEMBLE);
    assertThat(scored.unseen()).isEmpty();
    assertThat(scored.outcomes().get(HEAD).predicted()).isZero();
    TopKPrediction ensemble = scored.outcomes().get(ENSEMBLE);
    double head = 1 / (1 + Math.exp(0.1f));
    double prototypes = 1 / (1 + Math.exp(16 * ((double) 0.1f - 0.4f)));
    assertThat(ensemble.predicted()).isEqualTo(1);
    assertThat(ensemble.confidence()).isCloseTo((head + prototypes) / 2, within(1e-8));
  }

  @Test
  void aGeometricMeanNeedsBothToFindAClassLikely() {
    float[] logits = {3, 2.5f, -9};
    float[] cosines = {-0.5f, 0.4f, 0.5f};
    assertThat(scored("", ALL, logits, cosines).outcomes().get(ENSEMBLE).predicted()).isEqualTo(2);
    TopKPrediction pooled =
        scored("pooling = geometric", ALL, logits, cosines).outcomes().get(ENSEMBLE);
    assertThat(pooled.ids()).containsExactly(1, 2, 0);
    // sqrt(P Q) of two classes: half the sum of the differences of logits and of 16 cosines.
    assertThat(pooled.probabilities()[0] / pooled.probabilities()[2])
        .isCloseTo(Math.exp((-0.5 + 16 * 0.9) / 2), within(1e-2));
    assertThat(Arrays.stream(pooled.probabilities()).sum()).isCloseTo(1, within(1e-12));
  }

  @Test
  void thePenaltyIsTakenOffSeenClassesAlone() {
    float[] logits = {5, 0, 0};
    float[] cosines = {0.5f, 0.4f, 0.1f};
    String named = "classifier = prototypes";
    assertThat(scored(named, OUTER, logits, cosines).headline(PROTOTYPES).predicted()).isZero();
    String penalty = named + ", seen-penalty = 0.2";
    TopKPrediction calibrated = scored(penalty, OUTER, logits, cosines).headline(PROTOTYPES);
    assertThat(calibrated.ids()).containsExactly(1, 0, 2);
    assertThat(calibrated.probabilities()[0] / calibrated.probabilities()[1])
        .isCloseTo(Math.exp(16 * (0.4 - 0.3)), within(1e-5));
    // Nobody to favour.
    assertThat(scored(penalty, ALL, logits, cosines).headline(PROTOTYPES).predicted()).isZero();
  }

  @Test
  void everyClassifierIsMeasuredWhereAClassHasNoLabels() {
    Scored scored = scored("", OUTER, new float[] {1, 0.5f, 1}, new float[] {0, 0.1f, 0.2f});
    assertThat(scored.unseen())
        .containsExactly(
            new UnseenOutcome(HEAD, 0, 1),
            new UnseenOutcome(PROTOTYPES, 2, 1),
            new UnseenOutcome(ENSEMBLE, 2, 1),
            new UnseenOutcome(LOKI, 1, 1));
    assertThat(scored("", OUTER, new float[3], null).unseen())
        .extracting(UnseenOutcome::classifier)
        .containsExactly(HEAD, LOKI);
  }

  @Test
  void rankCountsUnseenClassesOnlyAndLowerNumbersFirst() {
    SeenClasses seen = SeenClasses.of(5, 1);
    double[] scores = {0.3, 0.9, 0.3, 0.5, 0.3};
    assertThat(UnseenOutcome.of(HEAD, scores, 3, seen)).isEqualTo(new UnseenOutcome(HEAD, 1, 1));
    assertThat(UnseenOutcome.of(HEAD, scores, 0, seen).rank()).isEqualTo(2);
    assertThat(UnseenOutcome.of(HEAD, scores, 4, seen).rank()).isEqualTo(4);
    assertThat(UnseenOutcome.of(HEAD, scores, 1, seen).rank()).isZero();
  }

  @Test
  void lokiPredictsTheMiddleAndKeepsItsOrderInProbabilities() {
    Scored scored = scored("classifier = loki", ALL, new float[] {2, -50, 2}, null);
    TopKPrediction loki = scored.headline(LOKI);
    assertThat(loki.ids()).containsExactly(1, 0, 2);
    // Spread of b: chord² at 45 degrees. Of a: half of chord² at 90, by way of b or straight.
    double middle = 2 - Math.sqrt(2);
    double outer = 2 / 2.0;
    assertThat(loki.probabilities()[0] / loki.probabilities()[1])
        .isCloseTo(Math.exp(8 * (outer - middle)), within(1e-4));
  }

  @Test
  void lokiRefusesMoreClassesThanItHasRoomFor() {
    SeenClasses many = SeenClasses.of(Classifiers.MOST_CLASSES + 1, 0);
    EvaluateSettings named = settings("classifier = loki");
    assertThatThrownBy(() -> Classifiers.predicting(SPARK, named, many, () -> DISTANCES))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("evaluate.classifier = loki")
        .hasMessageContaining("10001");
    float[] none = new float[Classifiers.MOST_CLASSES + 1];
    assertThat(
            Classifiers.measured(SPARK, settings(""), many, DISTANCES)
                .scored(new Sample("id", 1, ""), "test", new OpenModel.Scores(none, none))
                .unseen())
        .extracting(UnseenOutcome::classifier)
        .containsExactly(HEAD, PROTOTYPES, ENSEMBLE);
  }

  @Test
  @SuppressWarnings("unchecked")
  void figuresAreMeansOverClasses() {
    SeenClasses seen = SeenClasses.of(5, 0, 1);
    UnseenTally whole = new UnseenTally(5);
    UnseenTally[] parts = {new UnseenTally(5), new UnseenTally(5)};
    // label, predicted, rank: class 0 two of three, class 1 none of one, class 2 one of two,
    // class 3 none of two, class 4 never seen in the test split.
    int[][] samples = {
      {0, 0, 0}, {0, 0, 0}, {0, 1, 0}, {1, 2, 0}, {2, 2, 1}, {2, 0, 6}, {3, 1, 5}, {3, 1, 2}
    };
    for (int i = 0; i < samples.length; i++) {
      int[] s = samples[i];
      List<UnseenOutcome> outcomes = List.of(new UnseenOutcome(LOKI, s[1], s[2]));
      whole.add(s[0], outcomes);
      parts[i % 2].add(s[0], outcomes);
    }
    whole.add(0, List.of());
    Map<String, Object> json = UnseenFigures.of(whole, seen, settings("seen-penalty = 0.3"));
    assertThat(json)
        .containsEntry("seen_samples", 4L)
        .containsEntry("unseen_samples", 4L)
        .containsEntry("unseen_classes", 3)
        .containsEntry("seen_penalty", 0.3)
        .containsEntry("label_metric", "graph")
        .doesNotContainKey("head");
    Map<String, Double> loki = (Map<String, Double>) json.get("loki");
    assertThat(loki.get("seen_accuracy")).isCloseTo((2.0 / 3 + 0) / 2, within(1e-12));
    assertThat(loki.get("unseen_accuracy")).isEqualTo((1.0 / 2 + 0) / 2);
    assertThat(loki.get("harmonic_mean"))
        .isCloseTo(2 * (1.0 / 3) * 0.25 / (1.0 / 3 + 0.25), within(1e-12));
    assertThat(loki.get("unseen_only_top1")).isEqualTo(0.25);
    assertThat(loki.get("unseen_only_top5")).isEqualTo((0.5 + 1) / 2);
    assertThat(UnseenFigures.summary(json))
        .isEqualTo(
            "3 of 5 classes have no label; accuracy of the others and of these by"
                + " loki 33.3 and 25.0 %");
    UnseenTally merged = new UnseenTally(5).merge(parts[1]).merge(parts[0]);
    assertThat(UnseenFigures.of(merged, seen, settings("seen-penalty = 0.3"))).isEqualTo(json);
  }

  @Test
  void withoutTestSamplesOfAnUnseenClassThereIsNoAccuracy() {
    SeenClasses seen = SeenClasses.of(2, 0);
    UnseenTally tally = new UnseenTally(2).add(0, List.of(new UnseenOutcome(HEAD, 1, 0)));
    assertThat(UnseenFigures.of(tally, seen, settings("")).get("head").toString())
        .contains("seen_accuracy=0.0", "unseen_accuracy=null", "harmonic_mean=null");
    assertThat(UnseenFigures.summary(UnseenFigures.of(tally, seen, settings(""))))
        .isEqualTo(
            "1 of 2 classes have no label, and not both kinds have test samples: there is nothing to"
                + " compare");
    tally.add(1, List.of(new UnseenOutcome(HEAD, 0, 2)));
    assertThat(UnseenFigures.of(tally, seen, settings("")).get("head").toString())
        .contains("unseen_accuracy=0.0", "harmonic_mean=0.0", "unseen_only_top5=1.0");
  }
}
