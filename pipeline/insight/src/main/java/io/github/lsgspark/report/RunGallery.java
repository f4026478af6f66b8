package io.github.lsgspark.report;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.evaluation.PredictionTable;
import io.github.lsgspark.report.SamplePicks.Order;
import io.github.lsgspark.report.SamplePicks.Pick;
import io.github.lsgspark.report.SamplePicks.Picked;
import io.github.lsgspark.report.explanation.RunErrors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.SparkSession;

/**
 * What is shown of the test samples of one run, as HTML: some of them, those that the model is most
 * and least sure of, and some of the worst confusions.
 */
final class RunGallery {
  /** Samples that the model is most or least sure of, at most. */
  private static final int CERTAIN = 8;

  /** Images of a confusion, at most. */
  private static final int CONFUSED = 3;

  private final int wanted;
  private final List<Picked> right;
  private final List<Picked> wrong;
  private final List<Picked> mostCertain;
  private final List<Picked> mostCertainErrors;
  private final List<Picked> leastCertain;
  private final Map<RunErrors.Cell, List<Picked>> confused = new HashMap<>();
  private final SampleGallery gallery;

  /**
   * Reads the predictions and finds the files.
   *
   * @param evaluateDir evaluation whose predictions are shown
   * @param confusions whose images are wanted
   */
  RunGallery(
      SparkSession spark,
      Settings settings,
      String prepareDir,
      String evaluateDir,
      List<RunErrors.Cell> confusions) {
    wanted = settings.report().samples();
    int few = Math.min(CERTAIN, wanted);
    List<Pick> picks = new ArrayList<>();
    picks.add(new Pick(Picked::correct, Order.BY_HASH, wanted));
    picks.add(new Pick(sample -> !sample.correct(), Order.BY_HASH, wanted / 2));
    picks.add(new Pick(sample -> true, Order.MOST_CERTAIN, few));
    picks.add(new Pick(sample -> !sample.correct(), Order.MOST_CERTAIN, few));
    picks.add(new Pick(sample -> true, Order.LEAST_CERTAIN, few));
    int own = picks.size();
    for (RunErrors.Cell cell : confusions) {
      int label = cell.label();
      int predicted = cell.predicted();
      picks.add(
          new Pick(
              sample -> sample.labelId() == label && sample.predictedId() == predicted,
              Order.BY_HASH,
              Math.min(CONFUSED, wanted)));
    }
    List<List<Picked>> found =
        wanted == 0
            ? picks.stream().map(pick -> List.<Picked>of()).toList()
            : SamplePicks.read(PredictionTable.judged(spark, evaluateDir), picks);
    right = found.get(0);
    wrong = found.get(1);
    mostCertain = found.get(2);
    mostCertainErrors = found.get(3);
    leastCertain = found.get(4);
    for (int c = 0; c < confusions.size(); c++) {
      confused.put(confusions.get(c), found.get(own + c));
    }
    gallery =
        new SampleGallery(
            spark, settings, prepareDir, found.stream().flatMap(List::stream).toList());
  }

  /** Named samples of an evaluation, in an order that neither names nor classes have a part in. */
  static String named(
      SparkSession spark,
      Settings settings,
      String prepareDir,
      String evaluateDir,
      List<String> ids) {
    Set<String> named = Set.copyOf(ids);
    List<Picked> found =
        SamplePicks.read(
                PredictionTable.judged(spark, evaluateDir),
                List.of(new Pick(sample -> named.contains(sample.id()), Order.BY_HASH, ids.size())))
            .get(0);
    return new SampleGallery(spark, settings, prepareDir, found).figures(found);
  }

  /** Some of all, half of them wrong predictions if there are so many. */
  String some() {
    List<Picked> shown =
        new ArrayList<>(right.subList(0, Math.min(right.size(), wanted - wrong.size())));
    shown.addAll(wrong);
    return gallery.figures(shown);
  }

  /** Those that the model is surest of. */
  String mostCertain() {
    return gallery.figures(mostCertain);
  }

  /** Errors that the model is surest of: often the label is wrong, or two classes are one. */
  String mostCertainErrors() {
    return gallery.figures(mostCertainErrors);
  }

  /** Those that the model is least sure of. */
  String leastCertain() {
    return gallery.figures(leastCertain);
  }

  /** Some of a confusion; empty text if none is shown. */
  String confused(RunErrors.Cell confusion) {
    return gallery.images(confused.getOrDefault(confusion, List.of()));
  }
}
