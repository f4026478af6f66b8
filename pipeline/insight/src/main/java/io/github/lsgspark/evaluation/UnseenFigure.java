package io.github.lsgspark.evaluation;

import java.util.List;

/** A figure of {@code unseen} in an evaluation's metrics.json; all are fractions there. */
public enum UnseenFigure {
  SEEN("seen_accuracy", "seen, %"),
  UNSEEN("unseen_accuracy", "unseen, %"),
  HARMONIC("harmonic_mean", "harmonic, %"),
  TOP1("unseen_only_top1", "unseen only, %"),
  TOP5("unseen_only_top5", "its top-5, %");

  /** The classifiers that may have been measured, as metrics.json names them. */
  public static final List<String> CLASSIFIERS = List.of("head", "prototypes", "ensemble", "loki");

  private final String key;
  private final String heading;

  UnseenFigure(String key, String heading) {
    this.key = key;
    this.heading = heading;
  }

  /** Its name in metrics.json. */
  public String key() {
    return key;
  }

  /** Of a column of percents. */
  public String heading() {
    return heading;
  }
}
