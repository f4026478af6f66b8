package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.config.Setting;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.dataset.PrepareStage;
import io.github.lsgspark.embedding.EmbedStage;
import io.github.lsgspark.evaluation.EvaluateStage;
import io.github.lsgspark.evaluation.PredictStage;
import io.github.lsgspark.gcn.GcnStage;
import io.github.lsgspark.graph.GraphStage;
import io.github.lsgspark.report.ReportStage;
import io.github.lsgspark.training.TrainStage;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What the code of a stage reads, the stage declares, or one before it. */
class SettingReadsTest {
  private static final Map<Stage, Class<?>> CODE =
      new TreeMap<>(
          Map.of(
              Stage.PREPARE, PrepareStage.class,
              Stage.EMBED, EmbedStage.class,
              Stage.GRAPH, GraphStage.class,
              Stage.GCN, GcnStage.class,
              Stage.TRAIN, TrainStage.class,
              Stage.EVALUATE, EvaluateStage.class,
              Stage.PREDICT, PredictStage.class,
              Stage.REPORT, ReportStage.class));

  /** Stages whose fingerprints are in a stage's own, or in one of these. */
  private static final Map<Stage, Set<Stage>> BEFORE =
      Map.of(
          Stage.PREPARE, Set.of(),
          Stage.EMBED, Set.of(),
          Stage.GRAPH, Set.of(Stage.EMBED),
          Stage.GCN, Set.of(Stage.EMBED, Stage.GRAPH),
          Stage.TRAIN, Set.of(Stage.PREPARE),
          Stage.EVALUATE, Set.of(Stage.PREPARE, Stage.EMBED, Stage.TRAIN),
          Stage.PREDICT, Set.of(Stage.PREPARE, Stage.TRAIN),
          Stage.REPORT, EnumSet.range(Stage.PREPARE, Stage.EVALUATE));

  /**
   * What is read on the way to something else. Prepare opens samples as a training does, but makes
   * no view of them: it neither cuts them to a size nor transforms sounds, and the reduction of a
   * video's frames judges none.
   */
  private static final Map<Stage, List<String>> NOT_USED =
      Map.of(Stage.PREPARE, List.of("audio.mel", "train.image-size", "video.short-side"));

  /** What {@link PipelineRun} reads for a stage: which labels, which weights, whether guided. */
  private static final Map<Stage, Set<String>> READ_OUTSIDE =
      Map.of(
          Stage.EMBED, Set.of("labels.file"),
          Stage.TRAIN, Set.of("lsg.enabled", "train.weights"));

  @Test
  void noStageReadsWhatItDoesNotDeclareNorDeclaresWhatItDoesNotRead() {
    List<Setting> settings = Setting.of(Settings.class, "");
    SettingReads reads = SettingReads.of(settings);
    Map<Stage, Set<String>> undeclared = new TreeMap<>();
    Map<Stage, Set<String>> unread = new TreeMap<>();
    CODE.forEach(
        (stage, code) -> {
          Set<String> read = reads.from(code.getName());
          assertThat(read).as("read by %s", stage).isNotEmpty();
          Set<String> declared = new TreeSet<>(stage.reads().paths());
          Set<String> vain = new TreeSet<>(declared);
          vain.removeAll(read);
          vain.removeAll(READ_OUTSIDE.getOrDefault(stage, Set.of()));
          BEFORE.get(stage).forEach(before -> declared.addAll(before.reads().paths()));
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
