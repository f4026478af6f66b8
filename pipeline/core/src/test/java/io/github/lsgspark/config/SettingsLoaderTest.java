package io.github.lsgspark.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.SettingsLoader.Loaded;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsLoaderTest {
  @TempDir Path folder;

  private Path file(String text) throws Exception {
    return Files.writeString(folder.resolve("run.conf"), text);
  }

  @Test
  void defaultsAreTheReferencesOrBetter() {
    Settings settings = SettingsLoader.parse("");
    assertThat(settings.prompts().train()).isEqualTo(20);
    assertThat(settings.graph().edgeRatio()).isEqualTo(0.003);
    assertThat(settings.gcn().isFast()).isTrue();
    assertThat(settings.gcn().iterationsOr(5005)).isEqualTo(5005);
    assertThat(settings.train().schedule().milestones()).containsExactly(6000, 12000, 18000, 24000);
    assertThat(settings.lsg().normalizesProjection()).isTrue();
    assertThat(settings.lsg().prototypeFactor()).isEqualTo(1);
    LsgSettings official = SettingsLoader.parse("lsg.mode = official").lsg();
    assertThat(official.normalizesProjection()).isFalse();
    assertThat(official.prototypeFactor()).isZero();
    assertThat(
            SettingsLoader.parse("lsg { mode = official, prototype-term = true }")
                .lsg()
                .prototypeFactor())
        .isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "'\ngraph.edge-ration = 0.1', 2, 'unknown key graph.edge-ration; did you mean graph.edge-ratio?'",
    "'graph.edge-ratio = many', 1, 'graph.edge-ratio must be a number, but was: many'",
    "'\n\ngraph.edge-ratio = 1.5', 3, 'graph.edge-ratio must be in [1.0E-12, 1], but was: 1.5'",
    "'graph.k = 1.5', 1, 'graph.k must be a whole number, but was: 1.5'",
    "'data.label-budget = 120%', 1, '120%'",
    "'data.label-budget = none', 1, 'none'",
    "'data.unseen-classes.count = -1', 1, 'data.unseen-classes.count must be in [0, 1000000]'",
    "'evaluate.classifier = knn', 1, 'must be one of auto, head, prototypes, ensemble, loki'",
    "'graph = 3', 1, 'graph is a section, not a value'",
    "'pretrain.trian.epochs = 3', 1, 'unknown key pretrain.trian'",
    "'compare.methods.plain.lsg.enable = false', 1, 'did you mean lsg.enabled?'",
  })
  void errorsNameFileLineAndKey(String text, int line, String message) throws Exception {
    Path path = file(text);
    assertThatThrownBy(() -> SettingsLoader.load(path, Map.of()))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.USAGE))
        .hasMessageContaining("run.conf:" + line + ":")
        .hasMessageContaining(message);
  }

  @Test
  void syntaxErrorsAndMissingFilesAreUsageErrors() throws Exception {
    assertThatThrownBy(() -> SettingsLoader.load(file("graph {"), Map.of()))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("run.conf");
    assertThatThrownBy(() -> SettingsLoader.load(folder.resolve("none.conf"), Map.of()))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("none.conf");
  }

  @Test
  void theCommandLineOverridesTheFile() throws Exception {
    Loaded loaded =
        SettingsLoader.load(
            file("seed = 3, data.label-budget = 4, train.freeze = [conv1]"),
            Map.of("seed", "9", "train.freeze", "[conv1, fire2]", "graph.k", "4"));
    assertThat(loaded.settings().seed()).isEqualTo(9);
    assertThat(loaded.settings().data().labelBudget()).isEqualTo(new LabelBudget(4, 0));
    assertThat(loaded.settings().train().freeze()).containsExactly("conv1", "fire2");
    assertThat(loaded.settings().graph().k()).isEqualTo(4);
    assertThatThrownBy(() -> SettingsLoader.load(file(""), Map.of("graph.q", "4")))
        .hasMessageContaining("-D graph.q")
        .hasMessageContaining("unknown key graph.q");
  }

  @Test
  void blocksAreLaidOverTheFile() throws Exception {
    Loaded loaded =
        SettingsLoader.load(
            file(
                """
                train.iterations = 10
                pretrain { train.iterations = 99, data.train = "drawn:base" }
                compare { seeds = [1, 2], methods { plain { lsg.enabled = false }, lsg {} } }
                """),
            Map.of());
    assertThat(
            SettingsLoader.overlay(loaded, loaded.pretrain().get()).settings().train().iterations())
        .isEqualTo(99);
    assertThat(
            SettingsLoader.overlay(loaded, SettingsLoader.method(loaded.compare().get(), "plain"))
                .settings()
                .lsg()
                .enabled())
        .isFalse();
    assertThat(loaded.settings().train().iterations()).isEqualTo(10);
  }

  @Test
  void budgetsCountSamples() {
    assertThat(LabelBudget.parse("15%").of(40)).isEqualTo(6);
    assertThat(LabelBudget.parse("15%").of(2)).isEqualTo(1);
    assertThat(LabelBudget.parse("4").of(3)).isEqualTo(3);
    assertThat(LabelBudget.ALL.of(7)).isEqualTo(7);
    assertThat(LabelBudget.parse("15%")).hasToString("15%");
  }
}
