package io.github.lsgspark.jobs;

import static io.github.lsgspark.jobs.StageChanges.BASE;
import static io.github.lsgspark.jobs.StageChanges.chain;
import static io.github.lsgspark.jobs.StageChanges.changedBy;
import static io.github.lsgspark.jobs.StageChanges.needed;
import static io.github.lsgspark.jobs.StageChanges.stages;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.storage.Fingerprint;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which stages a changed key makes anew, and that all others keep what they have. */
class StageFingerprintsTest {
  private final StageFingerprints keys = fresh();

  private static StageFingerprints fresh() {
    return StageChain.keys();
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
        "embedding.model = e5-small-v2    | EMBED GRAPH GCN TRAIN EVALUATE PREDICT",
        "embedding.pooling = cls          | EMBED GRAPH GCN TRAIN EVALUATE PREDICT",
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
    assertThat(changedBy(change)).isEqualTo(stages(expected));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "prepare.partitions = 3",
        "graph.block-rows = 32",
        "graph.k = 3",
        "embedding.pooling = mean",
        "embedding.encoder = onnx, embedding.model = All-MiniLM-L6-v2",
        "embedding.lexical.dimensions = 9",
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
    String base = BASE + "data.modality = " + modality.name().toLowerCase(Locale.ROOT) + "\n";
    assertThat(changedBy(base, change)).isEqualTo(stages(expected));
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
}
