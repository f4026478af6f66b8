package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.ExperimentSettings;
import io.github.lsgspark.config.RuntimeOnly;
import io.github.lsgspark.config.Setting;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.storage.Fingerprint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every component of the settings' records is read by a stage that says so, or {@link RuntimeOnly}.
 */
class DeclaredSettingsTest {

  /** What is wrong with a record's keys, as sentences. */
  private static List<String> problems(List<Setting> settings, Set<String> declared) {
    List<String> problems = new ArrayList<>();
    for (Setting setting : settings) {
      Optional<String> excuse = setting.runtimeOnly();
      boolean read = declared.contains(setting.path());
      if (excuse.isPresent() && excuse.get().isBlank()) {
        problems.add(setting.path() + " is marked as changing no result, but not why");
      }
      if (excuse.isPresent() && read) {
        problems.add(setting.path() + " is declared, and marked as changing no result");
      }
      if (excuse.isEmpty() && !read) {
        problems.add(setting.path() + " is declared by no stage, and not marked @RuntimeOnly");
      }
    }
    return problems;
  }

  private static Set<String> declared() {
    Set<String> declared = new TreeSet<>();
    Stages.OWN.forEach(stage -> stage.reads().forEach(reads -> declared.addAll(reads.paths())));
    return declared;
  }

  private static List<Setting> all() {
    return Stream.concat(
            Setting.of(Settings.class, "").stream(),
            Setting.of(ExperimentSettings.class, "experiment.").stream())
        .toList();
  }

  @Test
  void everySettingIsDeclaredOrExcused() {
    assertThat(all()).hasSizeGreaterThan(180).extracting(Setting::path).doesNotHaveDuplicates();
    assertThat(problems(all(), declared())).isEmpty();
  }

  @Test
  void everyDeclaredPathIsASetting() {
    assertThat(all()).extracting(Setting::path).containsAll(declared());
  }

  private record Inner(int counted, @RuntimeOnly("it is for tests") int fast) {}

  private record Outer(String name, Inner inner, @RuntimeOnly(" ") int unsaid, int forgotten) {}

  @Test
  void theWalkFindsWhatIsForgottenDeclaredInVainAndExcusedWithoutAReason() {
    List<Setting> settings = Setting.of(Outer.class, "");
    assertThat(settings)
        .extracting(Setting::path)
        .containsExactly("name", "inner.counted", "inner.fast", "unsaid", "forgotten");
    assertThat(problems(settings, Set.of("name", "inner.counted", "inner.fast")))
        .containsExactly(
            "inner.fast is declared, and marked as changing no result",
            "unsaid is marked as changing no result, but not why",
            "forgotten is declared by no stage, and not marked @RuntimeOnly");
  }

  private static StageReadsBuilder<Outer> declares() {
    return StageReads.of(Outer.class, "", loaded -> null);
  }

  @Test
  void aDeclarationOfNothingOrInVainOrTwiceIsRefused() {
    assertThatThrownBy(() -> declares().reads("inner.cuonted"))
        .hasMessage("inner.cuonted is no setting and no section");
    assertThatThrownBy(() -> declares().reads("inner.fast"))
        .hasMessage("inner.fast is marked as changing no result");
    assertThatThrownBy(() -> declares().reads("name").contents("name"))
        .hasMessage("name is declared twice");
  }

  @Test
  void aSectionStandsForWhatIsInItButForWhatIsDeclaredByItselfOrExcused() {
    StageReads<Outer> reads =
        declares().readsIf(outer -> outer.name().isEmpty(), "inner").reads("name").build();
    assertThat(reads.paths()).containsExactlyInAnyOrder("inner.counted", "name");
    assertThat(reads.texts(new Outer("", new Inner(1, 2), 3, 4), null))
        .containsExactly(Map.entry("inner.counted", "1"), Map.entry("name", ""));
    assertThat(reads.texts(new Outer("x", new Inner(1, 2), 3, 4), null))
        .containsExactly(Map.entry("name", "x"));
  }

  @Test
  void differentValuesAreDifferentTexts() {
    assertThat(Setting.text(List.of("a,b"))).isNotEqualTo(Setting.text(List.of("a", "b")));
    assertThat(Setting.text(List.of())).isNotEqualTo(Setting.text(List.of("")));
    assertThat(Setting.text(1.0)).isNotEqualTo(Setting.text(1.0 + Math.ulp(1.0)));
    assertThat(Setting.text(DataSettings.Modality.IMAGE)).isEqualTo("image");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "experiment.budgets = [4, 8]     | true",
        "experiment.seeds = [1, 2]       | true",
        "experiment.folds = [1, 2], data.fold-pattern = \"(.)\" | true",
        "experiment.baseline = lsg       | true",
        "experiment.split = validation, data.validation-fraction = 0.1 | true",
        "experiment.methods.other {}     | true",
        "experiment.concurrency = 2      | false"
      })
  void aGridsTableIsMadeAnewForWhatItShows(String change, boolean anew) {
    String base = "experiment { methods { plain {}, lsg {} }, budgets = [4], seeds = [1] }\n";
    assertThat(grid(base + change).equals(grid(base))).isNotEqualTo(anew);
  }

  private static Fingerprint grid(String hocon) {
    return StageChain.of(
        Stages.EXPERIMENT, SettingsLoader.load(hocon, Map.of()), StageChain.keys(), Map.of());
  }

  /** A choice that was left to the machines would hide what they chose. */
  @Test
  void whatMachinesDecideIsDecidedBeforeTheFingerprint() {
    Loaded open = SettingsLoader.load("train.precision = auto", Map.of());
    Map<String, Fingerprint> samples = Map.of("prepare", Fingerprint.ofText("x"));
    assertThatThrownBy(() -> StageChain.of(Stages.TRAIN, open, StageChain.keys(), samples))
        .hasMessageEndingWith("was not decided");
  }
}
