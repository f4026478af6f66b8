package io.github.lsgspark.jobs;

import static io.github.lsgspark.config.TransferSettings.Method.BSS;
import static io.github.lsgspark.config.TransferSettings.Method.L2_SP;

import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.EvaluateSettings.Classifier;
import io.github.lsgspark.config.ExperimentSettings;
import io.github.lsgspark.config.GraphSettings.Search;
import io.github.lsgspark.config.GraphSettings.Selection;
import io.github.lsgspark.config.LsgSettings;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.embedding.LabelEncoders;
import io.github.lsgspark.training.ReplicaDependence;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which settings each stage reads: the one place that says so. What a stage before it has declared
 * counts for it, too, as that stage's fingerprint enters its own. Every setting is declared here,
 * or marked {@link io.github.lsgspark.config.RuntimeOnly} where it stands.
 */
final class StageSettings {
  /** Begins the name of samples of the program's own making. */
  static final String DRAWN = "drawn:";

  /** Stands for the network of the configuration's pretrain block. */
  static final String PRETRAIN = "pretrain";

  private static final String AUTO = "AUTO";

  private StageSettings() {}

  private static StageReads.Builder<Settings> settings() {
    return StageReads.of(Settings.class, "");
  }

  private static Predicate<Settings> of(Modality modality) {
    return all -> all.data().modality() == modality;
  }

  private static Predicate<Settings> drawsSamples() {
    return all -> all.data().train().startsWith(DRAWN) || all.data().test().startsWith(DRAWN);
  }

  private static Predicate<Settings> onGpus() {
    return all -> all.train().device() == TrainSettings.Device.CUDA;
  }

  /** What decides which samples there are, which are sound, and whose labels are kept. */
  static StageReads<Settings> prepare() {
    Predicate<Settings> unseen = all -> all.data().unseenClasses().any();
    return settings()
        .reads("seed", "data.modality", "data.format", "data.root")
        .locates(all -> all.data().isGeneric(), Settings::data, "data.train", "data.test")
        .reads("data.layout", "data.test-split", "data.duplicates")
        .reads("data.test-fraction", "data.test-seed", "data.validation-fraction")
        .reads("data.label-budget", "data.fold", "data.fold-pattern")
        .readsIf(all -> all.data().isGeneric(), "data.columns")
        .contents("labels.file", "labels.names")
        .reads("prepare.store", "prepare.max-bad-fraction", "prepare.max-file-bytes")
        .reads("prepare.max-pixels", "prepare.crop-bottom")
        // A sound is judged when it is resampled, a video by the frames that are kept.
        .readsIf(of(Modality.AUDIO), "audio.rate", "audio.min-seconds", "audio.max-seconds")
        .readsIf(of(Modality.AUDIO), "audio.silence")
        .readsIf(of(Modality.VIDEO), "video.max-seconds", "video.frame-rate", "video.max-frames")
        .readsIf(of(Modality.VIDEO), "video.hardware")
        .readsIf(unseen, "data.unseen-classes.count", "data.unseen-classes.keep-unlabelled")
        .readsIf(all -> all.data().unseenClasses().count() > 0, "data.unseen-classes.seed")
        .contents("data.unseen-classes.file")
        .readsIf(drawsSamples(), "data.drawn")
        .build();
  }

  /** What prompts are made of the labels, and how they become vectors. */
  static StageReads<Settings> embed() {
    Predicate<Settings> pretrained = all -> LabelEncoders.of(all).isPretrained();
    Predicate<Settings> transformer = encodes(LabelEncoders.TRANSFORMER);
    Predicate<Settings> precomputed = encodes(LabelEncoders.PRECOMPUTED);
    return settings()
        // The labels themselves are in the fingerprint.
        .through("labels.file")
        .contents("labels.taxonomy", "prompts.file")
        .reads("prompts.train", "prompts.heldout", "prompts.this-is-prefix", "embedding.encoder")
        .readsIf(encodes(LabelEncoders.LEXICAL), "embedding.lexical")
        .readsIf(precomputed, "seed", "embedding.precomputed")
        .identifiesIf(precomputed, "embedding.precomputed.path")
        .contentsIf(precomputed, "embedding.precomputed.labels")
        .identifiesIf(pretrained, "embedding.model")
        .readsIf(pretrained, "embedding.pooling")
        .resolvedIf(transformer, AUTO, "embedding.dtype", "train.device")
        .build();
  }

  private static Predicate<Settings> encodes(String encoder) {
    return all -> all.embedding().encoder().equals(encoder);
  }

  /** Which texts are joined. */
  static StageReads<Settings> graph() {
    return settings()
        .readsIf(all -> all.lsg().labelGraph() == LsgSettings.LabelGraph.SHUFFLED, "seed")
        .reads("graph.selection", "graph.force-same-class", "lsg.label-graph")
        .readsIf(selects(Selection.GLOBAL_RATIO, Selection.EUCLIDEAN), "graph.edge-ratio")
        .readsIf(selects(Selection.THRESHOLD), "graph.threshold")
        .readsIf(selects(Selection.KNN), "graph.k", "graph.symmetry", "graph.search")
        .readsIf(searches(Search.AUTO), "graph.exact-limit")
        .readsIf(searches(Search.AUTO, Search.APPROXIMATE), "graph.search-width")
        .readsIf(searches(Search.AUTO, Search.APPROXIMATE), "graph.search-probes")
        .readsIf(searches(Search.TWO_LEVEL), "graph.near-classes")
        // An exact search finds the same whatever its blocks, and needs no recall.
        .readsIf(
            searches(Search.AUTO, Search.APPROXIMATE, Search.TWO_LEVEL),
            "graph.recall-sample",
            "graph.block-rows")
        .build();
  }

