package io.github.lsgspark.dataset.layout;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names that data sets give to their splits, in any case. */
public final class SplitNames {
  private static final Map<String, String> KNOWN =
      Map.ofEntries(
          Map.entry("train", "train"),
          Map.entry("training", "train"),
          Map.entry("test", "test"),
          Map.entry("testing", "test"),
          Map.entry("eval", "test"),
          Map.entry("evaluation", "test"),
          Map.entry("val", "validation"),
          Map.entry("valid", "validation"),
          Map.entry("validation", "validation"),
          Map.entry("dev", "validation"),
          Map.entry("unlabelled", "unlabelled"),
          Map.entry("unlabeled", "unlabelled"),
          Map.entry("unsup", "unlabelled"),
          Map.entry("unsupervised", "unlabelled"));

  /** As in test1, train2017, training_set, val_images. */
  private static final Pattern NAMED =
      Pattern.compile("([a-z]+?)(?:[-_ ]?(?:set|split|data|images|imgs|samples))?[-_ ]?\\d*");

  private static final int MOST_FOLDS = 1000;

  private SplitNames() {}

  /** The exact names in lower case, and what they mean. */
  public static Map<String, String> known() {
    return KNOWN;
  }

  /**
   * The numbers of folds, and what they mean.
   *
   * @param test which of them is the test split; all others are for training
   */
  public static Map<String, String> folds(int test) {
    Map<String, String> folds = new TreeMap<>();
    for (int fold = 0; fold <= MOST_FOLDS; fold++) {
      folds.put(Integer.toString(fold), KNOWN.get(fold == test ? "test" : "train"));
    }
    return folds;
  }

  /** Names for an error that says which there are. */
  public static String listed(Set<String> names) {
    return names.size() > MOST_FOLDS
        ? "the numbers from 0 to " + MOST_FOLDS
        : names.stream().sorted().toList().toString();
  }

  /**
   * What folders beside one another mean: those that are called like splits; where none is, those
   * that differ in one word only, which is called so ({@code seg_train}, {@code seg_test}).
   *
   * @return the split by the name of each folder that is one
   */
  static Map<String, String> among(Set<String> folders) {
    Map<String, String> found = new TreeMap<>();
    folders.forEach(name -> of(name).ifPresent(split -> found.put(name, split)));
    if (!found.isEmpty()) {
      return found;
    }
    Map<String, Map<String, String>> alike = new TreeMap<>();
    for (String name : folders) {
      String[] words = name.strip().toLowerCase(Locale.ROOT).split("[-_. ]+");
      for (int i = 0; words.length > 1 && i < words.length; i++) {
        String split = KNOWN.get(words[i]);
        if (split != null) {
          words[i] = "*";
          alike.computeIfAbsent(String.join(" ", words), rest -> new TreeMap<>()).put(name, split);
          break;
        }
      }
    }
    alike.values().stream()
        .filter(names -> Set.copyOf(names.values()).size() > 1)
        .forEach(found::putAll);
    return found;
  }

  /** What a name means: train, validation, test or unlabelled; empty for any other name. */
  public static Optional<String> of(String name) {
    String plain = name.strip().toLowerCase(Locale.ROOT);
    String exact = KNOWN.get(plain);
    if (exact != null) {
      return Optional.of(exact);
    }
    Matcher matcher = NAMED.matcher(plain);
    return matcher.matches() ? Optional.ofNullable(KNOWN.get(matcher.group(1))) : Optional.empty();
  }
}
