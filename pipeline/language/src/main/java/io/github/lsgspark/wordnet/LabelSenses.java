package io.github.lsgspark.wordnet;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.text.Label;
import io.github.lsgspark.text.LabelSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the names of a label set mean in WordNet. */
public final class LabelSenses {
  private static final int SHOWN = 8;

  /** How a meaning was found. */
  public enum By {
    /** Said by hand, in labels.senses. */
    PINNED,
    /** The class is called by its number in WordNet. */
    NUMBER,
    /** The name has no other. */
    ONLY,
    /** Of several, the nearest to the other classes. */
    NEIGHBOURS,
    /** Of the name's last words, as a red fox is a fox; no meaning of the name itself. */
    HEAD
  }

  /**
   * A meaning.
   *
   * @param of how many there are
   */
  public record Chosen(Sense sense, int of, By by) {}

  private record Candidates(List<Sense> senses, By by) {}

  private final List<Optional<Chosen>> chosen;

  private LabelSenses(List<Optional<Chosen>> chosen) {
    this.chosen = chosen;
  }

  /**
   * Looks up all names.
   *
   * @param pins labels.senses
   * @throws LsgException exit 2 for a pin that names no class or no meaning
   */
  public static LabelSenses of(LabelSet labels, List<String> pins) {
    Map<Integer, Sense> pinned = pinned(labels, pins);
    List<Candidates> candidates = new ArrayList<>();
    for (Label label : labels.labels()) {
      candidates.add(candidates(label, labels.source(label.id()), pinned));
    }
    int[] best =
        SenseChoice.of(WordNet.get(), candidates.stream().map(Candidates::senses).toList());
    List<Optional<Chosen>> chosen = new ArrayList<>();
    for (int i = 0; i < best.length; i++) {
      List<Sense> senses = candidates.get(i).senses();
      chosen.add(
          senses.isEmpty()
              ? Optional.empty()
              : Optional.of(
                  new Chosen(senses.get(best[i]), senses.size(), candidates.get(i).by())));
    }
    return new LabelSenses(chosen);
  }

  /** The meaning of a label; empty if WordNet does not know the name. */
  public Optional<Chosen> of(int label) {
    return chosen.get(label);
  }

  private static Candidates candidates(Label label, String source, Map<Integer, Sense> pinned) {
    if (pinned.containsKey(label.id())) {
      return new Candidates(List.of(pinned.get(label.id())), By.PINNED);
    }
    Optional<Sense> numbered =
        WordNet.get().byWnid(source).or(() -> WordNet.get().byWnid(label.text()));
    if (numbered.isPresent()) {
      return new Candidates(List.of(numbered.get()), By.NUMBER);
    }
    String text = label.text().replaceAll("\\s*\\([^)]*\\)", "").strip();
    List<Sense> whole = WordNet.get().senses(text);
    if (!whole.isEmpty()) {
      return new Candidates(whole, whole.size() == 1 ? By.ONLY : By.NEIGHBOURS);
    }
    for (int gap = text.indexOf(' '); gap >= 0; gap = text.indexOf(' ', gap + 1)) {
      List<Sense> head = WordNet.get().senses(text.substring(gap + 1));
      if (!head.isEmpty()) {
        return new Candidates(head, By.HEAD);
      }
    }
    return new Candidates(List.of(), By.ONLY);
  }

  private static Map<Integer, Sense> pinned(LabelSet labels, List<String> pins) {
    Map<Integer, Sense> pinned = new HashMap<>();
    for (String pin : pins) {
      Label label = pinnedLabel(pin, labels);
      if (pinned.put(label.id(), pinnedSense(pin, Optional.of(label))) != null) {
        throw LsgException.usage("labels.senses names \"" + label.name() + "\" twice");
      }
    }
    return pinned;
  }

  /**
   * Whether the pins are well formed and name meanings, whatever the classes are.
   *
   * @throws LsgException exit 2 for one that is not
   */
  public static void require(List<String> pins) {
    pins.forEach(pin -> pinnedSense(pin, Optional.empty()));
  }

  private static int separator(String pin) {
    int separator = pin.lastIndexOf('=');
    if (separator < 1 || pin.substring(0, separator).isBlank()) {
      throw LsgException.usage(
          "labels.senses: \"" + pin + "\" must be name = sense, such as \"crane = crane.n.04\"");
    }
    return separator;
  }

  private static Label pinnedLabel(String pin, LabelSet labels) {
    String name = pin.substring(0, separator(pin)).strip();
    return labels
        .find(name)
        .orElseThrow(
            () ->
                LsgException.usage(
                    "labels.senses: there is no class \"" + name + "\" (of " + pin + ")"));
  }

  private static Sense pinnedSense(String pin, Optional<Label> label) {
    String wanted = pin.substring(separator(pin) + 1).strip();
    return WordNet.get()
        .named(wanted)
        .orElseThrow(
            () ->
                LsgException.usage(
                    "labels.senses: WordNet 3.0 has no noun \""
                        + wanted
                        + "\" (of "
                        + pin
                        + ")"
                        + label.map(one -> known(one.text())).orElse("")));
  }

  private static String known(String text) {
    List<Sense> senses = WordNet.get().senses(text);
    return senses.isEmpty()
        ? "; it does not know \"" + text + "\""
        : senses.stream()
            .limit(SHOWN)
            .map(Sense::toString)
            .collect(Collectors.joining("; ", "; \"" + text + "\" is ", ""));
  }
}
