package io.github.lsgspark.report;

import io.github.lsgspark.evaluation.ClassDistances;
import io.github.lsgspark.report.explanation.RunErrors;
import io.github.lsgspark.report.page.Svg;
import io.github.lsgspark.text.LabelSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * The confusion matrix as a picture, its classes in the order of their names' meaning ({@link
 * SemanticOrder}), so that confusions of what is alike lie near the diagonal.
 */
final class ConfusionMatrix {
  /** Classes drawn at most: of more, those with the most errors. */
  static final int CLASSES = 60;

  private static final int NAMES = 150;

  /** How far the names above the last columns reach to the right. */
  private static final int SLANT = 80;

  private static final double SIDE = 640;
  private static final double LARGEST = 30;
  private static final int SHOWN_LETTERS = 23;

  /** The first letter of Hangul, before those of East Asia. */
  private static final int WIDE = 0x1100;

  private ConfusionMatrix() {}

  /**
   * The picture.
   *
   * @param distances of the label texts, by which classes are ordered
   */
  static String svg(RunErrors errors, LabelSet labels, ClassDistances distances) {
    List<Integer> classes = ordered(chosen(errors, labels.size()), distances);
    double cell = Math.min(LARGEST, SIDE / classes.size());
    double side = cell * classes.size();
    Svg svg =
        new Svg(
            (int) Math.ceil(NAMES + side + SLANT),
            (int) Math.ceil(NAMES + side + 10),
            "confusion matrix of " + classes.size() + " classes; rows are true classes");
    String font =
        String.format(Locale.ROOT, "font:%.0fpx sans-serif;fill:#222", Math.min(12, cell));
    for (int place = 0; place < classes.size(); place++) {
      String name = shortened(labels.label(classes.get(place)).name());
      double middle = NAMES + (place + 0.5) * cell;
      svg.text(NAMES - 6, middle + 0.35 * cell, "end", font, name);
      svg.group(
          String.format(
              Locale.ROOT, "transform=\"translate(%.1f %d) rotate(-60)\"", middle, NAMES - 6));
      svg.text(0, 0, "start", font, name).close();
    }
    svg.rectangle(NAMES, NAMES, side, side, "fill:none;stroke:#bbb");
    for (int row = 0; row < classes.size(); row++) {
      for (int column = 0; column < classes.size(); column++) {
        draw(svg, errors, labels, classes.get(row), classes.get(column), row, column, cell);
      }
    }
    return svg.end();
  }

  private static void draw(
      Svg svg,
      RunErrors errors,
      LabelSet labels,
      int label,
      int predicted,
      int row,
      int column,
      double cell) {
    long count = errors.times(label, predicted);
    if (count == 0) {
      return;
    }
    double share = (double) count / errors.count(label);
    svg.square(
        NAMES + column * cell,
        NAMES + row * cell,
        cell,
        String.format(
            Locale.ROOT,
            "fill:%s;opacity:%.2f",
            row == column ? "#228833" : "#bb3322",
            shade(share)),
        String.format(
            Locale.ROOT,
            "%s, taken for %s: %d of %d",
            labels.label(label).name(),
            labels.label(predicted).name(),
            count,
            errors.count(label)));
  }

  /** Small shares are seen, too. */
  private static double shade(double share) {
    return 0.12 + 0.88 * Math.sqrt(share);
  }

  /** Letters of scripts that are as wide as high count twice. */
  private static String shortened(String name) {
    StringBuilder shown = new StringBuilder();
    int width = 0;
    for (int letter : name.codePoints().toArray()) {
      width += letter >= WIDE ? 2 : 1;
      if (width >= SHOWN_LETTERS) {
        return shown + "…";
      }
      shown.appendCodePoint(letter);
    }
    return shown.toString();
  }

  /** Classes that have samples or were named, the most errors first where there are too many. */
  private static List<Integer> chosen(RunErrors errors, int classes) {
    long[] wrong = new long[classes];
    boolean[] met = new boolean[classes];
    for (RunErrors.Cell confusion : errors.confusions()) {
      wrong[confusion.label()] += errors.count(confusion);
      wrong[confusion.predicted()] += errors.count(confusion);
      met[confusion.predicted()] = true;
    }
    List<Integer> chosen = new ArrayList<>();
    for (int c = 0; c < classes; c++) {
      if (met[c] || errors.count(c) > 0) {
        chosen.add(c);
      }
    }
    chosen.sort(Comparator.comparingLong((Integer c) -> -wrong[c]));
    return chosen.subList(0, Math.min(CLASSES, chosen.size()));
  }

  private static List<Integer> ordered(List<Integer> classes, ClassDistances distances) {
    double[][] similarity = new double[classes.size()][classes.size()];
    for (int i = 0; i < classes.size(); i++) {
      for (int j = 0; j < classes.size(); j++) {
        similarity[i][j] = -distances.semantic(classes.get(i), classes.get(j));
      }
    }
    return SemanticOrder.of(similarity).stream().map(classes::get).toList();
  }
}
