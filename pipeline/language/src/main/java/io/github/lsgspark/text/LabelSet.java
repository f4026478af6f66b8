package io.github.lsgspark.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.RelativePath;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * The classes of a run, in order; a label's id is its place. No label is empty and no two say the
 * same: names are compared in Unicode NFC, underscores as spaces. Where the names are numbered, as
 * in {@code 001.Black_footed_Albatross}, prompts leave the numbers out. Immutable.
 */
public final class LabelSet implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** No class: nobody has labelled a sample yet. */
  public static final LabelSet NONE = new LabelSet(List.of(), List.of());

  private final ArrayList<Label> labels;
  private final HashMap<String, Integer> idByKey = new HashMap<>();

  /** What sources call the labels, in their order; empty if by their names. */
  private final ArrayList<String> sources;

  private LabelSet(List<Label> labels, List<String> sources) {
    this.labels = new ArrayList<>(labels);
    this.sources = new ArrayList<>(sources);
    // Case is ignored only where that leaves one candidate; an exact text wins over it.
    Map<String, Integer> folded = new HashMap<>();
    for (Label label : labels) {
      folded.merge(label.text().toLowerCase(Locale.ROOT), label.id(), (first, second) -> -1);
    }
    folded.values().removeIf(id -> id < 0);
    idByKey.putAll(folded);
    labels.forEach(label -> idByKey.put(label.text(), label.id()));
    labels.forEach(label -> idByKey.put(Label.textOf(label.name()), label.id()));
    for (int id = 0; id < sources.size(); id++) {
      idByKey.put(Label.textOf(sources.get(id)), id);
    }
  }

  /**
   * One label per line, optionally a TAB and a description; in a .csv the same with commas or
   * semicolons, and perhaps a first line {@code name,description}.
   *
   * @throws LsgException exit 3 with file and line for an empty or repeated label
   */
  public static LabelSet load(String file, Configuration hadoop) {
    return parse(TextLines.read(file, hadoop), file);
  }

  static LabelSet parse(List<String> lines, String file) {
    String first =
        lines.stream().map(String::strip).filter(line -> !line.isEmpty()).findFirst().orElse("");
    if (file.matches("(?i).*[.](json|ya?ml)") || first.equals("[") || first.equals("{")) {
      throw LsgException.input(
          file + ": is JSON or YAML, where one label a line is needed; labels.names takes JSON");
    }
    Builder builder = new Builder();
    LabelLines.of(lines, file)
        .forEach(line -> builder.add(line.name(), line.description(), line.place()));
    return builder.build(file);
  }

  /**
   * Class folder names, sorted by code unit; where all are whole numbers, by these.
   *
   * @param source the folder or archive, for errors
   * @throws LsgException exit 3 if two folders say the same
   */
  public static LabelSet fromFolders(Collection<String> folders, String source) {
    Builder builder = new Builder();
    boolean numbers = folders.stream().allMatch(folder -> folder.matches("\\d{1,9}"));
    Comparator<String> byNumber = Comparator.comparingInt(Integer::parseInt);
    Comparator<String> byName = Comparator.naturalOrder();
    folders.stream()
        .sorted(numbers ? byNumber.thenComparing(byName) : byName)
        .forEach(folder -> builder.add(folder, "", source + ": folder \"" + folder + "\""));
    return builder.build(source);
  }

  /**
   * Class names in the order given.
   *
   * @throws LsgException exit 3 for an empty or repeated name
   */
  public static LabelSet of(List<String> names) {
    Builder builder = new Builder();
    for (int i = 0; i < names.size(); i++) {
      builder.add(names.get(i), "", "label " + i);
    }
    return builder.build("the list of labels");
  }

  /**
   * The same classes under other names, each of its own; {@link #find} knows those of before, too.
   *
   * @param names and descriptions, by label
   * @param file that says so, for errors
   * @throws LsgException exit 3 for an empty or repeated name
   */
  public LabelSet renamed(List<String> names, List<String> descriptions, String file) {
    Builder builder = new Builder();
    for (Label label : labels) {
      builder.add(
          names.get(label.id()),
          descriptions.get(label.id()),
          file + ": class \"" + label.name() + "\"");
      builder.sources.add(label.name());
    }
    return builder.build(file);
  }

  /**
   * The same classes, which sources call something else.
   *
   * @param calls by label
   */
  public LabelSet called(List<String> calls) {
    return new LabelSet(labels, calls);
  }

  private static final class Builder {
    private final List<String> sources = new ArrayList<>();
    private final List<Label> labels = new ArrayList<>();
    private final Map<String, String> placeByText = new HashMap<>();

    void add(String name, String description, String place) {
      Label label =
          new Label(
              labels.size(), Label.normalizeName(name), Label.textOf(name), description.strip());
      if (label.text().isEmpty()) {
        throw LsgException.input(place + ": the label is empty");
      }
      if (label.name().codePoints().anyMatch(Character::isISOControl)) {
        throw LsgException.input(
            RelativePath.printable(place)
                + ": the label \""
                + RelativePath.printable(label.name())
                + "\" holds a control character");
      }
      String earlier = placeByText.put(label.text(), place);
      if (earlier != null) {
        throw LsgException.input(
            place
                + ": the label \""
                + name.strip()
                + "\" was already given at "
                + earlier
                + "; underscores, blanks and Unicode forms of a letter tell no labels apart");
      }
      labels.add(label);
    }

    LabelSet build(String source) {
      if (labels.isEmpty()) {
        throw LsgException.input(source + ": holds no labels");
      }
      return new LabelSet(withoutNumbers(), sources);
    }

    /** Numbers that only count the labels are not part of what they say. */
    private List<Label> withoutNumbers() {
      List<String> texts =
          CountingNumbers.withoutLeading(labels.stream().map(Label::text).toList());
      return labels.stream()
          .map(
              label ->
                  new Label(label.id(), label.name(), texts.get(label.id()), label.description()))
          .toList();
    }
  }

  public int size() {
    return labels.size();
  }

  /**
   * The label with an id.
   *
   * @throws IndexOutOfBoundsException if there is no such id
   */
  public Label label(int id) {
    return labels.get(id);
  }

  /** The labels in order. */
  public List<Label> labels() {
    return List.copyOf(labels);
  }

  /**
   * The label that a name in another file means: NFC, underscores as spaces; case is ignored if
   * that leaves one candidate.
   */
  public Optional<Label> find(String name) {
    String text = Label.textOf(name);
    Integer id = idByKey.getOrDefault(text, idByKey.get(text.toLowerCase(Locale.ROOT)));
    return Optional.ofNullable(id).map(labels::get);
  }

  /** What sources call a label: its name, unless it has been given another. */
  public String source(int id) {
    return sources.isEmpty() ? labels.get(id).name() : sources.get(id);
  }

  /** Whether sources call the labels otherwise. */
  public boolean isRenamed() {
    return !sources.isEmpty();
  }

  /** The same classes with other descriptions, by label. */
  public LabelSet described(List<String> descriptions) {
    return new LabelSet(
        labels.stream()
            .map(one -> new Label(one.id(), one.name(), one.text(), descriptions.get(one.id())))
            .toList(),
        sources);
  }

  /** The content of {@code labels.json}. */
  public String toJson() {
    ObjectNode root = JSON.createObjectNode();
    ArrayNode array = root.putArray("labels");
    for (Label label : labels) {
      ObjectNode node =
          array
              .addObject()
              .put("id", label.id())
              .put("name", label.name())
              .put("text", label.text())
              .put("description", label.description());
      if (!sources.isEmpty()) {
        node.put("source", sources.get(label.id()));
      }
    }
    return root.toPrettyString() + "\n";
  }

  /**
   * Reads what {@link #toJson()} wrote.
   *
   * @param file what to call the content in errors
   * @throws LsgException exit 3 if the content is not that of {@link #toJson()}
   */
  public static LabelSet fromJson(String json, String file) {
    JsonNode array;
    try {
      array = JSON.readTree(json).path("labels");
    } catch (JsonProcessingException e) {
      throw LsgException.input(file + ": is not JSON: " + e.getOriginalMessage(), e);
    }
    Builder builder = new Builder();
    for (int i = 0; i < array.size(); i++) {
      JsonNode node = array.get(i);
      String place = file + ": labels[" + i + "]";
      if (!node.path("name").isTextual() || node.path("id").asInt(-1) != i) {
        throw LsgException.input(place + ": must hold \"id\": " + i + " and a \"name\"");
      }
      builder.add(node.get("name").asText(), node.path("description").asText(), place);
      if (node.path("source").isTextual()) {
        builder.sources.add(node.path("source").asText());
      }
    }
    return builder.labels.isEmpty() ? NONE : builder.build(file);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LabelSet that && labels.equals(that.labels);
  }

  @Override
  public int hashCode() {
    return labels.hashCode();
  }

  @Override
  public String toString() {
    return labels.stream().map(Label::name).toList().toString();
  }
}
