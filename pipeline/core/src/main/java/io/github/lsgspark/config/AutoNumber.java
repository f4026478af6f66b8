package io.github.lsgspark.config;

import java.util.OptionalDouble;

/** Settings that are a number or {@code auto}. */
final class AutoNumber {
  /** Left to what the setting's description says. */
  static final String AUTO = "auto";

  private AutoNumber() {}

  /**
   * The number; empty: auto.
   *
   * @param key that an error names, without its section
   * @throws IllegalArgumentException if the text is neither, or the number outside of the range
   */
  static OptionalDouble of(String key, String text, double from, double to) {
    if (text.equals(AUTO)) {
      return OptionalDouble.empty();
    }
    double value;
    try {
      value = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(key + " must be auto or a number, but was: " + text, e);
    }
    if (!(value >= from && value <= to)) {
      throw new IllegalArgumentException(
          "%s must be auto or in [%s, %s], but was: %s".formatted(key, from, to, text));
    }
    return OptionalDouble.of(value);
  }

  /**
   * The whole number, of at least 1, or what stands for auto.
   *
   * @throws IllegalArgumentException if it is none
   */
  static int count(String key, String text, int auto) {
    double value = of(key, text, 1, Integer.MAX_VALUE).orElse(auto);
    if (value != Math.rint(value)) {
      throw new IllegalArgumentException(key + " must be auto or a whole number, but was: " + text);
    }
    return (int) value;
  }
}
