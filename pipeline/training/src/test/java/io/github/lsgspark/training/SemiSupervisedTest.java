package io.github.lsgspark.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.training.ssl.PseudoLabelStats;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Unlabelled samples in whole trainings of SqueezeNet, which has no batch normalisation. */
@Tag("long-1")
class SemiSupervisedTest {
  private static final String CONFIGURATION =
      TinyTraining.SQUEEZENET + "ssl { batch-ratio = 2, warmup-steps = 1 }\n";

  @TempDir static Path folder;
  private static TinyTraining tiny;
  private static int runs;

  @BeforeAll
  static void prepare() {
    tiny = new TinyTraining(LocalSpark.session(), folder, CONFIGURATION);
  }

  private static String train(String changes, boolean guided) {
    String name = "run" + runs++;
    tiny.run(changes, name, guided);
    return name;
  }

  private static double[] curve(String changes, boolean guided) {
    return tiny.losses(train(changes, guided));
  }

  private static void assertClose(double[] curve, double[] expected) {
    assertThat(curve).hasSameSizeAs(expected);
    for (int step = 0; step < curve.length; step++) {
      assertThat(curve[step])
          .as("step %d", step)
          .isCloseTo(expected[step], within(1e-4 * Math.abs(expected[step])));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pseudo-label",
        "fixmatch, ssl.threshold = 0.1",
        "freematch",
        "curriculum, ssl.curriculum { rounds = 2, final-share = 0.8 }",
        "curriculum, ssl { labeller = ensemble, curriculum.rounds = 2 }",
        "curriculum, ssl { propagation { enabled = true, neighbours = 2 }, curriculum.rounds = 2 }"
      })
  void everyStrategyTrainsPlainlyAndGuidedOnOneReplicaAndTwo(String strategy) {
    for (boolean guided : new boolean[] {false, true}) {
      double[] without = curve("", guided);
      String name = train("ssl.strategy = " + strategy, guided);
      double[] one = tiny.losses(name);
      assertThat(one[0]).as("the warm-up").isEqualTo(without[0]);
      assertThat(one).isNotEqualTo(without);
      assertClose(curve("train.replicas = 2, ssl.strategy = " + strategy, guided), one);
      JsonNode metrics = tiny.metrics(name);
      assertThat(metrics.path(PseudoLabelStats.ACCEPTED_SHARE).asDouble(-1)).isBetween(0.01, 1.0);
      assertThat(metrics.path(PseudoLabelStats.LABEL_ACCURACY).asDouble(-1)).isBetween(0.0, 1.0);
      assertThat(metrics.path(PseudoLabelStats.CLASS_BALANCE).asDouble(-1)).isBetween(0.0, 1.0);
    }
  }

  @Test
  void whatIsNotTakenDoesNotTrain() {
    for (boolean guided : new boolean[] {false, true}) {
      String name = train("ssl { strategy = fixmatch, threshold = 1 }", guided);
      assertThat(tiny.losses(name)).isEqualTo(curve("", guided));
      assertThat(tiny.metrics(name).path(PseudoLabelStats.ACCEPTED_SHARE).asDouble(-1)).isZero();
      assertThat(tiny.metrics(name).has(PseudoLabelStats.LABEL_ACCURACY)).isFalse();
    }
  }

  /** The unlabelled part of the loss is the sum of its terms. */
  @Test
  void termsAreChosenAndTheirWeightGrows() {
    String base = "ssl { strategy = fixmatch, threshold = 0, ";
    double supervised = curve("", true)[1];
    double both = curve(base + "terms = both }", true)[1] - supervised;
    double crossEntropy = curve(base + "terms = cross-entropy }", true)[1] - supervised;
    double lsg = curve(base + "terms = lsg }", true)[1] - supervised;
    assertThat(crossEntropy).isPositive();
    assertThat(lsg).isPositive();
    assertThat(both).isCloseTo(crossEntropy + lsg, within(1e-4));
    double half = curve(base + "terms = both, ramp-steps = 2 }", true)[1] - supervised;
    assertThat(half).isCloseTo(both / 2, within(1e-4));
    assertThat(curve(base + "warmup-steps = 6 }", true)).isEqualTo(curve("", true));
  }

  @Test
  void aCurriculumTakesNoMoreThanItsShare() {
    String name =
        train("ssl { strategy = curriculum, curriculum { rounds = 1, final-share = 0.5 } }", true);
    assertThat(tiny.metrics(name).path(PseudoLabelStats.ACCEPTED_SHARE).asDouble(-1))
        .isBetween(0.01, 0.7);
    assertThat(tiny.losses(name)).isNotEqualTo(curve("", true));
  }

  @Test
  void thePrototypesMayHaveASayInTheLabels() {
    for (String strategy : new String[] {"pseudo-label", "freematch"}) {
      double[] head = curve("ssl.strategy = " + strategy, true);
      double[] both = curve("ssl { strategy = " + strategy + ", labeller = ensemble }", true);
      assertThat(both).isNotEqualTo(head);
      assertThat(curve("ssl { strategy = " + strategy + ", labeller = ensemble }", false))
          .as("without prototypes")
          .isEqualTo(curve("ssl.strategy = " + strategy, false));
    }
  }

  @Test
  void partsOfABatchAreTheBatch() {
    String changes = "ssl { strategy = fixmatch, threshold = 0, terms = cross-entropy }";
    assertClose(curve(changes + ", train.accumulation = 2", false), curve(changes, false));
  }

  @Test
  void nothingUnlabelledIsNoError() {
    TinyTraining full =
        new TinyTraining(
            LocalSpark.session(),
            folder.resolve("full"),
            CONFIGURATION + "data.label-budget = \"100%\"\n");
    full.run("ssl.strategy = fixmatch", "with");
    full.run("", "without");
    assertThat(full.losses("with")).isEqualTo(full.losses("without"));
    assertThat(full.metrics("with").has(PseudoLabelStats.ACCEPTED_SHARE)).isFalse();
  }

  @Test
  void labelsOfOneStepAloneAreNotPropagated() {
    assertThatThrownBy(
            () -> curve("ssl { strategy = freematch, propagation.enabled = true }", false))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("ssl.propagation")
        .hasMessageContaining("freematch");
  }

  @Test
  void aWrongThresholdIsRefused() {
    assertThatThrownBy(() -> curve("ssl { strategy = fixmatch, threshold = 1.5 }", false))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("ssl.threshold");
  }
}
