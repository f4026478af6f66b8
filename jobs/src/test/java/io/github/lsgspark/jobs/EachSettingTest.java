package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Setting;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.storage.Fingerprint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every key in turn gets other values, in configurations where it counts and in some where it does
 * not: exactly the stages that declare it are made anew, and those after them.
 */
@Tag("long-4")
class EachSettingTest {
  /** Values tried of one key in one configuration; configurations of one kind for one key. */
  private static final int VALUES = 2;

  private static final int CONFIGURATIONS = 2;

  private static final String BASE =
      """
      data.train = "drawn:novel"
      train { device = cpu, precision = float32, layout = channels-last, replicas = 1
              start = random, keep = trained }
      gcn.device = cpu
      """;

  /** One for every condition that declarations have. */
  private static final List<String> VARIETIES =
      List.of(
          "",
          "data.modality = audio",
          "data.modality = video",
          "data.unseen-classes.count = 3",
          "data.unseen-classes.file = FILE",
          "data.fold-pattern = \"(.)\", data.fold = 1",
          "embedding { encoder = precomputed, precomputed { path = FILE, labels = FILE } }",
          "embedding { encoder = transformer, model = FOLDER }",
          "embedding { encoder = onnx, model = FOLDER }",
          "embedding.encoder = lexical",
          "graph.selection = threshold",
          "graph.selection = knn",
          "graph.selection = taxonomy, labels.taxonomy = FILE",
          "labels { describe = wordnet, taxonomy = wordnet }",
          "prompts.set = sounds",
          "graph { selection = knn, search = two-level }",
          "graph { selection = knn, search = exact }",
          "lsg.label-graph = shuffled",
          "lsg.enabled = false",
          "lsg { mode = official, prototype-term = true }",
          "lsg.batch-graph = local, train.batch-norm = frozen",
          "train { transfer.methods = [l2-sp], weights = FILE }",
          "train.transfer.methods = [bss]",
          "lsg.enabled = false, train.transfer.methods = [sup-con]",
          "train.transfer.methods = [projected-cross-entropy, bi-tuning]",
          "train { transfer.methods = [co-tuning], weights = FILE }",
          "head.kind = lsg",
          "head.kind = lsg, lsg.enabled = false",
          "head.kind = lsg, train.transfer.methods = [bss, sup-con]",
          "head.kind = lsg, train.transfer.methods = [projected-cross-entropy, bi-tuning]",
          "head.kind = lsg, lsg.enabled = false, train.transfer.methods = [sup-con]",
          "train { device = cuda, batch-norm = synchronized }",
          "train { weights = FILE, partial-weights = true }",
          "train { weights = FILE, tuning.method = lora }",
          "train { weights = FILE, tuning.method = last-blocks }",
          "train.weights = pretrain",
          "features.views = crops",
          "features.image-size = 64",
          "data.modality = video, features.frames = attention, train.start = head",
          "train.start = head",
          "train.start = best",
          "train.keep = best",
          "head { by-name = always, label-texts = shuffled }",
          "train.enabled = false",
          "ssl { strategy = curriculum, propagation.enabled = true }",
          "ssl.strategy = freematch",
          "vote.balance = true",
          "vote.balance = true, head { marginal = given, marginal-file = FILE }",
          "evaluate.classifier = ensemble",
          "evaluate.classifier = prototypes",
          "evaluate.classifier = loki",
          "predict.input = FOLDER",
          "predict.input = \"drawn:base\"",
          "data { train = FOLDER, test = FOLDER }",
          "labels.file = FILE, prompts.file = FILE");

  /** Keys that say which outputs a stage takes. */
  private static final Set<String> CHOOSING =
      Set.of("train.enabled", "train.start", "train.keep", "features.frames");

  @TempDir static Path folder;

  private static final StageChain CHAIN = new StageChain(OneMachine.PLAIN);
  private static final StageFingerprints KEYS = StageChain.keys();
  private static final Map<Loaded, Map<Stage, Fingerprint>> BASES = new LinkedHashMap<>();

  @BeforeAll
  static void load() throws IOException {
    Files.createDirectories(folder.resolve("one"));
    Files.writeString(folder.resolve("one/config.json"), "{}");
    Files.createDirectories(folder.resolve("two"));
    Files.writeString(folder.resolve("two/config.json"), "{ }");
    Files.writeString(folder.resolve("one.txt"), "cat\n");
    Files.writeString(folder.resolve("two.txt"), "dog\n");
    for (String variety : VARIETIES) {
      Loaded base =
          SettingsLoader.load(
              BASE
                  + variety
                      .replace("FOLDER", "\"" + folder.resolve("one") + "\"")
                      .replace("FILE", "\"" + folder.resolve("one.txt") + "\""),
              Map.of());
      BASES.put(base, CHAIN.apart(base, KEYS));
    }
  }

  private static Loaded changed(Loaded base, String path, Object value) {
    Config overlay = ConfigFactory.parseMap(Map.of(path, value), "the other value");
    return SettingsLoader.overlay(base, overlay);
  }

  private static Set<Stage> counting(Setting setting, Settings settings) {
    return stages(stage -> reads(stage).counts(setting.path(), settings));
  }

  private static Set<Stage> declaring(Setting setting) {
    return stages(stage -> reads(stage).paths().contains(setting.path()));
  }

  private static Set<Stage> stages(Predicate<Stage> wanted) {
    Set<Stage> stages = new HashSet<>();
    Stages.of(List.of()).commands().stream().filter(wanted).forEach(stages::add);
    return stages;
  }

  private static Set<Stage> range(Stage first, Stage last) {
    return Set.copyOf(Stages.OWN.subList(Stages.OWN.indexOf(first), Stages.OWN.indexOf(last) + 1));
  }

