package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.LsgSettings.LabelGraph;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunSpecTest {
  private static final String COMPARE =
      """
      data { train = "drawn:novel", label-budget = "15%", unseen-classes.count = 6 }
      train { backbone = small-cnn, weights = pretrain, learning-rate = 0.02
              transfer.methods = [l2-sp], tuning { method = bias, layer-decay = 0.5 } }
      pretrain {
        data { train = "drawn:base", label-budget = "100%" }
        train.learning-rate = 0.1
      }
      compare {
        seeds = [3, 1]
        methods {
          plain { lsg.enabled = false }
          lsg {}
          shuffled { lsg.label-graph = shuffled }
        }
      }
      """;

  private static Loaded load(String hocon) {
    return SettingsLoader.load(hocon, Map.of());
  }

  @Test
  void everyMethodMeetsEverySeedInTheOrderOfTheFile() {
    List<RunSpec> variants = RunSpec.of(load(COMPARE));
    assertThat(variants)
        .extracting(variant -> variant.method() + " " + variant.seed())
        .containsExactly("plain 3", "plain 1", "lsg 3", "lsg 1", "shuffled 3", "shuffled 1");
    assertThat(variants.get(0).settings().lsg().enabled()).isFalse();
    assertThat(variants.get(2).settings().lsg().enabled()).isTrue();
    assertThat(variants.get(4).settings().lsg().labelGraph()).isEqualTo(LabelGraph.SHUFFLED);
    assertThat(RunSpec.main(variants)).isEqualTo(variants.get(3));
  }

  @Test
  void withoutACompareBlockThereIsOneVariant() {
    List<RunSpec> variants = RunSpec.of(load("seed = 5"));
    assertThat(variants).hasSize(1);
    assertThat(RunSpec.main(variants).seed()).isEqualTo(5);
  }

  @Test
  void aGridIsWalkedSeedBySeedAndBudgetByBudget() {
    Loaded base =
        load(
            COMPARE
                + """
                experiment {
                  budgets = [4, 50%]
                  seeds = [3, 1]
                  methods {
                    plain { lsg.enabled = false }
                    lsg { train.learning-rate = 0.5 }
                  }
                }
                """);
    List<RunSpec> variants = RunSpec.of(base, base.experiment().orElseThrow());
    assertThat(variants)
        .hasToString(
            "[plain, 4 labels, seed 3, lsg, 4 labels, seed 3, plain, 50% labels, seed 3,"
                + " lsg, 50% labels, seed 3, plain, 4 labels, seed 1, lsg, 4 labels, seed 1,"
                + " plain, 50% labels, seed 1, lsg, 50% labels, seed 1]");
    Settings last = variants.get(7).settings();
    assertThat(last.seed()).isEqualTo(1);
    assertThat(last.data().labelBudget()).hasToString("50%");
    assertThat(last.train().learningRate()).isEqualTo(0.5);
    assertThat(variants.get(4).settings().lsg().enabled()).isFalse();
    assertThat(variants.get(4).settings().data().labelBudget()).hasToString("4");
  }

  @Test
  void pretrainingLaysItsBlockOverTheFileAndIsPlain() {
    Settings settings = RunSpec.pretraining(load(COMPARE)).settings();
    assertThat(settings.data().train()).isEqualTo("drawn:base");
    assertThat(settings.data().labelBudget()).hasToString("100%");
    assertThat(settings.data().unseenClasses().any()).isFalse();
    assertThat(settings.train().learningRate()).isEqualTo(0.1);
    assertThat(settings.train().weights()).isEmpty();
    assertThat(settings.train().transfer().methods()).isEmpty();
    assertThat(settings.train().tuning().isWhole()).isTrue();
    assertThat(settings.train().tuning().layerDecay()).isEqualTo(1);
    assertThat(settings.lsg().enabled()).isFalse();
    assertThat(settings.seed()).isEqualTo(1);
  }

  @Test
  void pretrainingMayHaveUnseenClassesOfItsOwn() {
    Settings settings =
        RunSpec.pretraining(load(COMPARE + "pretrain.data.unseen-classes.count = 2")).settings();
    assertThat(settings.data().unseenClasses().count()).isEqualTo(2);
  }

  @Test
  void pretrainAsWeightsNeedsItsBlock() {
    assertThatThrownBy(() -> RunSpec.pretraining(load("train.weights = pretrain")))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("pretrain block");
  }

  @Test
  void repeatedSeedsAndMissingMethodsAreRefused() {
    assertThatThrownBy(() -> RunSpec.of(load("compare { seeds = [1, 1], methods { a {} } }")))
        .hasMessageContaining("compare.seeds");
    assertThatThrownBy(() -> RunSpec.of(load("compare { seeds = [1] }")))
        .hasMessageContaining("compare.methods");
  }

  @Test
  void thoseKeysTakeTheSeedsNumberThatTheBlockNames() {
    String block =
        "compare { seeds = [3, 1], seeded = [%s], methods { a {}, b { data.test-seed = 9 } } }";
    List<RunSpec> variants =
        RunSpec.of(load(String.format(block, "data.unseen-classes.seed, data.test-seed")));
    assertThat(variants).extracting(RunSpec::seed).containsExactly(3L, 1L, 3L, 1L);
    assertThat(variants).extracting(variant -> variant.settings().seed()).containsOnly(1L);
    assertThat(variants)
        .extracting(variant -> variant.settings().data().unseenClasses().seed())
        .containsExactly(3L, 1L, 3L, 1L);
    assertThat(variants.get(2).settings().data().testSeed()).isEqualTo(3);
    assertThatThrownBy(() -> load(String.format(block, "data.unseen-classes.sed")))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("data.unseen-classes.seed");
    assertThatThrownBy(() -> load(String.format(block, "data.train")))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("whole numbers, but data.train is not one");
  }
}