  private static Predicate<Settings> selects(Selection first, Selection... others) {
    Set<Selection> selections = EnumSet.of(first, others);
    return all -> selections.contains(all.graph().selection());
  }

  private static Predicate<Settings> searches(Search first, Search... others) {
    Set<Search> searches = EnumSet.of(first, others);
    return all ->
        all.graph().selection() == Selection.KNN && searches.contains(all.graph().search());
  }

  /** How the graph network is trained. */
  static StageReads<Settings> gcn() {
    return settings()
        .reads("seed", "gcn")
        .identifies("gcn.init")
        .resolvedIf(all -> true, AUTO, "gcn.device")
        .build();
  }

  /** How the backbone is fine-tuned; {@code train.weights} may stand for another training. */
  static StageReads<Settings> train() {
    Predicate<Settings> guided = all -> all.lsg().enabled();
    Predicate<Settings> shrinks = all -> all.train().transfer().uses(BSS);
    Predicate<Settings> stays = all -> all.train().transfer().uses(L2_SP);
    Predicate<Settings> pretrained = all -> all.train().weights().equals(PRETRAIN);
    return settings()
        .reads("seed", "data.modality", "train.backbone", "train.image-size")
        .reads("train.partial-weights")
        .identifiesUnless(pretrained, "train.weights")
        .reads("train.feature-scale", "train.normalization", "train.global-batch", "train.views")
        .reads("train.iterations", "train.epochs", "train.engine", "train.batch-norm")
        .reads("train.accumulation", "train.learning-rate", "train.head-multiplier")
        .reads("train.momentum", "train.label-smoothing", "train.average-decay")
        .reads("train.gradient-clip", "train.schedule", "train.augmentation", "train.freeze")
        .reads("train.validate-every", "train.exchange.dtype")
        .resolvedIf(all -> true, AUTO, "train.precision", "train.device", "train.layout")
        .readsIf(onGpus(), "train.tf32")
        .resolvedIf(all -> !ReplicaDependence.reasons(all).isEmpty(), 0, "train.replicas")
        .reads("train.transfer.methods")
        .readsIf(shrinks, "train.transfer.bss")
        .readsIf(stays, "train.transfer.l2-sp")
        // L2-SP takes its place.
        .readsIf(stays.negate(), "train.weight-decay")
        .readsIf(of(Modality.AUDIO), "audio")
        .readsIf(of(Modality.VIDEO), "video")
        .derives("ssl.strategy", all -> all.ssl().active() ? all.ssl().strategy() : "none")
        .readsIf(all -> all.ssl().active(), "ssl")
        .reads("lsg.enabled")
        .readsIf(guided, "train.projector-multiplier", "lsg.projector", "lsg.batch-graph")
        .readsIf(guided, "lsg.align-weight", "lsg.regularization-weight")
        .readsIf(guided, "lsg.text-image-weight", "lsg.image-image-weight")
        .readsIf(guided, "lsg.align-logits", "lsg.align-temperature", "lsg.prototype-scale")
        .readsIf(guided, "lsg.soft-labels", "lsg.schedule")
        // The mode decides what these leave open, and nothing else.
        .through("lsg.mode", "lsg.prototype-term")
        .derivesIf(guided, "lsg.normalize-projection", all -> all.lsg().normalizesProjection())
        .derivesIf(guided, "lsg.prototype-weight", all -> all.lsg().prototypeFactor())
        .build();
  }

  /** How a trained model is measured. */
  static StageReads<Settings> evaluate() {
    return settings()
        .derives("evaluate.classifier", all -> all.evaluate().headline())
        .through("evaluate.prototypes")
        .reads("evaluate.prototype-scale", "evaluate.pooling", "evaluate.seen-penalty")
        .reads("evaluate.label-metric", "evaluate.calibration-bins")
        .resolvedIf(all -> true, AUTO, "train.device")
        .readsIf(onGpus(), "train.tf32")
        .build();
  }

  /** What is labelled by a trained model, and by which classifier. */
  static StageReads<Settings> predict() {
    return settings()
        .locates(all -> true, Settings::data, "predict.input")
        .readsIf(all -> !all.predict().input().isEmpty(), "data.columns")
        .readsIf(all -> all.predict().input().startsWith(DRAWN), "data.drawn")
        .derives("evaluate.classifier", all -> all.evaluate().headline())
        .through("evaluate.prototypes")
        .reads("evaluate.prototype-scale")
        .readsIf(classifies(Classifier.PROTOTYPES, Classifier.ENSEMBLE), "evaluate.seen-penalty")
        .readsIf(classifies(Classifier.ENSEMBLE), "evaluate.pooling")
        .readsIf(classifies(Classifier.LOKI), "evaluate.label-metric")
        .resolvedIf(all -> true, AUTO, "train.device")
        .readsIf(onGpus(), "train.tf32")
        .build();
  }

  private static Predicate<Settings> classifies(Classifier first, Classifier... others) {
    Set<Classifier> classifiers = EnumSet.of(first, others);
    return all -> classifiers.contains(all.evaluate().headline());
  }

  /** What the page shows of what the other stages made. */
  static StageReads<Settings> report() {
    return settings().reads("report").build();
  }

  /** What the table shows of a grid's runs, whose seeds, folds and overlays are in these. */
  static StageReads<ExperimentSettings> experiment() {
    return StageReads.of(ExperimentSettings.class, "experiment.")
        .reads("experiment.budgets", "experiment.baseline", "experiment.split")
        .derives("experiment.methods", grid -> grid.methods().keySet())
        .through("experiment.by-budget")
        .reads("experiment.seeds", "experiment.folds")
        .build();
  }
}
