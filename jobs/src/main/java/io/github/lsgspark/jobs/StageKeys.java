package io.github.lsgspark.jobs;

import static io.github.lsgspark.config.TransferSettings.Method.BSS;
import static io.github.lsgspark.config.TransferSettings.Method.L2_SP;

import io.github.lsgspark.config.DataSettings.UnseenSettings;
import io.github.lsgspark.config.EmbeddingSettings;
import io.github.lsgspark.config.EvaluateSettings;
import io.github.lsgspark.config.ExperimentSettings;
import io.github.lsgspark.config.GraphSettings;
import io.github.lsgspark.config.LsgSettings;
import io.github.lsgspark.config.PredictSettings;
import io.github.lsgspark.config.PromptSettings;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.config.TransferSettings;
import io.github.lsgspark.storage.Fingerprint;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What each stage's output depends on: exactly the settings it reads, the content or identity of
 * the files it reads, and the fingerprints of the stages before it. Settings that change how fast
 * or where a stage runs, but not what it computes (partitions, block sizes, replicas, device, log
 * intervals), do not enter.
 */
final class StageKeys {
  private static final String DRAWN = "drawn:";

  private final InputFiles inputs;

  StageKeys(InputFiles inputs) {
    this.inputs = inputs;
  }

  Fingerprint prepare(Settings settings) {
    var data = settings.data();
    var prepare = settings.prepare();
    Fingerprint.Builder key =
        begin(Stage.PREPARE)
            .add("seed", settings.seed())
            .add("format", data.format())
            .add("train", data.train())
            .add("train files", inputs.samples("data.train", data.train(), data))
            .add("test", data.test())
            .add("test files", inputs.samples("data.test", data.test(), data))
            .add("root", data.root())
            .add("test-fraction", data.testFraction())
            .add("test-seed", data.testSeed())
            .add("validation-fraction", data.validationFraction())
            .add("label-budget", data.labelBudget())
            .add("fold", data.fold())
            .add("fold-pattern", data.foldPattern())
            .add("labels", inputs.content("labels.file", settings.labels().file()))
            .add("store", prepare.store())
            .add("max-bad-fraction", prepare.maxBadFraction())
            .add("max-file-bytes", prepare.maxFileBytes())
            .add("max-pixels", prepare.maxPixels())
            .add("crop-bottom", prepare.cropBottom());
    switch (data.modality()) {
      case IMAGE -> {}
      case AUDIO ->
          key.add("modality", data.modality())
              .add("min-seconds", settings.audio().minSeconds())
              .add("max-seconds", settings.audio().maxSeconds())
              .add("silence", settings.audio().silence());
      case VIDEO ->
          key.add("modality", data.modality())
              .add("max-seconds", settings.video().maxSeconds())
              .add("frame-rate", settings.video().frameRate());
    }
    UnseenSettings unseen = data.unseenClasses();
    if (unseen.any()) {
      key.add("unseen-count", unseen.count())
          .add("unseen-seed", unseen.count() > 0 ? unseen.seed() : 0)
          .add("unseen-names", inputs.content("data.unseen-classes.file", unseen.file()))
          .add("keep-unlabelled", unseen.keepUnlabelled());
    }
    if (data.train().startsWith(DRAWN) || data.test().startsWith(DRAWN)) {
      key.add("drawn", data.drawn());
    }
    return key.build();
  }

  /**
   * @param labels content of labels.json; the samples themselves do not matter
   */
  Fingerprint embed(Settings settings, String labels) {
    PromptSettings prompts = settings.prompts();
    EmbeddingSettings embedding = settings.embedding();
    Fingerprint.Builder key =
        begin(Stage.EMBED)
            .add("labels", labels)
            .add("templates", inputs.content("prompts.file", prompts.file()))
            .add("train", prompts.train())
            .add("heldout", prompts.heldout())
            .add("this-is-prefix", prompts.thisIsPrefix())
            .add("encoder", embedding.encoder());
    if (!settings.labels().taxonomy().isEmpty()) {
      key.add("taxonomy", inputs.content("labels.taxonomy", settings.labels().taxonomy()));
    }
    switch (embedding.encoder()) {
      case LEXICAL -> key.add("lexical", embedding.lexical());
      case PRECOMPUTED ->
          key.add("precomputed", embedding.precomputed())
              .add(
                  "vectors",
                  inputs.identity("embedding.precomputed.path", embedding.precomputed().path()))
              .add(
                  "rows",
                  inputs.content("embedding.precomputed.labels", embedding.precomputed().labels()))
              .add("seed", settings.seed());
      case TRANSFORMER, ONNX ->
          key.add("model", inputs.identity("embedding.model", embedding.model()))
              .add("pooling", embedding.pooling())
              .add("dtype", embedding.dtype());
    }
    return key.build();
  }

