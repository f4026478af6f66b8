package io.github.lsgspark.wordnet;

import io.github.lsgspark.text.Label;
import io.github.lsgspark.text.LabelSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Names of classes that are called by their numbers in WordNet 3.0, as ImageNet's are (n02084071):
 * the first synonym, with the others as description. Classes of one name stay apart by what they
 * are a kind of, as the crane that is a wading bird and the one that is a lifting device.
 */
public final class WordNetNames {
  private WordNetNames() {}

  /** The classes under their names, if at least half of them are such numbers. */
  public static LabelSet of(LabelSet labels) {
    List<Optional<Sense>> senses = new ArrayList<>();
    long known = 0;
    for (Label label : labels.labels()) {
      Optional<Sense> sense =
          WordNet.isWnid(label.text()) ? WordNet.get().byWnid(label.text()) : Optional.empty();
      senses.add(sense);
      known += sense.isPresent() ? 1 : 0;
    }
    if (known == 0 || 2 * known < labels.size()) {
      return labels;
    }
    return labels.renamed(
        names(labels, senses), descriptions(labels, senses), "WordNet's name of a class");
  }

  private static List<String> names(LabelSet labels, List<Optional<Sense>> senses) {
    List<String> names = new ArrayList<>();
    for (Label label : labels.labels()) {
      names.add(senses.get(label.id()).map(Sense::name).orElse(label.name()));
    }
    List<String> apart = new ArrayList<>(names);
    Map<String, Integer> counts = counts(names);
    for (int i = 0; i < names.size(); i++) {
      if (counts.get(Label.foldedTextOf(names.get(i))) > 1 && senses.get(i).isPresent()) {
        apart.set(i, names.get(i) + " (" + kind(senses.get(i).get()) + ")");
      }
    }
    Map<String, Integer> still = counts(apart);
    for (int i = 0; i < names.size(); i++) {
      if (still.get(Label.foldedTextOf(apart.get(i))) > 1 && senses.get(i).isPresent()) {
        apart.set(i, names.get(i) + " (" + senses.get(i).get().wnid() + ")");
      }
    }
    return apart;
  }

  private static String kind(Sense sense) {
    return WordNet.get().parents(sense).stream().findFirst().map(Sense::name).orElse(sense.wnid());
  }

  private static Map<String, Integer> counts(List<String> names) {
    Map<String, Integer> counts = new HashMap<>();
    names.forEach(name -> counts.merge(Label.foldedTextOf(name), 1, Integer::sum));
    return counts;
  }

  private static List<String> descriptions(LabelSet labels, List<Optional<Sense>> senses) {
    List<String> descriptions = new ArrayList<>();
    for (Label label : labels.labels()) {
      descriptions.add(
          senses
              .get(label.id())
              .map(sense -> String.join(", ", sense.words().subList(1, sense.words().size())))
              .orElse(label.description()));
    }
    return descriptions;
  }
}
