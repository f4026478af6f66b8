package io.github.lsgspark.jobs;

import io.github.lsgspark.config.PromptSettings.Templates;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.embedding.EmbedStage;
import io.github.lsgspark.embedding.LabelEncoders;
import io.github.lsgspark.embedding.models.MavenModel;
import io.github.lsgspark.storage.Fingerprint;
import io.github.lsgspark.text.LabelSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.spark.sql.SparkSession;

/** What prompts are made of the labels, and how they become vectors. */
final class EmbedJob implements Stage {
  private static final StageReads<?> READS = declared();

  @Override
  public String name() {
    return "embed";
  }

  @Override
  public int version() {
    return 4;
  }

  @Override
  public String help() {
    return "Class names, in the words of the prompt templates, into vectors.";
  }

  @Override
  public String work() {
    return "class names as vectors";
  }

  @Override
  public List<StageInput> inputs() {
    return List.of(
        StageInput.of("prepare")
            .inPart()
            .onlyIf(all -> all.settings().labels().file().isEmpty(), "labels.file is empty"));
  }

  @Override
  public List<StageReads<?>> reads() {
    return List.of(READS);
  }

  @Override
  public Map<String, String> writes() {
    return StageOutputs.of(
        "embeddings/", "the vectors of all prompts",
        "senses.tsv", "which meaning in WordNet each name was given, where that is asked for",
        "taxonomy.json", "how the labels relate by labels.taxonomy",
        "metrics.json", "counts, and how far classes lie apart");
  }

  @Override
  public Loaded decided(Loaded loaded, MachineChoice machines) {
    return machines.embedding(loaded);
  }

  /** The labels count; the samples themselves do not. */
  @Override
  public void key(StageInputs inputs, Fingerprint.Builder key) {
    key.add("labels", labels(inputs).toJson());
  }

  /** The label list: of its own file, which needs no samples, or as prepare found it. */
  static LabelSet labels(StageInputs inputs) {
    String file = inputs.settings().labels().file();
    if (!file.isEmpty()) {
      return LabelSet.load(file, inputs.hadoop());
    }
    return LabelSet.fromJson(
        inputs.text("prepare", "labels.json"), inputs.path("prepare") + "/labels.json");
  }

  @Override
  public void run(SparkSession session, StageInputs inputs, StageTarget target) {
    EmbedStage.run(session, inputs.settings(), labels(inputs), target.folder());
  }

  private static StageReads<?> declared() {
    Predicate<Settings> pretrained = all -> LabelEncoders.of(all).isPretrained();
    Predicate<Settings> transformer = encodes(LabelEncoders.TRANSFORMER);
    Predicate<Settings> precomputed = encodes(LabelEncoders.PRECOMPUTED);
    return StageReads.settings()
        // The labels themselves are in the fingerprint.
        .through("labels.file")
        .contents("prompts.file")
        .contentsUnless(all -> all.labels().isWordNetTaxonomy(), "labels.taxonomy")
        .reads("labels.describe")
        .readsIf(all -> all.labels().looksUpSenses(), "labels.senses")
        .derivesIf(
            all -> all.prompts().file().isEmpty(),
            "prompts.set",
            all -> all.prompts().setFor(all.data().modality()))
        .throughIf(
            all -> all.prompts().file().isEmpty() && all.prompts().set() == Templates.AUTO,
            "data.modality")
        .reads("prompts.train", "prompts.heldout", "prompts.this-is-prefix", "embedding.encoder")
        .readsIf(encodes(LabelEncoders.LEXICAL), "embedding.lexical")
        .readsIf(precomputed, "seed", "embedding.precomputed")
        .identifiesIf(precomputed, "embedding.precomputed.path")
        .contentsIf(precomputed, "embedding.precomputed.labels")
        .identifiesIf(pretrained, EmbedJob::fetched, "embedding.model")
        .readsIf(pretrained, "embedding.pooling")
        .resolvedIf(transformer, Conditions.AUTO, "embedding.dtype", "train.device")
        .build();
  }

  /** A model that has a name is the same wherever it lies, and before it is fetched. */
  private static Optional<String> fetched(Settings settings) {
    return MavenModel.of(settings.embedding()).map(MavenModel::identity);
  }

  private static Predicate<Settings> encodes(String encoder) {
    return all -> all.embedding().encoder().equals(encoder);
  }
}
