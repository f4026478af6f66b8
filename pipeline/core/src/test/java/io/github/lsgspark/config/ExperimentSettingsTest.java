package io.github.lsgspark.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.ExperimentSettings.Trial;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExperimentSettingsTest {
  private static ExperimentSettings read(String hocon) {
    return SettingsLoader.load(hocon, Map.of()).experiment().orElseThrow();
  }

  @Test
  void budgetsComeAsCountsAndShares() {
    ExperimentSettings grid =
        read(
            """
            experiment {
              budgets = [4, 15%, "100%"]
              seeds = [3, 1]
              methods {
                lsg {}
                plain { lsg.enabled = false }
              }
              concurrency = 2
            }
            """);
    assertThat(grid.budgets()).extracting(Object::toString).containsExactly("4", "15%", "100%");
    assertThat(grid.seeds()).containsExactly(3L, 1L);
    assertThat(grid.methods()).containsOnlyKeys("lsg", "plain");
    assertThat(grid.methods().keySet()).first().isEqualTo("lsg");
    assertThat(grid.baseline()).isEqualTo("plain");
    assertThat(grid.concurrency()).isEqualTo(2);
    assertThat(grid.runs()).isEqualTo(12);
    assertThat(grid.split()).isEqualTo(ExperimentSettings.Split.TEST);
    assertThat(
            read("data.validation-fraction = 0.2, experiment { methods.a {}, split = validation }")
                .split())
        .isEqualTo(ExperimentSettings.Split.VALIDATION);
  }

  @Test
  void foldsAreRepeatedWithEverySeed() {
    ExperimentSettings grid =
        read(
            "data { format = esc-10 }, experiment { methods { a {} }, folds = [2, 5], seeds = [7, 8] }");
    assertThat(grid.trials())
        .containsExactly(new Trial(7, 2), new Trial(7, 5), new Trial(8, 2), new Trial(8, 5));
    assertThat(grid.trials().stream().map(grid::number)).containsExactly(1L, 2L, 3L, 4L);
    assertThat(grid.repeated()).isEqualTo("folds and seeds");
    assertThat(grid.runs()).isEqualTo(4);
    assertThat(new Trial(7, 2)).hasToString("fold 2, seed 7");
    ExperimentSettings folds =
        read("data { format = esc-10 }, experiment { methods { a {} }, folds = [2, 5] }");
    assertThat(folds.trials().stream().map(folds::number)).containsExactly(2L, 5L);
    assertThat(folds.repeated()).isEqualTo("folds");
    assertThatThrownBy(() -> read("experiment { methods { a { data.fold = 2 } }, folds = [1] }"))
        .hasMessageContaining("must not set data.fold: the grid does, by experiment.folds");
    assertThatThrownBy(() -> read("data.fold = 2, experiment { methods { a {} } }"))
        .hasMessageContaining("fold-pattern");
    assertThatThrownBy(() -> read("data.fold-pattern = abc, experiment { methods { a {} } }"))
        .hasMessageContaining("needs a group");
  }

  @Test
  void onlySomeOfTheMethodsAreRunInTheOrderOfTheFile() {
    ExperimentSettings grid =
        read(
            "experiment { methods {\n a {}\n plain {}\n c {}\n }, only = [c, a], seeds = [1, 2] }");
    assertThat(grid.methods().keySet()).containsExactly("a", "c");
    assertThat(grid.baseline()).isEqualTo("a");
    assertThat(grid.runs()).isEqualTo(4);
  }

  @Test
  void methodsThatAreDataSetsAreNotCompared() {
    assertThat(read("experiment { methods { pets {}, dtd {} }, baseline = none }").compares())
        .isFalse();
    assertThat(read("experiment { methods { pets {}, dtd {} } }").compares()).isTrue();
    assertThat(read("experiment { methods { none {}, a {} }, baseline = none }").compares())
        .isTrue();
  }

  @Test
  void aBudgetHasSettingsThatAMethodMayChange() {
    ExperimentSettings grid =
        read(
            """
            experiment {
              budgets = [4, "50%"]
              by-budget { "50%" { train { iterations = 9, views = 1 } } }
              methods { a {}, b { train.views = 2 } }
            }
            """);
    LabelBudget half = new LabelBudget(0, 0.5);
    assertThat(grid.overlay("a", new LabelBudget(4, 0)).isEmpty()).isTrue();
    assertThat(grid.overlay("a", half).getInt("train.views")).isEqualTo(1);
    assertThat(grid.overlay("b", half).getInt("train.views")).isEqualTo(2);
    assertThat(grid.overlay("b", half).getInt("train.iterations")).isEqualTo(9);
    assertThat(grid.budgetsWithoutRuns()).isEmpty();
  }

  @Test
  void aPartOfAGridMayLeaveBudgetsOutThatHaveSettings() {
    ExperimentSettings part =
        read("experiment { methods.a {}, budgets = [4], by-budget.\"50%\".train.views = 1 }");
    assertThat(part.budgetsWithoutRuns()).containsExactly(new LabelBudget(0, 0.5));
    assertThat(part.runs()).isEqualTo(1);
  }

  @Test
  void whatIsLeftOutIsTheFilesOwn() {
    ExperimentSettings grid =
        read("seed = 5, data.label-budget = 7, experiment.methods { one {}, two {} }");
    assertThat(grid.budgets()).containsExactly(new LabelBudget(7, 0));
    assertThat(grid.seeds()).containsExactly(5L);
    assertThat(grid.concurrency()).isEqualTo(1);
    assertThat(grid.methods()).containsKey(grid.baseline());
    assertThat(SettingsLoader.load("seed = 1", Map.of()).experiment()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'budgets = []', 'experiment.budgets must hold at least one value'",
    "'budgets = [4, 150%]', 'experiment.budgets must be a percentage'",
    "'budgets = [\"100%\", 100%]', 'experiment.budgets holds 100% twice'",
    "'seeds = []', 'experiment.seeds must hold at least one value'",
    "'seeds = [1, 2, 1]', 'experiment.seeds holds 1 twice'",
    "'seeds = [one]', 'seeds'",
    "'concurrency = 0', 'experiment.concurrency must be at least 1, but was: 0'",
    "'baseline = nobody', 'experiment.baseline must be one of the methods a, but was: nobody'",
    "'only = []', 'experiment.only must hold at least one value'",
    "'only = [a, c]', 'experiment.only must be one of the methods a, but was: c'",
    "'only = [a], methods.b {}, baseline = b', 'experiment.baseline must be one of the methods a'",
    "'split = train', 'experiment.split must be test or validation, but was: train'",
    "'split = validation', 'experiment.split = validation needs data.validation-fraction'",
    "'by-budget.few.train.iterations = 4', 'experiment.by-budget must be a percentage'",
    "'by-budget { \"9\" {}, \"9 \" {} }', 'experiment.by-budget holds 9  twice'",
    "'budgets = [9], by-budget.\"9\".seed = 4', 'experiment.by-budget.9 must not set seed'",
    "'budgets = [9], by-budget.\"9\".train.iteration = 4', 'mean train.iterations?'",
    "'budgets = [9], by-budget.\"9\".graph.edge-ratio = 7', 'graph.edge-ratio must be in'",
    "'budgets = [9], by-budget.\"9\" = 7', '9 is a section'",
    "'budget = [4]', 'unknown key experiment.budget; known are experiment.budgets'",
    "'methods.b.lsg.enable = true', 'did you mean lsg.enabled?'",
    "'methods.b.graph.edge-ratio = 7', 'graph.edge-ratio must be in'",
    "'methods.b.seed = 4', 'experiment.methods.b must not set seed'",
    "'methods.b.data.label-budget = 4', 'must not set data.label-budget'",
  })
  void errorsNameTheKeyAndTheValue(String line, String message) {
    assertThatThrownBy(() -> read("experiment {\n methods.a {}\n " + line + "\n}"))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.USAGE))
        .hasMessageContaining(message);
  }

  @Test
  void aGridNeedsAMethod() {
    assertThatThrownBy(() -> read("experiment { seeds = [1] }"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("experiment.methods must name at least one method");
  }
}
