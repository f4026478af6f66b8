package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.storage.Fingerprint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StageFingerprintsTest {
  private static final String BASE = "data.train = \"drawn:novel\", lsg.label-graph = text\n";

  /** Made where a configuration asks for them. */
  private static final Set<Stage> CLOSED_FORM =
      Set.of(Stages.FEATURES, Stages.HEAD, Stages.EVALUATE_HEAD);

  private static final StageChain CHAIN = new StageChain(OneMachine.PLAIN);

  private final StageFingerprints keys = fresh();

  private static StageFingerprints fresh() {
    return StageChain.keys();
  }

  private static Stage stage(String name) {
    return Stages.of(List.of()).named(name.toLowerCase(Locale.ROOT)).orElseThrow();
  }

  private static Set<Stage> needed(Stage target, String hocon) {
    return Goal.of(Stages.of(List.of()), target).needed(SettingsLoader.load(hocon, Map.of()));
  }

  /** The fingerprints of all stages of a run that make something of samples, chained. */
  private static Map<Stage, Fingerprint> chain(String hocon) {
    return chain(CHAIN, hocon);
  }

  private static Map<Stage, Fingerprint> chain(StageChain chain, String hocon) {
    Map<Stage, Fingerprint> fingerprints = chain.of(hocon);
    fingerprints.keySet().removeAll(Set.of(Stages.REPORT, Stages.AUDIT, Stages.SELECT));
    if (!HeadJob.isWanted(SettingsLoader.load(hocon, Map.of()).settings())) {
      fingerprints.keySet().removeAll(CLOSED_FORM);
    }
    return fingerprints;
  }

  private Set<Stage> changedBy(String hocon) {
    return changedBy(BASE, hocon);
  }

  private Set<Stage> changedBy(String base, String hocon) {
    return StageChain.changed(chain(base), chain(base + hocon));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "data.label-budget = 4            | PREPARE TRAIN EVALUATE PREDICT",
        "data.format = oxford-pets        | PREPARE TRAIN EVALUATE PREDICT",
        "data.test-fraction = 0.2         | PREPARE TRAIN EVALUATE PREDICT",
        "prepare.crop-bottom = 20         | PREPARE TRAIN EVALUATE PREDICT",
        "data.drawn.train-per-class = 9   | PREPARE TRAIN EVALUATE PREDICT",
        "prompts.train = 5                | EMBED GRAPH GCN TRAIN EVALUATE PREDICT",
        "embedding.lexical.dimensions = 9 | EMBED GRAPH GCN TRAIN EVALUATE PREDICT",
        "graph.edge-ratio = 0.01          | GRAPH GCN TRAIN EVALUATE PREDICT",
        "lsg.label-graph = shuffled       | GRAPH GCN TRAIN EVALUATE PREDICT",
        "gcn.iterations = 7               | GCN TRAIN EVALUATE PREDICT",
        "lsg.regularization-weight = 2    | TRAIN EVALUATE PREDICT",
        "lsg.align-logits = cosine        | TRAIN EVALUATE PREDICT",
        "lsg.align-temperature = 0.5      | TRAIN EVALUATE PREDICT",
        "lsg.prototype-weight = 2         | TRAIN EVALUATE PREDICT",
        "lsg.soft-labels.share = 0.1      | TRAIN EVALUATE PREDICT",
        "lsg.schedule.warmup = 0.1        | TRAIN EVALUATE PREDICT",
        "train.average-decay = 0.9        | TRAIN EVALUATE PREDICT",
        "ssl.strategy = fixmatch          | TRAIN EVALUATE PREDICT",
        "train.learning-rate = 0.5        | TRAIN EVALUATE PREDICT",
        "train.projector-multiplier = 3   | TRAIN EVALUATE PREDICT",
        "train.transfer.methods = [l2-sp] | TRAIN EVALUATE PREDICT",
        "train.transfer.methods = [bss]   | TRAIN EVALUATE PREDICT",
        "train.augmentation.views = strong | TRAIN EVALUATE PREDICT",
        "evaluate.prototypes = ensemble   | EVALUATE PREDICT",
        "evaluate.calibration-bins = 5    | EVALUATE",
        "data.unseen-classes.count = 5    | PREPARE TRAIN EVALUATE PREDICT",
        "evaluate.classifier = ensemble   | EVALUATE PREDICT",
        "evaluate.classifier = loki       | EVALUATE PREDICT",
        "evaluate.seen-penalty = 0.1      | EVALUATE",
        "evaluate.label-metric = cosine   | EVALUATE",
        "seed = 2                         | PREPARE GCN TRAIN EVALUATE PREDICT"
      })
  void aChangedKeyChangesExactlyTheStagesThatDependOnIt(String change, String expected) {
    Set<Stage> stages = new HashSet<>();
    for (String name : expected.strip().split(" ")) {
      stages.add(stage(name));
    }
    assertThat(changedBy(change)).isEqualTo(stages);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "prepare.partitions = 3",
        "graph.block-rows = 32",
        "graph.k = 3",
        "embedding.pooling = mean",
        "embedding.batch-tokens = 99",
        "embedding.cache = elsewhere",
        "train.input.threads = 3",
        "train.input.prefetch-bytes = 0",
        "train.input.cache-bytes = 0",
        "train.device = cpu",
        "train.log-every = 1",
        "train.transfer.l2-sp.alpha = 1",
        "train.transfer.bss.eta = 1",
        "train.timeout-seconds = 9",
        "evaluate.batch = 2",
        "evaluate.classifier = head",
        "data.unseen-classes.seed = 2",
        "data.unseen-classes.keep-unlabelled = false",
        "report.samples = 1",
        "ssl.weight = 1",
        "cluster.gpus-per-executor = 1",
        "lsg.normalize-projection = true"
      })
  void whatDoesNotChangeTheResultChangesNoStage(String change) {
    assertThat(changedBy(change)).isEmpty();
  }

  /** Features are of the network before training, whatever a training does. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "data.label-budget = 4          | PREPARE FEATURES HEAD EVALUATE-HEAD TRAIN EVALUATE PREDICT",
        "train.backbone = resnet18      | FEATURES HEAD EVALUATE-HEAD TRAIN EVALUATE PREDICT",
        "train.image-size = 48          | FEATURES HEAD EVALUATE-HEAD TRAIN EVALUATE PREDICT",
        "features.layers = [fire9]      | FEATURES HEAD EVALUATE-HEAD",
        "features.views = mirrored      | FEATURES HEAD EVALUATE-HEAD",
        "features.store = float16       | FEATURES HEAD EVALUATE-HEAD",
        "features.batch = 9             |",
        "features.partition = 9         |",
        "features.crops = 9             |",
        "head.kind = gda                | HEAD EVALUATE-HEAD",
        "head.lambda = \"0.3\"          | HEAD EVALUATE-HEAD",
        "head.class-weights = none      | HEAD EVALUATE-HEAD",
        "train.learning-rate = 0.5      | TRAIN EVALUATE PREDICT",
        "evaluate.calibration-bins = 5  | EVALUATE EVALUATE-HEAD"
      })
  void theClosedFormStandsBesideTheTraining(String change, String expected) {
    Set<Stage> stages = new HashSet<>();
    if (expected != null) {
      for (String name : expected.strip().split(" ")) {
        stages.add(stage(name));
      }
    }
    assertThat(changedBy(BASE + "head.enabled = true\n", change)).isEqualTo(stages);
  }

  @Test
  void aTrainingFromTheHeadDependsOnIt() {
    String start = BASE + "train.start = head\n";
    assertThat(changedBy(start, "head.kind = gda"))
        .containsExactlyInAnyOrder(
            Stages.HEAD, Stages.EVALUATE_HEAD, Stages.TRAIN, Stages.EVALUATE, Stages.PREDICT);
    assertThat(chain(BASE + "head.enabled = true").get(Stages.TRAIN))
        .isEqualTo(chain(BASE).get(Stages.TRAIN));
    assertThat(needed(Stages.PREDICT, BASE + "train.enabled = false"))
        .containsExactly(Stages.PREPARE, Stages.FEATURES, Stages.HEAD, Stages.PREDICT);
  }

  /** What decides over a sample counts from prepare on, how it is seen from train on. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "AUDIO | audio.max-seconds = 9   | PREPARE TRAIN EVALUATE PREDICT",
        "AUDIO | audio.silence = 0.1     | PREPARE TRAIN EVALUATE PREDICT",
        "AUDIO | audio.rate = 8000       | PREPARE TRAIN EVALUATE PREDICT",
        "AUDIO | audio.mel.bands = 32    | TRAIN EVALUATE PREDICT",
        "AUDIO | video.frames = 4        | ",
        "VIDEO | video.max-seconds = 9   | PREPARE TRAIN EVALUATE PREDICT",
        "VIDEO | video.frame-rate = 9    | PREPARE TRAIN EVALUATE PREDICT",
        "VIDEO | video.max-frames = 9    | PREPARE TRAIN EVALUATE PREDICT",
        "VIDEO | video.short-side = 99   | TRAIN EVALUATE PREDICT",
        "VIDEO | video.clips = 4         | TRAIN EVALUATE PREDICT",
        "VIDEO | audio.mel.bands = 32    | ",
        "IMAGE | video.frames = 4        | ",
        "VIDEO | data.fold = 2, data.fold-pattern = \"(.)\" | PREPARE TRAIN EVALUATE PREDICT"
      })
  void keysOfAModalityCountWhereItIsUsed(
      DataSettings.Modality modality, String change, String expected) {
    Set<Stage> stages = new HashSet<>();
    if (expected != null) {
      for (String name : expected.strip().split(" ")) {
        stages.add(stage(name));
      }
    }
    String base = BASE + "data.modality = " + modality.name().toLowerCase(Locale.ROOT) + "\n";
    assertThat(changedBy(base, change)).isEqualTo(stages);
  }

  /** Plain fine-tuning uses unlabelled samples too. */
  @Test
  void aStrategyCountsWithoutTheLabelGraph() {
    String plain = BASE + "lsg.enabled = false\n";
    assertThat(chain(plain + "ssl.strategy = fixmatch").get(Stages.TRAIN))
        .isNotEqualTo(chain(plain).get(Stages.TRAIN));
    assertThat(chain(plain + "lsg.prototype-weight = 2").get(Stages.TRAIN))
        .isEqualTo(chain(plain).get(Stages.TRAIN));
  }

  @Test
  void aLanguageModelCountsByItsFilesPoolingAndDtype(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("config.json"), "{}");
    String model = "embedding { encoder = transformer, model = \"" + folder + "\" }\n";
    Fingerprint before = embed(model);
    assertThat(embed(model)).isEqualTo(before);
    for (String change :
        List.of(
            "embedding.pooling = mean",
            "embedding.dtype = bfloat16",
            "embedding.encoder = onnx",
            "labels.taxonomy = \"" + folder.resolve("config.json") + "\"")) {
      assertThat(embed(model + change)).as(change).isNotEqualTo(before);
    }
    assertThat(embed(model + "embedding.batch-tokens = 99")).isEqualTo(before);
    Files.writeString(folder.resolve("tokenizer.json"), "{}");
    assertThat(embed(model)).isNotEqualTo(before);
  }

  /** On a host that is slow at bfloat16. */
  private static Fingerprint embed(String hocon) {
    return chain(hocon).get(Stages.EMBED);
  }

  @Test
  void unseenClassesCountByTheirNamesOrTheirDraw(@TempDir Path folder) throws IOException {
    Path names = Files.writeString(folder.resolve("unseen.txt"), "cat");
    String file = BASE + "data.unseen-classes.file = \"" + names + "\"\n";
    Fingerprint named = prepare(file);
    assertThat(prepare(file + "data.unseen-classes.seed = 2")).isEqualTo(named);
    assertThat(prepare(file + "data.unseen-classes.keep-unlabelled = false")).isNotEqualTo(named);
    Files.writeString(names, "dog");
    assertThat(prepare(file)).isNotEqualTo(named);
    String drawn = BASE + "data.unseen-classes.count = 5\n";
    assertThat(prepare(drawn + "data.unseen-classes.seed = 2")).isNotEqualTo(prepare(drawn));
  }

  private static Fingerprint prepare(String hocon) {
    return StageChain.of(Stages.PREPARE, SettingsLoader.load(hocon, Map.of()), fresh(), Map.of());
  }

  @Test
  void predictionsCountByWhatTheirClassifierReads() {
    String loki = BASE + "evaluate.classifier = loki\n";
    Fingerprint before = chain(loki).get(Stages.PREDICT);
    assertThat(chain(loki + "evaluate.label-metric = cosine").get(Stages.PREDICT))
        .isNotEqualTo(before);
    assertThat(chain(loki + "evaluate.seen-penalty = 0.1").get(Stages.PREDICT)).isEqualTo(before);
    String prototypes = BASE + "evaluate.classifier = prototypes\n";
    assertThat(chain(prototypes + "evaluate.seen-penalty = 0.1").get(Stages.PREDICT))
        .isNotEqualTo(chain(prototypes).get(Stages.PREDICT));
    assertThat(needed(Stages.PREDICT, loki + "lsg.enabled = false, labels.file = x"))
        .containsExactly(Stages.PREPARE, Stages.EMBED, Stages.TRAIN, Stages.PREDICT);
  }

  @Test
  void plainFineTuningDoesNotDependOnGraphAndGcn() {
    Map<Stage, Fingerprint> plain = chain(BASE + "lsg.enabled = false");
    assertThat(
            chain(BASE + "lsg { enabled = false, align-weight = 3, mode = official }")
                .get(Stages.TRAIN))
        .isEqualTo(plain.get(Stages.TRAIN));
    assertThat(chain(BASE + "lsg.enabled = false, gcn.iterations = 7").get(Stages.TRAIN))
        .isEqualTo(plain.get(Stages.TRAIN));
  }

  @Test
  void aBaselineCountsByItsOwnKeysAndL2SpInPlaceOfWeightDecay() {
    String both = BASE + "train.transfer.methods = [l2-sp, bss]\n";
    Fingerprint before = chain(both).get(Stages.TRAIN);
    for (String change :
        List.of(
            "train.transfer.l2-sp.alpha = 1",
            "train.transfer.l2-sp.beta = 1",
            "train.transfer.bss.eta = 1",
            "train.transfer.bss.k = 2")) {
      assertThat(chain(both + change).get(Stages.TRAIN)).as(change).isNotEqualTo(before);
    }
    assertThat(chain(both + "train.weight-decay = 0.5").get(Stages.TRAIN)).isEqualTo(before);
  }

  private Fingerprint graph(String hocon) {
    return StageChain.of(
        Stages.GRAPH,
        SettingsLoader.load(hocon, Map.of()),
        keys,
        Map.of("embed", Fingerprint.ofText("x")));
  }

  @Test
  void shuffledGraphDependsOnTheSeedAndTheTextGraphDoesNot() {
    String shuffled = "lsg.label-graph = shuffled\n";
    assertThat(graph("seed = 1")).isEqualTo(graph("seed = 2"));
    assertThat(graph(shuffled + "seed = 1")).isNotEqualTo(graph(shuffled + "seed = 2"));
  }

  @Test
  void aFileAddedToTheDataChangesPrepare(@TempDir Path folder) throws IOException {
    Files.createDirectories(folder.resolve("train/cat"));
    Files.write(folder.resolve("train/cat/1.png"), new byte[] {1});
    String settings = "data.train = \"" + folder + "\"";
    Fingerprint before = prepare(settings);
    assertThat(prepare(settings)).isEqualTo(before);

    Files.write(folder.resolve("train/cat/2.png"), new byte[] {2});
    assertThat(prepare(settings)).isNotEqualTo(before);
  }

  @Test
  void aMissingPathNamesItsKey() {
    assertThatThrownBy(() -> prepare("data.train = /does/not/exist"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("data.train")
        .hasMessageContaining("/does/not/exist")
        .extracting(e -> ((LsgException) e).exitCode())
        .isEqualTo(LsgException.INPUT);
  }

  @Test
  void aStageNeedsNoMoreThanItReads() {
    String plain = BASE + "lsg.enabled = false";
    assertThat(needed(Stages.GCN, "labels.file = labels.txt"))
        .containsExactly(Stages.EMBED, Stages.GRAPH, Stages.GCN);
    assertThat(needed(Stages.EMBED, BASE)).containsExactly(Stages.PREPARE, Stages.EMBED);
    assertThat(needed(Stages.TRAIN, plain)).containsExactly(Stages.PREPARE, Stages.TRAIN);
    assertThat(needed(Stages.REPORT, plain))
        .containsExactly(
            Stages.PREPARE,
            Stages.EMBED,
            Stages.TRAIN,
            Stages.EVALUATE,
            Stages.PREDICT,
            Stages.REPORT);
    assertThat(needed(Stages.REPORT, BASE))
        .containsExactly(
            Stages.PREPARE,
            Stages.EMBED,
            Stages.GRAPH,
            Stages.GCN,
            Stages.TRAIN,
            Stages.EVALUATE,
            Stages.PREDICT,
            Stages.REPORT);
  }

  /** The number of replicas counts where each of them sees its own part only. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "                                                       | true",
        "train.batch-norm = synchronized                        |",
        "train.batch-norm = frozen                              |",
        "train.backbone = vit-tiny                              |",
        "train.backbone = vit-tiny, lsg.projector = mlp         | true",
        "train.backbone = squeezenet1_1                         |",
        "train.backbone = small-cnn                             | true",
        "train.backbone = resnet20-cifar                        | true",
        "data.modality = audio, train.backbone = ast-tiny       |",
        "data.modality = audio, train.backbone = cnn14          | true",
        "data.modality = video, train.backbone = r3d-18         | true",
        "train { batch-norm = frozen }, lsg.batch-graph = local | true",
        "train { batch-norm = frozen, transfer.methods = [bss] } | true",
        "train { batch-norm = frozen, exchange.dtype = bfloat16 } | true",
        "lsg { enabled = false, batch-graph = local }, train.batch-norm = synchronized |"
      })
  void replicasCountWhereTheResultIsByTheirNumber(String hocon, String counts) {
    String base = BASE + (hocon == null ? "" : hocon) + "\n";
    Set<Stage> trained = Set.of(Stages.TRAIN, Stages.EVALUATE, Stages.PREDICT);
    Set<Stage> expected = counts == null ? Set.of() : trained;
    assertThat(changedBy(base, "train.replicas = 2")).isEqualTo(expected);
    // None asked for: one in local mode, one per executor on a cluster.
    assertThat(changedBy(base, "train.replicas = 1")).isEmpty();
    Map<Stage, Fingerprint> onThree = chain(new StageChain(new OneMachine(false, false, 3)), base);
    assertThat(StageChain.changed(chain(base), onThree)).isEqualTo(expected);
    assertThat(chain(base + "train.replicas = 3")).isEqualTo(onThree);
  }

  /** AUTO is what it comes to, the same for all replicas. */
  @Test
  void whatMachinesDecideCountsAsIfItWereSet() {
    StageChain amx = new StageChain(new OneMachine(false, true, 1));
    StageChain gpus = new StageChain(new OneMachine(true, false, 1));
    Set<Stage> trained = Set.of(Stages.TRAIN, Stages.EVALUATE, Stages.PREDICT);
    assertThat(StageChain.changed(chain(BASE), chain(amx, BASE))).isEqualTo(trained);
    assertThat(chain(amx, BASE)).isEqualTo(chain(BASE + "train.precision = bfloat16"));
    assertThat(chain(amx, BASE + "train.precision = float32")).isEqualTo(chain(BASE));

    assertThat(chain(gpus, BASE).get(Stages.TRAIN))
        .isEqualTo(
            chain(BASE + "train { precision = bfloat16, device = cuda }, gcn.device = cuda")
                .get(Stages.TRAIN));
    assertThat(chain(gpus, BASE + "train.device = cpu, gcn.device = cpu")).isEqualTo(chain(BASE));
    assertThat(StageChain.changed(chain(gpus, BASE), chain(gpus, BASE + "train.tf32 = false")))
        .isEqualTo(trained);
    assertThat(changedBy("train.tf32 = false")).isEmpty();
    assertThat(changedBy("train.layout = channels-last")).isEmpty();
    assertThat(changedBy("train.layout = contiguous")).isEqualTo(trained);
    assertThat(changedBy("train.engine = bigdl")).isEqualTo(trained);
    assertThat(changedBy("gcn.device = cuda"))
        .isEqualTo(Set.of(Stages.GCN, Stages.TRAIN, Stages.EVALUATE, Stages.PREDICT));
  }

  @Test
  void aLanguageModelComputesOnWhatTheMachinesAreFastAt(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("config.json"), "{}");
    String model = "embedding { encoder = transformer, model = \"" + folder + "\" }\n";
    StageChain amx = new StageChain(new OneMachine(false, true, 1));
    assertThat(chain(amx, model).get(Stages.EMBED))
        .isEqualTo(embed(model + "embedding.dtype = bfloat16"))
        .isNotEqualTo(embed(model));
    // The graph says itself what it computes in.
    String onnx = model + "embedding.encoder = onnx\n";
    assertThat(chain(amx, onnx).get(Stages.EMBED)).isEqualTo(embed(onnx));
    assertThat(embed(onnx + "embedding.dtype = bfloat16")).isEqualTo(embed(onnx));
  }
}
