package io.github.lsgspark.config;

import java.io.Serializable;

/**
 * How many training samples keep their label: a fraction of every class ("15%") or a number per
 * class ("4").
 *
 * @param perClass samples per class, or 0 if the budget is a fraction
 * @param fraction share in (0, 1], or 0 if the budget is a count
 */
public record LabelBudget(int perClass, double fraction) implements Serializable {

  /** All labels kept. */
  public static final LabelBudget ALL = new LabelBudget(0, 1.0);

  /**
   * Reads "15%", "4" or "100%".
   *
   * @throws IllegalArgumentException if the text is neither, or out of range; the message holds it
   */
  public static LabelBudget parse(String text) {
    String trimmed = text.trim();
    try {
      if (trimmed.endsWith("%")) {
        double percent = Double.parseDouble(trimmed.substring(0, trimmed.length() - 1).trim());
        if (percent > 0 && percent <= 100) {
          return new LabelBudget(0, percent / 100);
        }
      } else {
        int count = Integer.parseInt(trimmed);
        if (count > 0) {
          return new LabelBudget(count, 0);
        }
      }
    } catch (NumberFormatException e) {
      // reported below, with the text that was given
    }
    throw new IllegalArgumentException(
        "must be a percentage in (0%, 100%] like \"15%\" or a whole number per class like 4, but was: "
            + text);
  }

  /** How many of {@code available} samples of one class keep their label; at least one. */
  public int of(int available) {
    int wanted = perClass > 0 ? perClass : (int) Math.round(fraction * available);
    return Math.min(available, Math.max(1, wanted));
  }

  @Override
  public String toString() {
    if (perClass > 0) {
      return Integer.toString(perClass);
    }
    double percent = fraction * 100;
    return percent == Math.rint(percent) ? (long) percent + "%" : percent + "%";
  }
}
