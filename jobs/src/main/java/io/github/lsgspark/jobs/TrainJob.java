package io.github.lsgspark.jobs;

import static io.github.lsgspark.config.TransferSettings.Method.BI_TUNING;
import static io.github.lsgspark.config.TransferSettings.Method.BSS;
import static io.github.lsgspark.config.TransferSettings.Method.CO_TUNING;
import static io.github.lsgspark.config.TransferSettings.Method.L2_SP;
import static io.github.lsgspark.config.TransferSettings.Method.PROJECTED_CROSS_ENTROPY;
import static io.github.lsgspark.config.TransferSettings.Method.SUP_CON;

import com.typesafe.config.ConfigFactory;
import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.config.TrainSettings.Start;
import io.github.lsgspark.config.TuningSettings.Method;
import io.github.lsgspark.storage.Fingerprint;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.training.ReplicaDependence;
import io.github.lsgspark.training.TrainStage;
import io.github.lsgspark.training.TrialStage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.spark.sql.SparkSession;

/** How the backbone is fine-tuned; {@code train.weights} may stand for another training. */
final class TrainJob implements Stage {
  private static final StageReads<?> READS = declared().build();

  @Override
  public String name() {
    return "train";
  }

  @Override
  public int version() {
    return 3;
  }

  @Override
  public String help() {
    return "Fine-tunes the backbone, guided by the frozen GCN unless lsg.enabled = false.";
  }

  @Override
  public String work() {
    return "fine-tune the backbone";
  }

  @Override
  public String amount(Loaded loaded) {
    TrainSettings train = loaded.settings().train();
    String length =
        train.iterations() > 0
            ? train.iterations() + " steps"
            : train.epochs() + " epochs in steps";
    return "%s of %d labelled samples through %s"
        .formatted(length, train.globalBatch(), train.backbone());
  }

  @Override
  public List<StageInput> inputs() {
    return List.of(
        StageInput.of("prepare"),
        StageInput.of("graph").onlyIf(TrainJob::isGuided, "lsg.enabled = true"),
        StageInput.of("gcn").onlyIf(TrainJob::isGuided, "lsg.enabled = true"),
        StageInput.of("head")
            .onlyIf(
                all -> takesHead(all.settings()),
                "train.start = head or best, or ssl.strategy = soft-labels"),
        StageInput.of("vote")
            .onlyIf(all -> VoteJob.isWanted(all.settings()), "ssl.strategy = vote"),
        StageInput.of("trials")
            .onlyIf(all -> all.settings().train().start() == Start.BEST, "train.start = best"),
        FeaturesJob.pretrained());
  }

  @Override
  public List<StageReads<?>> reads() {
    return List.of(READS);
  }

  @Override
  public Map<String, String> writes() {
    return StageOutputs.of(
        "model.safetensors", "the weights after the last step",
        "model-validation.safetensors", "the best on the validation split, if there is one",
        "prototypes.safetensors", "class prototypes, of a guided training",
        "model.torchscript.pt", "the network for serving",
        "model.json, labels.json", "what the network is, and its classes",
        "logs/", "event files for TensorBoard, metrics as JSON lines",
        "checkpoints/", "the last state",
        "metrics.json", "counts, losses and times");
  }

  @Override
  public boolean inRun(Loaded loaded) {
    return loaded.settings().train().enabled();
  }

  @Override
  public void check(Loaded loaded) {
    if (!loaded.settings().train().enabled()) {
      throw LsgException.usage(
          "train.enabled = false, so nothing is trained; the model is that of lsg head");
    }
  }

  /** Whether it starts from the head, or may, or takes its soft labels. */
  static boolean takesHead(Settings settings) {
    return settings.train().start() != Start.RANDOM || TrainStage.takesSoftLabels(settings);
  }

  static boolean isGuided(Loaded loaded) {
    return loaded.settings().lsg().enabled();
  }

  @Override
  public Loaded decided(Loaded loaded, MachineChoice machines) {
    return machines.training(loaded);
  }

  @Override
  public void key(StageInputs inputs, Fingerprint.Builder key) {
    List<Fingerprint> guidance = new ArrayList<>();
    inputs.fingerprint("graph").ifPresent(guidance::add);
    inputs.fingerprint("gcn").ifPresent(guidance::add);
    key.add("prepare", inputs.fingerprint("prepare").orElseThrow())
        .add("guidance", guidance)
        .add("pretrained", inputs.fingerprint(Conditions.PRETRAIN));
    inputs.fingerprint("head").ifPresent(head -> key.add("head", head));
    inputs.fingerprint("vote").ifPresent(vote -> key.add("vote", vote));
    inputs.fingerprint("trials").ifPresent(trials -> key.add("trials", trials));
  }