  private static Set<Stage> without(Set<Stage> stages, Stage... some) {
    Set<Stage> rest = new HashSet<>(stages);
    rest.removeAll(Set.of(some));
    return rest;
  }

  private static Set<Stage> union(Set<Stage> stages, Stage more) {
    Set<Stage> all = new HashSet<>(stages);
    all.add(more);
    return all;
  }

  @SuppressWarnings("unchecked")
  private static StageReads<Settings> reads(Stage stage) {
    return (StageReads<Settings>) stage.reads().get(0);
  }

  /** Configurations by their kind: those where the same stages count a key. */
  private static Collection<List<Loaded>> kinds(Setting setting) {
    return BASES.keySet().stream()
        .collect(
            Collectors.groupingBy(
                base -> counting(setting, base.settings()),
                LinkedHashMap::new,
                Collectors.toList()))
        .values();
  }

  @Test
  void exactlyTheDeclaringStagesAreMadeAnew() {
    Map<String, Set<Stage>> anew = new LinkedHashMap<>();
    Map<String, Set<Stage>> declared = new LinkedHashMap<>();
    for (Setting setting : Setting.of(Settings.class, "")) {
      declared.put(setting.path(), declaring(setting));
      anew.put(setting.path(), new HashSet<>());
      for (List<Loaded> kind : kinds(setting)) {
        kind.stream()
            .map(base -> changedBy(setting, base))
            .flatMap(Optional::stream)
            .limit(CONFIGURATIONS)
            .forEach(anew.get(setting.path())::addAll);
      }
    }
    assertThat(anew).containsExactlyEntriesOf(declared);
  }

  /** The stages whose own fingerprints another value changes; empty if there is none. */
  private static Optional<Set<Stage>> changedBy(Setting setting, Loaded base) {
    Set<Stage> anew = new HashSet<>();
    int tried = 0;
    for (Object value : OtherValues.of(folder, setting, setting.in(base.settings()))) {
      Map<Stage, Fingerprint> after;
      Loaded other;
      try {
        other = changed(base, setting.path(), value);
        after = CHAIN.apart(other, KEYS);
      } catch (LsgException e) {
        // Another key forbids this value.
        continue;
      }
      Set<Stage> changed = StageChain.changed(BASES.get(base), after);
      Set<Stage> counting = counting(setting, base.settings());
      counting.addAll(counting(setting, other.settings()));
      assertThat(counting).as("%s = %s", setting.path(), value).containsAll(changed);
      anew.addAll(changed);
      if (++tried == VALUES && anew.containsAll(counting)) {
        break;
      }
    }
    return tried == 0 ? Optional.empty() : Optional.of(anew);
  }

  /** In a run, what a stage has made is read by others. */
  @Test
  void andTheStagesAfterThem() {
    Set<Stage> measured =
        Set.of(Stages.KEEP, Stages.EVALUATE, Stages.EVALUATE_TRAIN, Stages.PREDICT, Stages.REPORT);
    Set<Stage> trained = union(measured, Stages.TRAIN);
    Map<Stage, Set<Stage>> after =
        Map.ofEntries(
            Map.entry(Stages.PREPARE, range(Stages.FEATURES, Stages.REPORT)),
            Map.entry(
                Stages.EMBED,
                without(
                    range(Stages.GRAPH, Stages.REPORT),
                    Stages.FEATURES,
                    Stages.HEAD,
                    Stages.VOTE,
                    Stages.AUDIT,
                    Stages.SELECT)),
            Map.entry(Stages.GRAPH, union(union(trained, Stages.GCN), Stages.TRIALS)),
            Map.entry(Stages.GCN, union(trained, Stages.TRIALS)),
            Map.entry(
                Stages.FEATURES,
                Set.of(
                    Stages.HEAD,
                    Stages.TRIALS,
                    Stages.KEEP,
                    Stages.EVALUATE_HEAD,
                    Stages.AUDIT,
                    Stages.SELECT)),
            Map.entry(Stages.VOTE, Set.of()),
            Map.entry(Stages.AUDIT, Set.of()),
            Map.entry(Stages.SELECT, Set.of()),
            Map.entry(Stages.HEAD, Set.of(Stages.TRIALS, Stages.KEEP, Stages.EVALUATE_HEAD)),
            Map.entry(Stages.TRIALS, Set.of()),
            Map.entry(Stages.TRAIN, measured),
            Map.entry(Stages.KEEP, Set.of()),
            Map.entry(Stages.EVALUATE, Set.of(Stages.REPORT)),
            Map.entry(Stages.EVALUATE_HEAD, Set.of()),
            Map.entry(Stages.EVALUATE_TRAIN, Set.of()),
            Map.entry(Stages.PREDICT, Set.of(Stages.REPORT)),
            Map.entry(Stages.REPORT, Set.of()));
    Map<Stage, Fingerprint> before = CHAIN.of(BASE);
    for (Setting setting : Setting.of(Settings.class, "")) {
      if (CHOOSING.contains(setting.path())) {
        continue;
      }
      Loaded base = BASES.keySet().iterator().next();
      for (Object value : OtherValues.of(folder, setting, setting.in(base.settings()))) {
        try {
          Loaded other = changed(base, setting.path(), value);
          Set<Stage> expected = new HashSet<>();
          for (Stage stage : StageChain.changed(BASES.get(base), CHAIN.apart(other, KEYS))) {
            expected.add(stage);
            expected.addAll(after.get(stage));
          }
          assertThat(StageChain.changed(before, CHAIN.of(other, KEYS)))
              .as("%s = %s", setting.path(), value)
              .isEqualTo(expected);
          break;
        } catch (LsgException e) {
          // Another key forbids this value.
        }
      }
    }
  }
}
