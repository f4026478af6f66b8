package io.github.lsgspark.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Class names as people say them, where folders, files or tables write them otherwise: {@code
 * african_elephant}, {@code african-elephant}, {@code AfricanElephant} and {@code
 * 12.african_elephant} are all "african elephant". Hyphens and capitals separate words only where
 * no name of the set has a blank or an underscore, and hyphens only between parts of two letters
 * and more (not in t-shirt). Numbers go only where they count the classes. A name stays as it is
 * where its words would be another class's, too.
 */
public final class LabelWords {
  private static final int EXAMPLES = 5;

  private static final Pattern HYPHENS = Pattern.compile("\\p{L}{2,}(-\\p{L}{2,})+");

  /** GoldenRetriever, or goldenRetriever. */
  private static final Pattern CAPITALS =
      Pattern.compile("(\\p{Lu}\\p{Ll}+|\\p{Ll}{2,})(\\p{Lu}\\p{Ll}+)+");

  private static final Pattern PART = Pattern.compile("\\p{Lu}?\\p{Ll}+");

  /** Parts that stay with the next one, as in McLaren, MacBook and DeLorean. */
  private static final Set<String> JOINED = Set.of("Mc", "Mac", "De", "Di", "Du", "La", "Le");

  private LabelWords() {}

  /** The classes under their words; what sources call them still leads to them. */
  public static LabelSet of(LabelSet labels) {
    List<String> names = labels.labels().stream().map(Label::name).toList();
    List<String> words = apart(labels, words(labels.labels().stream().map(Label::text).toList()));
    return words.equals(names)
        ? labels
        : labels.renamed(
            words,
            labels.labels().stream().map(Label::description).toList(),
            "the words of class names (labels.words = none leaves them as they are)");
  }

  /** Which classes have other names than sources have for them, for a person; empty if none has. */
  public static Optional<String> shown(LabelSet labels) {
    List<String> changed = new ArrayList<>();
    for (Label label : labels.labels()) {
      if (!label.name().equals(labels.source(label.id()))) {
        changed.add(labels.source(label.id()) + " -> " + label.name());
      }
    }
    return changed.isEmpty()
        ? Optional.empty()
        : Optional.of(
            String.format(
                "%,d of %,d class names as words (labels.words): %s%s",
                changed.size(),
                labels.size(),
                String.join(", ", changed.subList(0, Math.min(EXAMPLES, changed.size()))),
                changed.size() > EXAMPLES ? ", ..." : ""));
  }

  /** Each name's words, whatever becomes of others. */
  static List<String> words(List<String> texts) {
    List<String> plain = CountingNumbers.withoutTrailing(texts);
    if (plain.stream().anyMatch(text -> text.indexOf(' ') >= 0)) {
      return plain;
    }
    return plain.stream().map(LabelWords::separated).toList();
  }

  private static String separated(String name) {
    StringBuilder words = new StringBuilder();
    String spaced = HYPHENS.matcher(name).matches() ? name.replace('-', ' ') : name;
    for (String word : spaced.split(" ")) {
      words.append(words.isEmpty() ? "" : " ").append(parts(word));
    }
    return words.toString();
  }

  private static String parts(String word) {
    if (!CAPITALS.matcher(word).matches()) {
      return word;
    }
    StringBuilder parts = new StringBuilder();
    String last = "";
    for (Matcher part = PART.matcher(word); part.find(); ) {
      parts.append(parts.isEmpty() || JOINED.contains(last) ? "" : " ").append(part.group());
      last = part.group();
    }
    return parts.toString();
  }

  /** Words that say one class, by capitals or not; the others keep their texts. */
  private static List<String> apart(LabelSet labels, List<String> words) {
    List<String> apart = new ArrayList<>(words);
    for (boolean changed = true; changed; ) {
      changed = false;
      Map<String, Integer> counts = new HashMap<>();
      apart.forEach(name -> counts.merge(Label.foldedTextOf(name), 1, Integer::sum));
      for (Label label : labels.labels()) {
        String name = apart.get(label.id());
        if (counts.get(Label.foldedTextOf(name)) > 1 && !name.equals(label.name())) {
          apart.set(label.id(), label.name());
          changed = true;
        }
      }
    }
    return apart;
  }
}
