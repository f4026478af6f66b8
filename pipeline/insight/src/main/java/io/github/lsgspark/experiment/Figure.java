package io.github.lsgspark.experiment;

/** A figure of an evaluation that the table shows. */
enum Figure {
  ACCURACY("accuracy", "accuracy, %", 100, 1),
  BALANCED("balanced_accuracy", "balanced, %", 100, 1),
  CALIBRATION("ece", "calibration error, %", 100, 1),
  SEMANTIC("mean_semantic_error", "semantic error", 1, 3);

  private final String key;
  private final String heading;
  private final double factor;
  private final int digits;

  /**
   * @param key in metrics.json of evaluate
   * @param factor from the figure to what is shown
   * @param digits shown behind the point
   */
  Figure(String key, String heading, double factor, int digits) {
    this.key = key;
    this.heading = heading;
    this.factor = factor;
    this.digits = digits;
  }

  String key() {
    return key;
  }

  String heading() {
    return heading;
  }

  double factor() {
    return factor;
  }

  int digits() {
    return digits;
  }
}
