package io.github.lsgspark.text;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers in names that say nothing of the classes, because they only count them. */
final class CountingNumbers {
  /** A number, a separator and a name that does not begin with a digit. */
  private static final Pattern LEADING =
      Pattern.compile("(?<number>\\d{1,6})[.:) ]\\s*(?<name>\\D.*)");

  /** A name that does not end in a digit, perhaps a separator, and a number. */
  private static final Pattern TRAILING =
      Pattern.compile("(?<name>.*[^\\d\\s.:_#-])[ .:_#-]*(?<number>\\d{1,6})");

  private CountingNumbers() {}

  /**
   * The names without the numbers before them, if all have one, from 0 or 1 on, and differ without;
   * otherwise as they are.
   */
  static List<String> withoutLeading(List<String> names) {
    return without(LEADING, names).orElse(names);
  }

  /**
   * The names without the numbers behind them, if all have one, and these count or have leading
   * zeros, as in {@code dog_001}; otherwise as they are.
   */
  static List<String> withoutTrailing(List<String> names) {
    return without(TRAILING, names).orElse(names);
  }

  private static Optional<List<String>> without(Pattern pattern, List<String> names) {
    Set<String> left = new HashSet<>();
    Set<Integer> numbers = new HashSet<>();
    List<String> stripped = new ArrayList<>();
    boolean zeros = pattern == TRAILING;
    for (String name : names) {
      Matcher matcher = pattern.matcher(name);
      if (!matcher.matches() || !left.add(Label.foldedTextOf(matcher.group("name")))) {
        return Optional.empty();
      }
      String number = matcher.group("number");
      numbers.add(Integer.valueOf(number));
      zeros &= number.length() > 1 && number.startsWith("0");
      stripped.add(matcher.group("name").strip());
    }
    return zeros || count(numbers, names.size()) ? Optional.of(stripped) : Optional.empty();
  }

  /** Whether each from 0 or 1 on is there once. */
  private static boolean count(Set<Integer> numbers, int size) {
    if (numbers.isEmpty()) {
      return false;
    }
    int first = Collections.min(numbers);
    return first <= 1 && numbers.size() == size && Collections.max(numbers) == first + size - 1;
  }
}
