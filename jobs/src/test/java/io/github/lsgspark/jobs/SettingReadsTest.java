package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.config.Setting;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.dataset.PrepareStage;
import io.github.lsgspark.embedding.EmbedStage;
import io.github.lsgspark.evaluation.EvaluateStage;
import io.github.lsgspark.evaluation.PredictStage;
import io.github.lsgspark.features.FeaturesStage;
import io.github.lsgspark.gcn.GcnStage;
import io.github.lsgspark.graph.GraphStage;
import io.github.lsgspark.report.ReportStage;
import io.github.lsgspark.report.curation.AuditPage;
import io.github.lsgspark.report.curation.SelectionPage;
import io.github.lsgspark.training.HeadStage;
import io.github.lsgspark.training.KeepStage;
import io.github.lsgspark.training.TrainStage;
import io.github.lsgspark.training.TrialStage;
import io.github.lsgspark.training.VoteStage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the code of a stage reads, the stage declares, or one before it. */
class SettingReadsTest {
  private static final Map<Stage, Class<?>> CODE =
      Map.ofEntries(
          Map.entry(Stages.PREPARE, PrepareStage.class),
          Map.entry(Stages.EMBED, EmbedStage.class),
          Map.entry(Stages.GRAPH, GraphStage.class),
          Map.entry(Stages.GCN, GcnStage.class),
          Map.entry(Stages.FEATURES, FeaturesStage.class),
          Map.entry(Stages.HEAD, HeadStage.class),
          Map.entry(Stages.VOTE, VoteStage.class),
          Map.entry(Stages.AUDIT, AuditPage.class),
          Map.entry(Stages.SELECT, SelectionPage.class),
          Map.entry(Stages.TRIALS, TrialStage.class),
          Map.entry(Stages.TRAIN, TrainStage.class),
          Map.entry(Stages.KEEP, KeepStage.class),
          Map.entry(Stages.EVALUATE, EvaluateStage.class),
          Map.entry(Stages.EVALUATE_HEAD, EvaluateStage.class),
          Map.entry(Stages.EVALUATE_TRAIN, EvaluateStage.class),
          Map.entry(Stages.PREDICT, PredictStage.class),
          Map.entry(Stages.REPORT, ReportStage.class));

  /** Stages whose fingerprints are in a stage's own, or in one of these. */
  private static final Map<Stage, Set<Stage>> BEFORE =
      Map.ofEntries(
          Map.entry(Stages.PREPARE, Set.of()),
          Map.entry(Stages.EMBED, Set.of()),
          Map.entry(Stages.GRAPH, Set.of(Stages.EMBED)),
          Map.entry(Stages.GCN, Set.of(Stages.EMBED, Stages.GRAPH)),
          Map.entry(Stages.FEATURES, Set.of(Stages.PREPARE)),
          Map.entry(Stages.HEAD, Set.of(Stages.PREPARE, Stages.EMBED, Stages.FEATURES)),
          Map.entry(
              Stages.VOTE, Set.of(Stages.PREPARE, Stages.EMBED, Stages.FEATURES, Stages.HEAD)),
          Map.entry(Stages.AUDIT, Set.of(Stages.PREPARE, Stages.FEATURES)),
          Map.entry(Stages.SELECT, Set.of(Stages.PREPARE, Stages.FEATURES)),
          Map.entry(
              Stages.TRIALS, Set.copyOf(Stages.OWN.subList(0, Stages.OWN.indexOf(Stages.TRIALS)))),
          Map.entry(Stages.TRAIN, Set.of(Stages.PREPARE)),
          Map.entry(
              Stages.KEEP, Set.copyOf(Stages.OWN.subList(0, Stages.OWN.indexOf(Stages.KEEP)))),
          Map.entry(Stages.EVALUATE, Set.of(Stages.PREPARE, Stages.EMBED, Stages.TRAIN)),
          Map.entry(Stages.EVALUATE_TRAIN, Set.of(Stages.PREPARE, Stages.EMBED, Stages.TRAIN)),
          Map.entry(
              Stages.EVALUATE_HEAD,
              Set.of(Stages.PREPARE, Stages.EMBED, Stages.FEATURES, Stages.HEAD)),
          Map.entry(Stages.PREDICT, Set.of(Stages.PREPARE, Stages.TRAIN)),
          Map.entry(
              Stages.REPORT,
              Set.copyOf(Stages.OWN.subList(0, Stages.OWN.indexOf(Stages.PREDICT)))));