  Fingerprint graph(Settings settings, Fingerprint embed) {
    GraphSettings graph = settings.graph();
    LsgSettings.LabelGraph control = settings.lsg().labelGraph();
    Fingerprint.Builder key =
        begin(Stage.GRAPH)
            .add("embed", embed)
            .add("selection", graph.selection())
            .add("force-same-class", graph.forceSameClass())
            .add("label-graph", control);
    switch (graph.selection()) {
      case GLOBAL_RATIO, EUCLIDEAN -> key.add("edge-ratio", graph.edgeRatio());
      case THRESHOLD -> key.add("threshold", graph.threshold());
      case KNN -> {
        key.add("k", graph.k()).add("symmetry", graph.symmetry());
        search(graph, key);
      }
    }
    if (control == LsgSettings.LabelGraph.SHUFFLED) {
      key.add("seed", settings.seed());
    }
    return key.build();
  }

  /** An exact search finds the same whatever its settings. */
  private static void search(GraphSettings graph, Fingerprint.Builder key) {
    switch (graph.search()) {
      case EXACT -> key.add("search", graph.search());
      case TWO_LEVEL ->
          key.add("search", graph.search())
              .add("near-classes", graph.nearClasses())
              .add("recall-sample", graph.recallSample());
      case AUTO, APPROXIMATE ->
          key.add("search", graph.search())
              .add("exact-limit", graph.exactLimit())
              .add("search-width", graph.searchWidth())
              .add("search-probes", graph.searchProbes())
              .add("recall-sample", graph.recallSample());
    }
  }

  Fingerprint gcn(Settings settings, Fingerprint graph) {
    return begin(Stage.GCN)
        .add("graph", graph)
        .add("seed", settings.seed())
        .add("gcn", settings.gcn())
        .add("init", inputs.identity("gcn.init", settings.gcn().init()))
        .build();
  }

  /**
   * @param guidance fingerprints of graph and gcn; empty for plain fine-tuning
   * @param pretrained the training whose network this one starts from, if it is one of ours
   */
  Fingerprint train(
      Settings settings,
      Fingerprint prepare,
      List<Fingerprint> guidance,
      Optional<Fingerprint> pretrained) {
    TrainSettings train = settings.train();
    TransferSettings transfer = train.transfer();
    LsgSettings lsg = settings.lsg();
    Fingerprint.Builder key =
        begin(Stage.TRAIN)
            .add("seed", settings.seed())
            .add("prepare", prepare)
            .add("pretrained", pretrained)
            .add(
                "weights",
                pretrained.isPresent()
                    ? "pretrain"
                    : inputs.identity("train.weights", train.weights()))
            .add("partial-weights", train.partialWeights())
            .add("backbone", train.backbone())
            .add("image-size", train.imageSize())
            .add("feature-scale", train.featureScale())
            .add("normalization", train.normalization())
            .add("global-batch", train.globalBatch())
            .add("views", train.views())
            .add("iterations", train.iterations())
            .add("epochs", train.epochs())
            .add("precision", train.precision())
            .add("batch-norm", train.batchNorm())
            .add("accumulation", train.accumulation())
            .add("exchange", train.exchange().dtype())
            .add("learning-rate", train.learningRate())
            .add("head-multiplier", train.headMultiplier())
            .add("momentum", train.momentum())
            .add("weight-decay", transfer.uses(L2_SP) ? transfer.l2Sp() : train.weightDecay())
            .add("label-smoothing", train.labelSmoothing())
            .add("average-decay", train.averageDecay())
            .add("gradient-clip", train.gradientClip())
            .add("schedule", train.schedule())
            .add("augmentation", train.augmentation())
            .add("freeze", train.freeze())
            .add("validate-every", train.validateEvery());
    switch (settings.data().modality()) {
      case IMAGE -> {}
      case AUDIO -> key.add("audio", settings.audio());
      case VIDEO -> key.add("video", settings.video());
    }
    if (transfer.uses(BSS)) {
      key.add("bss", transfer.bss());
    }
    if (settings.ssl().active()) {
      key.add("ssl", settings.ssl());
    }
    if (lsg.enabled()) {
      key.add("guidance", guidance)
          .add("mode", lsg.mode())
          .add("align-weight", lsg.alignWeight())
          .add("regularization-weight", lsg.regularizationWeight())
          .add("text-image-weight", lsg.textImageWeight())
          .add("image-image-weight", lsg.imageImageWeight())
          .add("projector", lsg.projector())
          .add("projector-multiplier", train.projectorMultiplier())
          .add("batch-graph", lsg.batchGraph())
          .add("align-logits", lsg.alignLogits())
          .add("align-temperature", lsg.alignTemperature())
          .add("prototype-weight", lsg.prototypeFactor())
          .add("prototype-scale", lsg.prototypeScale())
          .add("soft-labels", lsg.softLabels())
          .add("guidance-schedule", lsg.schedule())
          .add("normalize-projection", lsg.normalizesProjection());
    }
    return key.build();
  }