  @Override
  public void run(SparkSession session, StageInputs inputs, StageTarget target) {
    HadoopFiles files = new HadoopFiles(session.sparkContext().hadoopConfiguration());
    Start start = TrialStage.start(files, inputs.settings(), inputs.find("trials"));
    TrainStage.run(
        session,
        from(inputs.loaded(), start),
        inputs.path("prepare"),
        inputs.find("graph"),
        inputs.find("gcn"),
        inputs.find("head").filter(head -> start == Start.HEAD),
        TrainStage.softLabelsOf(inputs.settings()).flatMap(inputs::find),
        FeaturesJob.weights(inputs),
        target.folder(),
        target.running());
  }

  private static Settings from(Loaded loaded, Start start) {
    return SettingsLoader.overlay(
            loaded,
            ConfigFactory.parseMap(
                Map.of("train.start", start.name().toLowerCase(Locale.ROOT)), "the start"))
        .settings();
  }

  @Override
  public boolean resumes() {
    return true;
  }

  private static Predicate<Settings> tuned(Method method) {
    return all -> all.train().tuning().method() == method;
  }

  /** What a training reads. */
  static StageReadsBuilder<Settings> declared() {
    Predicate<Settings> guided = all -> all.lsg().enabled();
    Predicate<Settings> fromHead = all -> all.train().start() != Start.RANDOM;
    Predicate<Settings> fromRandom = all -> all.train().start() != Start.HEAD;
    Predicate<Settings> shrinks = all -> all.train().transfer().uses(BSS);
    Predicate<Settings> contrasts = all -> all.train().transfer().uses(SUP_CON);
    Predicate<Settings> classifies = all -> all.train().transfer().uses(PROJECTED_CROSS_ENTROPY);
    Predicate<Settings> tunes = all -> all.train().transfer().uses(BI_TUNING);
    Predicate<Settings> coTunes = all -> all.train().transfer().uses(CO_TUNING);
    Predicate<Settings> projects = all -> all.train().transfer().projects();
    Predicate<Settings> stays = all -> all.train().transfer().uses(L2_SP);
    Predicate<Settings> pretrained = all -> all.train().weights().equals(Conditions.PRETRAIN);
    return StageReads.settings()
        .reads("seed", "data.modality", "train.backbone", "train.image-size")
        .reads("train.partial-weights")
        .identifiesUnless(pretrained, "train.weights")
        .reads("train.feature-scale", "train.normalization", "train.global-batch", "train.views")
        .reads("train.iterations", "train.epochs", "train.engine", "train.batch-norm")
        .reads("train.accumulation")
        .readsIf(fromRandom, "train.learning-rate", "train.head-multiplier")
        .readsIf(fromHead, "train.from-head")
        .reads("train.momentum", "train.label-smoothing", "train.average-decay")
        .reads("train.gradient-clip", "train.schedule", "train.augmentation", "train.freeze")
        .reads("train.tuning.method", "train.tuning.layer-decay")
        .readsIf(tuned(Method.LORA), "train.tuning.lora")
        .readsIf(tuned(Method.LAST_BLOCKS), "train.tuning.blocks")
        .reads("train.validate-every", "train.exchange.dtype")
        .resolvedIf(all -> true, Conditions.AUTO, "train.precision", "train.device", "train.layout")
        .readsIf(Conditions.onGpus(), "train.tf32")
        .resolvedIf(all -> !ReplicaDependence.reasons(all).isEmpty(), 0, "train.replicas")
        .reads("train.transfer.methods")
        .readsIf(shrinks, "train.transfer.bss")
        .readsIf(stays, "train.transfer.l2-sp")
        .readsIf(contrasts, "train.transfer.sup-con")
        .readsIf(classifies, "train.transfer.projected-cross-entropy")
        .readsIf(tunes, "train.transfer.bi-tuning")
        .readsIf(coTunes, "train.transfer.co-tuning")
        .readsIf(projects.and(guided.negate()), "train.transfer.projection-dimension")
        // L2-SP takes its place.
        .readsIf(stays.negate(), "train.weight-decay")
        .readsIf(Conditions.of(Modality.AUDIO), "audio")
        .readsIf(Conditions.of(Modality.VIDEO), "video")
        .derives("ssl.strategy", all -> all.ssl().active() ? all.ssl().strategy() : "none")
        .readsIf(all -> all.ssl().active(), "ssl")
        .derivesIf(fromHead, "train.start", all -> all.train().start())
        .reads("lsg.enabled")
        .readsIf(guided.or(projects), "train.projector-multiplier", "lsg.projector")
        .readsIf(guided, "lsg.batch-graph")
        .readsIf(guided, "lsg.align-weight", "lsg.regularization-weight")
        .readsIf(guided, "lsg.text-image-weight", "lsg.image-image-weight")
        .readsIf(guided, "lsg.align-logits", "lsg.align-temperature", "lsg.prototype-scale")
        .readsIf(guided, "lsg.soft-labels", "lsg.schedule")
        // The mode decides what these leave open, and nothing else.
        .through("lsg.mode", "lsg.prototype-term")
        .derivesIf(guided, "lsg.normalize-projection", all -> all.lsg().normalizesProjection())
        .derivesIf(guided, "lsg.prototype-weight", all -> all.lsg().prototypeFactor());
  }
}
