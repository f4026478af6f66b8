package io.github.lsgspark.dataset;

import io.github.lsgspark.config.DataSettings.UnseenSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Seeds;
import io.github.lsgspark.text.Label;
import io.github.lsgspark.text.LabelSet;
import io.github.lsgspark.text.TextLines;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;

/**
 * Which classes stay without a label. Drawn ones are those of lowest hash of (seed, what sources
 * call them), so the draw depends neither on the samples nor on the order of the labels.
 */
final class UnseenClasses {
  private UnseenClasses() {}

  /**
   * Class numbers, in order; empty if none are asked for.
   *
   * @throws LsgException exit 3 if the file names a class twice or one that there is not; exit 2 if
   *     no class would be left
   */
  static Set<Integer> of(UnseenSettings settings, LabelSet labels, Configuration hadoop) {
    Set<Integer> unseen =
        settings.file().isEmpty()
            ? drawn(settings, labels)
            : named(TextLines.read(settings.file(), hadoop), settings.file(), labels);
    if (settings.any() && unseen.size() >= labels.size()) {
      throw LsgException.usage(
          "data.unseen-classes leaves no class with labels: there are "
              + labels.size()
              + ", and it takes "
              + (settings.file().isEmpty() ? settings.count() : "all, in " + settings.file()));
    }
    return unseen;
  }

  private static Set<Integer> drawn(UnseenSettings settings, LabelSet labels) {
    Set<Integer> drawn = new TreeSet<>();
    labels.labels().stream()
        .sorted(
            Comparator.<Label>comparingLong(
                    label ->
                        Seeds.derive(settings.seed(), "unseen class", labels.source(label.id())))
                .thenComparing(label -> labels.source(label.id())))
        .limit(settings.count())
        .forEach(label -> drawn.add(label.id()));
    return drawn;
  }

  private static Set<Integer> named(List<String> lines, String file, LabelSet labels) {
    Set<Integer> named = new TreeSet<>();
    for (int i = 0; i < lines.size(); i++) {
      String name = lines.get(i).strip();
      if (name.isEmpty()) {
        continue;
      }
      String place = file + ":" + (i + 1) + ": ";
      Label label =
          labels
              .find(name)
              .orElseThrow(() -> LsgException.input(place + "there is no class \"" + name + "\""));
      if (!named.add(label.id())) {
        throw LsgException.input(place + "the class \"" + name + "\" was named before");
      }
    }
    if (named.isEmpty()) {
      throw LsgException.input(file + ": data.unseen-classes.file names no class");
    }
    return named;
  }
}