  /**
   * @param embed the labels' own texts, which the semantic error and the distances of classes are
   *     measured in
   */
  Fingerprint evaluate(
      Settings settings, Fingerprint prepare, Fingerprint train, Fingerprint embed) {
    var evaluate = settings.evaluate();
    return begin(Stage.EVALUATE)
        .add("prepare", prepare)
        .add("train", train)
        .add("embed", embed)
        .add("classifier", evaluate.headline())
        .add("prototype-scale", evaluate.prototypeScale())
        .add("pooling", evaluate.pooling())
        .add("seen-penalty", evaluate.seenPenalty())
        .add("label-metric", evaluate.labelMetric())
        .add("calibration-bins", evaluate.calibrationBins())
        .build();
  }

  /**
   * @param embed the labels' own texts; they count only where the classifier reads them
   */
  Fingerprint predict(
      Settings settings, Fingerprint prepare, Fingerprint train, Optional<Fingerprint> embed) {
    PredictSettings predict = settings.predict();
    EvaluateSettings evaluate = settings.evaluate();
    Fingerprint.Builder key =
        begin(Stage.PREDICT)
            .add("train", train)
            .add("input", predict.input())
            .add("classifier", evaluate.headline())
            .add("prototype-scale", evaluate.prototypeScale());
    switch (evaluate.headline()) {
      case HEAD -> {}
      case PROTOTYPES -> key.add("seen-penalty", evaluate.seenPenalty());
      case ENSEMBLE ->
          key.add("seen-penalty", evaluate.seenPenalty()).add("pooling", evaluate.pooling());
      case LOKI ->
          key.add("embed", embed.orElseThrow()).add("label-metric", evaluate.labelMetric());
    }
    return predict.input().isEmpty()
        ? key.add("prepare", prepare).build()
        : key.add("files", inputs.named("predict.input", predict.input(), settings.data().root()))
            .build();
  }

  /**
   * @param upstream everything that the page shows, in order
   * @param methods what the runs are called, in order
   */
  Fingerprint report(Settings settings, List<Fingerprint> upstream, List<String> methods) {
    return begin(Stage.REPORT)
        .add("upstream", upstream)
        .add("methods", methods)
        .add("report", settings.report())
        .build();
  }

  /**
   * @param runs every finished run by its name, with the fingerprint of its evaluation, in order
   */
  Fingerprint experiment(ExperimentSettings grid, Map<String, Fingerprint> runs) {
    return begin(Stage.EXPERIMENT)
        .add("runs", runs)
        .add("budgets", grid.budgets())
        .add("methods", grid.methods().keySet())
        .add("planned", grid.runs())
        .add("baseline", grid.baseline())
        .add("split", grid.split())
        .build();
  }

  private static Fingerprint.Builder begin(Stage stage) {
    return Fingerprint.builder(stage.folder()).add("version", stage.version());
  }
}