  /**
   * What is read on the way to something else. Prepare opens samples as a training does, but makes
   * no view of them: it neither cuts them to a size nor transforms sounds, and the reduction of a
   * video's frames judges none. Features are of views as in evaluation, or weakly changed. The
   * graph that labels spread over is searched as this program's defaults say. A head is trained by
   * one replica, with a schedule of its own, without the losses of unlabelled samples and without a
   * source task. An audit's head is a ridge of the labelled samples, a selection's knows no texts.
   */
  private static final Map<Stage, List<String>> NOT_USED =
      Map.of(
          Stages.PREPARE,
              List.of(
                  "audio.fill",
                  "audio.mel",
                  "audio.seconds",
                  "train.augmentation.resize-factor",
                  "train.image-size",
                  "video.short-side"),
          Stages.FEATURES, List.of("train.augmentation.rand-augment"),
          Stages.HEAD,
              List.of(
                  "graph", "lsg.batch-graph", "ssl", "train.schedule", "train.transfer.co-tuning"),
          Stages.AUDIT,
              List.of(
                  "graph",
                  "head.kind",
                  "head.unlabelled",
                  "head.shrinkage",
                  "head.marginal",
                  "head.marginal-shares",
                  "head.marginal-file",
                  "head.balanced",
                  "head.spread",
                  "head.logistic",
                  "head.text-prior",
                  "head.text-kernel",
                  "head.by-name-lambda"),
          Stages.SELECT,
              List.of("graph", "head.text-prior", "head.text-kernel", "head.by-name-lambda"));

  /** What a training from the head sees, which is part of the model's description. */
  private static final Set<String> AUGMENTATION =
      Setting.of(Settings.class, "").stream()
          .map(Setting::path)
          .filter(path -> path.startsWith("train.augmentation."))
          .collect(Collectors.toSet());

  /** What {@link PipelineRun} reads for a stage: which labels, which weights, whether guided. */
  private static final Map<Stage, Set<String>> READ_OUTSIDE =
      Map.of(
          Stages.EMBED, Set.of("labels.file"),
          Stages.FEATURES, Set.of("train.weights"),
          Stages.HEAD,
              Stream.concat(AUGMENTATION.stream(), Stream.of("lsg.enabled"))
                  .collect(Collectors.toSet()),
          Stages.TRIALS, Set.of("lsg.enabled", "train.weights"),
          Stages.TRAIN, Set.of("lsg.enabled", "train.weights", "train.start"));

  private static Set<String> paths(Stage stage) {
    return stage.reads().get(0).paths();
  }

  @Test
  void noStageReadsWhatItDoesNotDeclareNorDeclaresWhatItDoesNotRead() {
    List<Setting> settings = Setting.of(Settings.class, "");
    SettingReads reads = SettingReads.of(settings);
    Map<Stage, Set<String>> undeclared = new LinkedHashMap<>();
    Map<Stage, Set<String>> unread = new LinkedHashMap<>();
    CODE.forEach(
        (stage, code) -> {
          Set<String> read = reads.from(code.getName());
          assertThat(read).as("read by %s", stage).isNotEmpty();
          Set<String> declared = new TreeSet<>(paths(stage));
          Set<String> vain = new TreeSet<>(declared);
          vain.removeAll(read);
          vain.removeAll(READ_OUTSIDE.getOrDefault(stage, Set.of()));
          BEFORE.get(stage).forEach(before -> declared.addAll(paths(before)));
          Set<String> missing = new TreeSet<>();
          for (Setting setting : settings) {
            if (read.contains(setting.path())
                && !declared.contains(setting.path())
                && setting.runtimeOnly().isEmpty()
                && NOT_USED.getOrDefault(stage, List.of()).stream().noneMatch(setting::isIn)) {
              missing.add(setting.path());
            }
          }
          if (!missing.isEmpty()) {
            undeclared.put(stage, missing);
          }
          if (!vain.isEmpty()) {
            unread.put(stage, vain);
          }
        });
    assertThat(undeclared).as("read, but not declared").isEmpty();
    assertThat(unread).as("declared, but not read").isEmpty();
  }
}
