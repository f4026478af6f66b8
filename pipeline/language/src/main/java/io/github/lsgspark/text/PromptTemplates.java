package io.github.lsgspark.text;

import io.github.lsgspark.config.LabelSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.PromptSettings;
import io.github.lsgspark.config.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * Sentences with a gap for the label (docs/method.md, section 1). A template holds exactly one
 * {@code {}}, which becomes the label's text, any number of {@code {article}}, which become "a" or
 * "an" after the label's first letter, and of {@code {description}}, which become the label's
 * description. In a template file, empty lines and lines starting with {@code #} are passed over.
 *
 * <p>Where labels are described ({@code labels.describe}), a template without {@code {description}}
 * gets the label's description, if there is one, behind a comma at its end.
 *
 * <p>With the prefix rule, a template whose first characters are {@code a} or {@code the} gets
 * "This is " in front. As in the reference the test is on letters, not on words: "art of a {}."
 * gets it too.
 */
public final class PromptTemplates implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final String GAP = "{}";
  private static final String ARTICLE = "{article}";
  private static final String DESCRIPTION = "{description}";

  private final ArrayList<String> templates;
  private final int train;
  private final boolean describes;

  private PromptTemplates(List<String> templates, int train, boolean describes) {
    this.templates = new ArrayList<>(templates);
    this.train = train;
    this.describes = describes;
  }

  /**
   * The first {@code prompts.train} templates of the file, or of the built-in set, and the {@code
   * prompts.heldout} after them.
   *
   * @throws LsgException exit 2 if the file holds too few, exit 3 with file and line if a template
   *     is not well formed
   */
  public static PromptTemplates load(Settings settings, Configuration hadoop) {
    PromptSettings prompts = settings.prompts();
    PromptTemplates templates =
        prompts.file().isEmpty()
            ? builtIn(prompts, prompts.setFor(settings.data().modality()))
            : parse(TextLines.read(prompts.file(), hadoop), prompts.file(), prompts);
    return new PromptTemplates(
        templates.templates,
        templates.train,
        settings.labels().describe() != LabelSettings.Describe.NONE);
  }

  private static PromptTemplates builtIn(PromptSettings settings, PromptSettings.Templates set) {
    String resource =
        set == PromptSettings.Templates.PHOTOS
            ? "prompts.txt"
            : "prompts-" + set.name().toLowerCase(Locale.ROOT) + ".txt";
    try (InputStream in = PromptTemplates.class.getResourceAsStream("/" + resource)) {
      String name = "the built-in " + resource;
      return parse(TextLines.split(in.readAllBytes(), name), name, settings);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static PromptTemplates parse(List<String> lines, String file, PromptSettings settings) {
    List<String> templates = new ArrayList<>();
    Map<String, Integer> lineByTemplate = new HashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      String place = file + ":" + (i + 1);
      check(line, place);
      Integer earlier = lineByTemplate.put(line, i + 1);
      if (earlier != null) {
        throw LsgException.input(place + ": the template was already given in line " + earlier);
      }
      templates.add(settings.thisIsPrefix() ? prefixed(line) : line);
    }
    int wanted = settings.train() + settings.heldout();
    if (templates.size() < wanted) {
      throw LsgException.usage(
          String.format(
              "prompts.train + prompts.heldout = %d + %d, but %s holds only %d templates",
              settings.train(), settings.heldout(), file, templates.size()));
    }
    return new PromptTemplates(templates.subList(0, wanted), settings.train(), false);
  }

  private static void check(String template, String place) {
    int gap = template.indexOf(GAP);
    if (gap < 0 || template.indexOf(GAP, gap + 1) >= 0) {
      throw LsgException.input(
          place + ": a template must hold exactly one {}, but was: " + template);
    }
    String rest = template.replace(GAP, "").replace(ARTICLE, "").replace(DESCRIPTION, "");
    if (rest.indexOf('{') >= 0 || rest.indexOf('}') >= 0) {
      throw LsgException.input(
          place
              + ": only {}, {article} and {description} may stand in braces, but was: "
              + template);
    }
  }

  private static String prefixed(String template) {
    return template.startsWith("a") || template.startsWith("the")
        ? "This is " + template
        : template;
  }

  /** How many templates, from the first, make graph nodes for training: P. */
  public int train() {
    return train;
  }

  /** How many of the following are held out. */
  public int heldout() {
    return templates.size() - train;
  }

  /** All templates, with their prefix. */
  public List<String> templates() {
    return List.copyOf(templates);
  }

  /**
   * The prompts of one label, in the order of the templates.
   *
   * @throws LsgException exit 3 if a template wants a description and the label has none
   */
  public List<Prompt> prompts(Label label) {
    List<Prompt> prompts = new ArrayList<>(templates.size());
    for (int id = 0; id < templates.size(); id++) {
      String template = described(templates.get(id), label);
      int gap = template.indexOf(GAP);
      String left = filled(template.substring(0, gap), label);
      String right = filled(template.substring(gap + GAP.length()), label);
      int end = left.length() + label.text().length();
      prompts.add(
          new Prompt(label.id(), id, left + label.text() + right, left.length(), end, id >= train));
    }
    return prompts;
  }

  private String described(String template, Label label) {
    if (!describes || template.contains(DESCRIPTION) || label.description().isEmpty()) {
      return template;
    }
    boolean stop = template.endsWith(".");
    String open = stop ? template.substring(0, template.length() - 1) : template;
    return open + ", " + DESCRIPTION + (stop ? "." : "");
  }

  private static String filled(String part, Label label) {
    if (part.contains(DESCRIPTION) && label.description().isEmpty()) {
      throw LsgException.input(
          "a template wants a {description}, but the label \""
              + label.name()
              + "\" has none; give one behind a TAB in labels.file");
    }
    String article = "aeiouAEIOU".indexOf(label.text().charAt(0)) >= 0 ? "an" : "a";
    return part.replace(ARTICLE, article).replace(DESCRIPTION, label.description());
  }

  /** The prompts of all labels, label by label. */
  public List<Prompt> prompts(LabelSet labels) {
    return labels.labels().stream().flatMap(label -> prompts(label).stream()).toList();
  }
}
