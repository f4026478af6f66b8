package io.github.lsgspark.training.metrics;

import io.github.lsgspark.training.ssl.PseudoLabelStats;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/** One line of the log about a training. Values that are not there are left out. */
public final class ProgressLine {
  private ProgressLine() {}

  /**
   * The line after some steps.
   *
   * @param parts names of the parts of the loss
   * @param values by name, those of the parts too
   */
  static String of(int step, int iterations, Set<String> parts, Map<String, Double> values) {
    StringJoiner line = new StringJoiner("  ");
    line.add("train step " + step + "/" + iterations);
    line.add(100L * step / iterations + " %");
    line.add("loss " + number(values.get(TrainingProgress.LOSS)) + parts(parts, values));
    add(line, values, TrainingProgress.ACCURACY, "accuracy");
    addShare(line, values, PseudoLabelStats.ACCEPTED_SHARE, "accepted");
    addShare(line, values, PseudoLabelStats.LABEL_ACCURACY, "right");
    add(line, values, TrainingProgress.IMAGES_PER_SECOND, "images/s");
    addShare(line, values, TrainingProgress.WAIT_SHARE, "wait");
    addShare(line, values, TrainingProgress.ALL_REDUCE_SHARE, "all-reduce");
    add(line, values, TrainingProgress.LEARNING_RATE, "lr");
    line.add("left " + duration(values.get(TrainingProgress.SECONDS_LEFT)));
    return line.toString();
  }

  /** A loss of one part needs no list of them. */
  private static String parts(Set<String> names, Map<String, Double> values) {
    StringJoiner parts = new StringJoiner(" ", " (", ")");
    names.forEach(name -> parts.add(name + " " + number(values.get(name))));
    return names.size() > 1 ? parts.toString() : "";
  }

  private static void add(
      StringJoiner line, Map<String, Double> values, String name, String shown) {
    if (values.containsKey(name)) {
      line.add(shown + " " + number(values.get(name)));
    }
  }

  private static void addShare(
      StringJoiner line, Map<String, Double> values, String name, String shown) {
    if (values.containsKey(name)) {
      line.add(shown + " " + percent(values.get(name)) + " %");
    }
  }

  /** Three digits that count. */
  static String number(double value) {
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    BigDecimal rounded = BigDecimal.valueOf(value).round(new MathContext(3)).stripTrailingZeros();
    return Math.abs(value) < 1e-5 ? rounded.toString() : rounded.toPlainString();
  }

  private static String percent(double share) {
    return Double.isFinite(share) ? Double.toString(Math.round(1000 * share) / 10.0) : "-";
  }

  /** The two largest units: 2 min 10 s. */
  public static String duration(double seconds) {
    if (!Double.isFinite(seconds)) {
      return "-";
    }
    long whole = Math.round(seconds);
    if (whole < 60) {
      return whole + " s";
    }
    if (whole < 3600) {
      return whole / 60 + " min " + whole % 60 + " s";
    }
    long minutes = Math.round(seconds / 60);
    if (minutes < 24 * 60) {
      return minutes / 60 + " h " + minutes % 60 + " min";
    }
    long hours = Math.round(seconds / 3600);
    return hours / 24 + " d " + hours % 24 + " h";
  }
}
