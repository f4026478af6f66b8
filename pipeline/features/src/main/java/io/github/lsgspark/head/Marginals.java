package io.github.lsgspark.head;

import io.github.lsgspark.config.HeadSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.text.TextLines;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** The shares of classes that unlabelled samples are assumed to have. */
final class Marginals {
  private static final double TOLERANCE = 1e-3;

  private Marginals() {}

  /**
   * The shares [C], which sum to 1; 0 for a class without a labelled sample.
   *
   * @throws LsgException exit 2 naming key, class and value for shares that are wrong; exit 3 for a
   *     class that has a share and no labelled sample
   */
  static double[] of(HeadSettings settings, ClassCounts classes, Configuration hadoop) {
    double[] shares = new double[classes.size()];
    switch (settings.marginal()) {
      case UNIFORM -> {
        for (int c = 0; c < shares.length; c++) {
          shares[c] = classes.counts()[c] > 0 ? 1 : 0;
        }
      }
      case LABELLED -> {
        for (int c = 0; c < shares.length; c++) {
          shares[c] = classes.counts()[c];
        }
      }
      case GIVEN -> shares = given(settings, classes, hadoop);
    }
    double sum = Arrays.stream(shares).sum();
    return Arrays.stream(shares).map(share -> share / sum).toArray();
  }

  private static double[] given(HeadSettings settings, ClassCounts classes, Configuration hadoop) {
    boolean file = !settings.marginalFile().isEmpty();
    String key = file ? "head.marginal-file" : "head.marginal-shares";
    List<String> lines =
        file ? TextLines.read(settings.marginalFile(), hadoop) : settings.marginalShares();
    double[] shares = new double[classes.size()];
    boolean[] seen = new boolean[shares.length];
    for (String line : lines) {
      if (line.isBlank()) {
        continue;
      }
      int equals = line.lastIndexOf('=');
      String name = equals < 0 ? line.strip() : line.substring(0, equals).strip();
      int c = classes.names().indexOf(name);
      if (c < 0) {
        throw LsgException.usage(key + ": there is no class " + name);
      }
      if (seen[c]) {
        throw LsgException.usage(key + ": class " + name + " has two shares");
      }
      seen[c] = true;
      shares[c] = share(key, name, equals < 0 ? "" : line.substring(equals + 1).strip());
      if (shares[c] > 0 && classes.counts()[c] == 0) {
        throw LsgException.input(
            "%s: class %s has share %s, but no labelled sample".formatted(key, name, shares[c]));
      }
    }
    for (int c = 0; c < seen.length; c++) {
      if (!seen[c]) {
        throw LsgException.usage(key + ": class " + classes.names().get(c) + " has no share");
      }
    }
    double sum = Arrays.stream(shares).sum();
    if (Math.abs(sum - 1) > TOLERANCE) {
      throw LsgException.usage(key + ": shares must sum to 1, but they sum to " + sum);
    }
    return shares;
  }

  private static double share(String key, String name, String text) {
    double value;
    try {
      value = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      value = Double.NaN;
    }
    if (!(value >= 0 && value <= 1)) {
      throw LsgException.usage(
          "%s: the share of class %s must be in [0, 1], but was: %s".formatted(key, name, text));
    }
    return value;
  }
}
