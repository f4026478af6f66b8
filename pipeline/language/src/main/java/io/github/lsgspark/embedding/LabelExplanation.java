package io.github.lsgspark.embedding;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.embedding.transformer.ModelSpec;
import io.github.lsgspark.embedding.transformer.OpenedModel;
import io.github.lsgspark.embedding.transformer.OpenedModels;
import io.github.lsgspark.text.Label;
import io.github.lsgspark.text.LabelSet;
import io.github.lsgspark.text.Prompt;
import io.github.lsgspark.text.PromptTemplates;
import io.github.lsgspark.text.TokenizedText;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.wordnet.LabelMeanings;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.apache.spark.sql.SparkSession;

/**
 * What an encoder sees of a label, for a person to look at: its prompts, which tokens of them make
 * the vector, and which labels come out nearest.
 */
public final class LabelExplanation {
  private static final int PROMPTS = 3;
  private static final int NEIGHBOURS = 10;
  private static final int SUGGESTIONS = 5;

  private final SparkSession spark;
  private final Settings settings;
  private final LabelSet labels;
  private final String embedDir;

  /**
   * @param embedDir the output of the embedding stage
   */
  public LabelExplanation(SparkSession spark, Settings settings, LabelSet labels, String embedDir) {
    this.spark = spark;
    this.settings = settings;
    this.labels = LabelMeanings.of(settings.labels(), labels).labels();
    this.embedDir = embedDir;
  }

  /**
   * The explanation, as text for a terminal.
   *
   * @throws LsgException exit 2 if there is no such label, naming those that are spelled most alike
   */
  public String of(String name) {
    Label label = labels.find(name).orElseThrow(() -> unknown(name));
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            "%nLabel %d of %d: %s%nas prompts say it: \"%s\"%n",
            label.id() + 1, labels.size(), label.name(), label.text()));
    if (!label.description().isEmpty()) {
      text.append("description: ").append(label.description()).append(System.lineSeparator());
    }
    prompts(label, text);
    neighbours(label, text);
    return text.toString();
  }

  private LsgException unknown(String name) {
    String wanted = Label.foldedTextOf(name);
    List<String> near =
        labels.labels().stream()
            .map(Label::name)
            .sorted(
                Comparator.comparingInt(
                    other ->
                        LevenshteinDistance.getDefaultInstance()
                            .apply(wanted, Label.foldedTextOf(other))))
            .limit(SUGGESTIONS)
            .toList();
    return LsgException.usage(
        "--explain: no label \"" + name + "\"; nearest in spelling: " + String.join(", ", near));
  }

  private void prompts(Label label, StringBuilder text) {
    List<Prompt> prompts =
        PromptTemplates.load(settings, spark.sparkContext().hadoopConfiguration()).prompts(label);
    text.append(
        String.format(
            "%nThe first %d of %d prompts:%n", Math.min(PROMPTS, prompts.size()), prompts.size()));
    if (!LabelEncoders.of(settings).isPretrained()) {
      for (Prompt prompt : prompts.subList(0, Math.min(PROMPTS, prompts.size()))) {
        text.append("  ").append(prompt.text()).append(System.lineSeparator());
      }
      return;
    }
    ModelSpec spec = PretrainedEncoder.spec(spark, settings);
    try (OpenedModels.Lease lease = OpenedModels.open(spec, ComputeDevice.cpu())) {
      for (Prompt prompt : prompts.subList(0, Math.min(PROMPTS, prompts.size()))) {
        tokens(lease.model(), prompt, text);
      }
    }
    text.append(
        String.format(
            "%nTokens in «» make the vector (embedding.pooling = %s).%n", spec.pooling().label()));
  }

  private static void tokens(OpenedModel model, Prompt prompt, StringBuilder text) {
    TokenizedText tokens = model.tokens(prompt.text());
    int[] pooled = model.pooled(tokens, prompt.text(), prompt.labelStart(), prompt.labelEnd());
    int kept =
        model.tokenize(prompt.text(), prompt.labelStart(), prompt.labelEnd()).pooled().length;
    text.append(String.format("  %s%n   ", Abbreviation.of(prompt.text())));
    for (int i = 0; i < tokens.length(); i++) {
      boolean inside = Arrays.binarySearch(pooled, i) >= 0;
      text.append(inside ? " «" : " ").append(tokens.tokens()[i]).append(inside ? "»" : "");
    }
    text.append(
        String.format("%n    ids %s%n", Arrays.toString(tokens.ids()).replaceAll("[\\[\\],]", "")));
    if (kept < pooled.length) {
      text.append(
          String.format(
              "    cut off: %d of %d tokens of the vector lie beyond the model's maximum%n",
              pooled.length - kept, pooled.length));
    }
  }

  private void neighbours(Label label, StringBuilder text) {
    List<ClassSums> sums = ClassSums.read(spark, embedDir);
    double[] own = UnitVectors.scaledTo(sums.get(label.id()).train().clone(), 1);
    double[] cosines = new double[sums.size()];
    for (int i = 0; i < cosines.length; i++) {
      double[] other = sums.get(i).train();
      cosines[i] = UnitVectors.dot(own, other) / UnitVectors.length(other);
    }
    text.append(String.format("%nNearest labels, by the mean over training prompts:%n"));
    sums.stream()
        .filter(other -> other.labelId() != label.id())
        .sorted(
            Comparator.comparingDouble((ClassSums other) -> -cosines[other.labelId()])
                .thenComparing(ClassSums::labelId))
        .limit(NEIGHBOURS)
        .forEach(
            other ->
                text.append(
                    String.format(
                        Locale.ROOT,
                        "  %.4f  %s%n",
                        cosines[other.labelId()],
                        Abbreviation.of(other.label()))));
  }
}
