package io.github.lsgspark.dataset.layout;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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

  private SplitNames() {}

  /** The exact names in lower case, and what they mean. */
  public static Map<String, String> known() {
    return KNOWN;
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
