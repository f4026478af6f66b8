package io.github.lsgspark.wordnet;

import io.github.lsgspark.config.LabelSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.graph.LabelTree;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.text.Label;
import io.github.lsgspark.text.LabelSet;
import io.github.lsgspark.wordnet.LabelSenses.By;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is known of classes beside their names: descriptions, and WordNet's tree over them. */
public final class LabelMeanings {
  /** The file of the embed stage that says which meaning each name was given. */
  public static final String FILE = "senses.tsv";

  private static final Logger LOG = LoggerFactory.getLogger(LabelMeanings.class);
  private static final int EXAMPLES = 5;

  private final LabelSet labels;
  private final Optional<LabelSenses> senses;

  private LabelMeanings(LabelSet labels, Optional<LabelSenses> senses) {
    this.labels = labels;
    this.senses = senses;
  }

  /**
   * As the settings ask.
   *
   * @throws LsgException exit 2 for a meaning by hand that there is not; exit 3 if descriptions are
   *     asked for and no label has one
   */
  public static LabelMeanings of(LabelSettings settings, LabelSet labels) {
    Optional<LabelSenses> senses =
        settings.looksUpSenses()
            ? Optional.of(LabelSenses.of(labels, settings.senses()))
            : Optional.empty();
    if (senses.isEmpty() && !settings.senses().isEmpty()) {
      LOG.warn(
          "labels.senses is used only with labels.describe = wordnet or labels.taxonomy = wordnet");
    }
    LabelSet described =
        switch (settings.describe()) {
          case NONE -> labels;
          case FILE -> described(labels, "labels.file or labels.names has a description of one");
          case WORDNET -> described(glossed(labels, senses.orElseThrow()), "WordNet knows one");
        };
    return new LabelMeanings(described, senses);
  }

  private static LabelSet glossed(LabelSet labels, LabelSenses senses) {
    return labels.described(
        labels.labels().stream()
            .map(
                label ->
                    senses
                        .of(label.id())
                        .filter(chosen -> chosen.by() != By.HEAD)
                        .map(chosen -> chosen.sense().gloss())
                        .orElse(label.description()))
            .toList());
  }

  private static LabelSet described(LabelSet labels, String source) {
    if (labels.labels().stream().allMatch(label -> label.description().isEmpty())) {
      throw LsgException.input(
          "labels.describe adds a description to each class name, but of "
              + labels.size()
              + " classes not one has any, so nothing is added: it needs that "
              + source);
    }
    return labels;
  }

  /** The labels with their descriptions. */
  public LabelSet labels() {
    return labels;
  }

  /** WordNet's tree over the labels. */
  public LabelTree tree() {
    return LabelTree.of(
        labels.labels().stream()
            .map(label -> senses.orElseThrow().of(label.id()).map(this::steps).orElse(Map.of()))
            .toList(),
        WordNet.get()::depth);
  }

  /** A name of which WordNet knows only the last words is one kind of what these are. */
  private Map<Long, Integer> steps(LabelSenses.Chosen chosen) {
    Map<Long, Integer> steps = WordNet.get().ancestors(chosen.sense());
    if (chosen.by() == By.HEAD) {
      steps.replaceAll((node, up) -> up + 1);
    }
    return steps;
  }

  /** Says in the log which meanings were found. */
  public void tell() {
    if (senses.isEmpty()) {
      return;
    }
    List<String> chosen = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    int heads = 0;
    for (Label label : labels.labels()) {
      Optional<LabelSenses.Chosen> sense = senses.get().of(label.id());
      if (sense.isEmpty()) {
        unknown.add(label.name());
      } else if (sense.get().by() == By.HEAD) {
        heads++;
      } else if (sense.get().by() == By.NEIGHBOURS) {
        chosen.add(label.name() + " = " + sense.get().sense());
      }
    }
    LOG.info(
        "embed: WordNet 3.0 knows {} of {} class names, and of {} others the last words; {} have"
            + " several meanings, chosen by the other classes{} ({})",
        labels.size() - unknown.size() - heads,
        labels.size(),
        heads,
        chosen.size(),
        chosen.isEmpty() ? "" : ": " + some(chosen, "; "),
        FILE);
    if (!unknown.isEmpty()) {
      LOG.warn("embed: WordNet does not know {}", some(unknown, ", "));
    }
  }

  private static String some(List<String> texts, String separator) {
    return String.join(separator, texts.subList(0, Math.min(EXAMPLES, texts.size())))
        + (texts.size() > EXAMPLES ? separator + "... (" + texts.size() + " in all)" : "");
  }

  /** Writes {@link #FILE}, if meanings were looked up. */
  public void write(HadoopFiles files, String outDir) {
    if (senses.isEmpty()) {
      return;
    }
    StringBuilder text = new StringBuilder("label\twnid\tsense\tgloss\tmeanings\tfound by\n");
    for (Label label : labels.labels()) {
      text.append(label.name()).append('\t');
      text.append(senses.get().of(label.id()).map(LabelMeanings::columns).orElse("\t\t\t0\t"));
      text.append('\n');
    }
    files.write(HadoopFiles.path(outDir, FILE), text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String columns(LabelSenses.Chosen chosen) {
    return String.join(
        "\t",
        chosen.sense().wnid(),
        chosen.sense().key(),
        chosen.sense().gloss(),
        Integer.toString(chosen.of()),
        chosen.by().name().toLowerCase(Locale.ROOT));
  }
}
