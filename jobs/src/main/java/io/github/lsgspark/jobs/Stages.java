package io.github.lsgspark.jobs;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Registry;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The stages of the pipeline, each after those whose outputs it takes: the program's own, and those
 * that jars beside it bring. The one list that runs, commands, exported calls, checks and help are
 * made of. Immutable.
 */
final class Stages {
  static final Stage PREPARE = new PrepareJob();
  static final Stage EMBED = new EmbedJob();
  static final Stage GRAPH = new GraphJob();
  static final Stage GCN = new GcnJob();
  static final Stage FEATURES = new FeaturesJob();
  static final Stage HEAD = new HeadJob();
  static final Stage VOTE = new VoteJob();
  static final Stage AUDIT = new AuditJob();
  static final Stage SELECT = new SelectJob();
  static final Stage TRIALS = new TrialsJob();
  static final Stage TRAIN = new TrainJob();
  static final Stage KEEP = new KeepJob();
  static final Stage EVALUATE = new EvaluateJob();
  static final Stage EVALUATE_HEAD = EvaluateRivalJob.HEAD;
  static final Stage EVALUATE_TRAIN = EvaluateRivalJob.TRAIN;
  static final Stage PREDICT = new PredictJob();
  static final Stage REPORT = new ReportJob();
  static final Stage EXPERIMENT = new ExperimentJob();

  /** The program's own. */
  static final List<Stage> OWN =
      List.of(
          PREPARE,
          EMBED,
          GRAPH,
          GCN,
          FEATURES,
          HEAD,
          VOTE,
          AUDIT,
          SELECT,
          TRIALS,
          TRAIN,
          KEEP,
          EVALUATE,
          EVALUATE_HEAD,
          EVALUATE_TRAIN,
          PREDICT,
          REPORT,
          EXPERIMENT);

  /** Commands, and words that stand for other things in a work directory or for the launcher. */
  private static final Set<String> TAKEN =
      Set.of(
          "run",
          "doctor",
          "export",
          "gc",
          "gpu-check",
          "help",
          "init",
          "java",
          "models",
          "plan",
          "serve",
          "submitted",
          "pretrain",
          "try");

  private final List<Stage> all;

  private Stages(List<Stage> all) {
    this.all = List.copyOf(all);
  }

  /**
   * The program's own, and those that are found beside it.
   *
   * @throws LsgException exit 4 if one of these cannot be loaded, or has no place among the others
   */
  static Stages found() {
    List<Stage> more =
        new ArrayList<>(Registry.of(Stage.class, "stage", List::of, Stage::name).entries());
    more.sort(Comparator.comparing(Stage::name));
    return of(more);
  }

  /** The program's own and others, each after its inputs. */
  static Stages of(List<Stage> more) {
    List<Stage> ordered = new ArrayList<>(OWN);
    List<Stage> open = new ArrayList<>(more);
    Set<String> names = new HashSet<>(TAKEN);
    OWN.forEach(stage -> names.add(stage.name()));
    for (Stage stage : more) {
      if (!stage.name().matches("[a-z][a-z0-9-]*") || !names.add(stage.name())) {
        throw refused(stage, "its name must be of small letters, digits and hyphens, and its own");
      }
    }
    while (!open.isEmpty()) {
      Stage next =
          open.stream()
              .filter(stage -> unplaced(stage, ordered).isEmpty())
              .findFirst()
              .orElseThrow(
                  () -> {
                    Stage stuck = open.get(0);
                    String input = unplaced(stuck, ordered).orElseThrow();
                    return refused(
                        stuck,
                        "it takes the output of "
                            + input
                            + (names.contains(input)
                                ? ", which is made later or not at all in its place"
                                : ", which no stage makes"));
                  });
      open.remove(next);
      ordered.add(next);
    }
    return new Stages(ordered);
  }

  /** An input that no stage before makes, or one of more runs than the stage is a part of. */
  private static Optional<String> unplaced(Stage stage, List<Stage> before) {
    return stage.inputs().stream()
        .map(StageInput::stage)
        .filter(
            name ->
                before.stream()
                    .noneMatch(
                        other ->
                            other.name().equals(name)
                                && other.scope().compareTo(stage.scope()) <= 0))
        .findFirst();
  }

  private static LsgException refused(Stage stage, String why) {
    return LsgException.environment(
        "stage " + stage.name() + " (" + stage.getClass().getName() + ") is refused: " + why, null);
  }

  /** All, in order. */
  List<Stage> all() {
    return all;
  }

  /** Those with a command of their own. */
  List<Stage> commands() {
    return all.stream().filter(stage -> stage.scope() != Stage.Scope.GRID).toList();
  }

  Optional<Stage> named(String name) {
    return all.stream().filter(stage -> stage.name().equals(name)).findFirst();
  }

  /** What {@code lsg run} makes of a configuration. */
  List<Stage> ofRun(Loaded loaded) {
    return commands().stream().filter(stage -> stage.inRun(loaded)).toList();
  }

  /** Stages and all that they take, in order. */
  Set<Stage> needed(Collection<Stage> targets, Loaded loaded) {
    Set<Stage> needed = new HashSet<>();
    targets.forEach(target -> collect(target, loaded, needed));
    Set<Stage> ordered = new LinkedHashSet<>(all);
    ordered.retainAll(needed);
    return ordered;
  }

  private void collect(Stage stage, Loaded loaded, Set<Stage> needed) {
    if (needed.add(stage)) {
      for (StageInput input : stage.inputs()) {
        if (input.configuration().isEmpty() && input.when().test(loaded)) {
          collect(named(input.stage()).orElseThrow(), loaded, needed);
        }
      }
    }
  }
}
