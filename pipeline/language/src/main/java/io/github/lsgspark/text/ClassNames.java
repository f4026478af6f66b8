package io.github.lsgspark.text;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.HadoopFiles;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What classes are called where their folders or labels are numbers or codes. Of a class that is a
 * WordNet synset the first synonym is the name and the others its description. Classes of one name
 * stay apart: by their synonyms, or by folder or label in parentheses.
 */
public final class ClassNames {
  private static final Logger LOG = LoggerFactory.getLogger(ClassNames.class);
  private static final int EXAMPLES = 5;

  /** A number, a WordNet offset, or a word for class and a number. */
  private static final Pattern CODE =
      Pattern.compile(
          "-?\\d+([.]\\d+)?|[nvar]\\d{8}|(class|label|category|cls|cat|id|c)[ .-]?\\d+");

  private static final Pattern SYNSET = Pattern.compile("[nvar]\\d{8}");

  private final String file;
  private final NameTable table;

  ClassNames(NameTable table, String file) {
    this.table = table;
    this.file = file;
  }

  /**
   * Reads the file of names ({@link NameTable}).
   *
   * @throws LsgException exit 3 if it is missing or not understood
   */
  public static ClassNames load(String file, Configuration hadoop) {
    byte[] content = new HadoopFiles(hadoop).read(file);
    return new ClassNames(NameTable.parse(TextLines.text(content, file), file), file);
  }

  /**
   * What to say of labels of which at least half are numbers or codes; empty if they are words.
   *
   * @param labels as prompts have them
   */
  public static Optional<String> warning(LabelSet labels) {
    List<String> codes =
        labels.labels().stream().filter(ClassNames::isCode).map(Label::name).toList();
    if (2 * codes.size() < labels.size()) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            "%d of %d class names are numbers or codes (%s), which tell a text encoder nothing:"
                + " labels.names names a file that says what they are called",
            codes.size(), labels.size(), some(codes)));
  }

  private static boolean isCode(Label label) {
    return CODE.matcher(Label.foldedTextOf(label.text())).matches();
  }

  /**
   * The classes under their own names; folders and labels still lead to them.
   *
   * @throws LsgException exit 3 if half of them or more have none
   */
  public LabelSet of(LabelSet labels) {
    List<String> keys = labels.labels().stream().map(Label::name).toList();
    int first = table.firstNumber(keys, file);
    List<String> missing = new ArrayList<>();
    List<List<String>> synonyms = new ArrayList<>();
    for (String key : keys) {
      Optional<String> name = table.name(key, first);
      if (name.isEmpty()) {
        missing.add(key);
      }
      synonyms.add(synonyms(key, name.orElse(key)));
    }
    if (2 * missing.size() >= keys.size()) {
      throw LsgException.input(
          "labels.names: "
              + file
              + " has no name for "
              + missing.size()
              + " of "
              + keys.size()
              + " classes: "
              + some(missing)
              + "; it names "
              + some(table.keys()));
    }
    if (!missing.isEmpty()) {
      LOG.warn(
          "labels.names: {} has no name for {} of {} classes, which keep theirs: {}",
          file,
          missing.size(),
          keys.size(),
          some(missing));
    }
    return labels.renamed(apart(keys, synonyms), descriptions(keys, synonyms), file);
  }

  /** Of a synset all words, otherwise the name alone. */
  private List<String> synonyms(String key, String name) {
    return SYNSET.matcher(table.code(key)).matches()
        ? List.of(name.strip().split("\\s*,\\s*"))
        : List.of(name);
  }

  private List<String> descriptions(List<String> keys, List<List<String>> synonyms) {
    List<String> descriptions = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      List<String> words = synonyms.get(i);
      descriptions.add(
          table
              .description(keys.get(i))
              .orElse(String.join(", ", words.subList(Math.min(1, words.size()), words.size()))));
    }
    return descriptions;
  }

  private List<String> apart(List<String> keys, List<List<String>> synonyms) {
    List<String> names =
        synonyms.stream().map(words -> words.isEmpty() ? "" : words.get(0)).toList();
    Set<String> shared = repeated(names);
    if (shared.isEmpty()) {
      return names;
    }
    List<String> longer = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      longer.add(
          shared.contains(Label.textOf(names.get(i)))
              ? String.join(", ", synonyms.get(i))
              : names.get(i));
    }
    Set<String> still = repeated(longer);
    List<String> apart = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String name = longer.get(i);
      apart.add(still.contains(Label.textOf(name)) ? name + " (" + keys.get(i) + ")" : name);
    }
    LOG.warn(
        "labels.names: {} gives several classes one name, {}; they stay apart as {}",
        file,
        some(List.copyOf(shared)),
        some(apart.stream().filter(name -> !names.contains(name)).toList()));
    return apart;
  }

  private static Set<String> repeated(List<String> names) {
    Map<String, Long> counts =
        names.stream().collect(Collectors.groupingBy(Label::textOf, Collectors.counting()));
    Set<String> repeated = new HashSet<>(counts.keySet());
    repeated.removeIf(name -> counts.get(name) == 1);
    return repeated;
  }

  private static String some(List<String> names) {
    return String.join(", ", names.subList(0, Math.min(EXAMPLES, names.size())))
        + (names.size() > EXAMPLES ? ", ..." : "");
  }
}
