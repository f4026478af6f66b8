package io.github.lsgspark.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.testing.LocalSpark;
import java.nio.file.Path;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Options of the guidance beyond the paper, by the loss of the first steps of whole trainings. */
@Tag("long-4")
class GuidanceOptionsTest {
  private static final int CLASSES = 5;
  private static final Offset<Double> ROUNDING = within(1e-4);
  private static final String CONFIGURATION =
      TinyTraining.SQUEEZENET
          + "train { iterations = 4, log-every = 1 }\nlsg.prototype-term = false\n";

  @TempDir static Path folder;
  private static TinyTraining tiny;
  private static int runs;

  @BeforeAll
  static void prepare() {
    tiny = new TinyTraining(LocalSpark.session(), folder, CONFIGURATION);
  }

  private static double[] curve(String changes, boolean guided) {
    String name = "run" + runs++;
    tiny.run(changes, name, guided);
    return tiny.losses(name);
  }

  private static double first(String changes, boolean guided) {
    return curve(changes, guided)[0];
  }

  @Test
  void theScheduleWeighsAllTermsOfTheGuidance() {
    double plain = first("", false);
    double guided = first("", true) - plain;
    assertThat(guided).isGreaterThan(1);
    // Step 1 of 4 is half way through a warm-up of two steps.
    double half = first("lsg { schedule.warmup = 0.5, prototype-weight = 5 }", true) - plain;
    assertThat(half).isCloseTo(guided / 2, ROUNDING);
    // A decay from the start to 0.2 is at 0.8 after a quarter.
    double falling = first("lsg.schedule { decay-from = 0, final-factor = 0.2 }", true) - plain;
    assertThat(falling).isCloseTo(0.8 * guided, ROUNDING);
    assertThat(curve("lsg.schedule { decay-from = 0.5 }", true)[3])
        .as("the last step is plain, but for what the others changed")
        .isLessThan(plain + guided / 2);
  }

  @Test
  void aTermAgainstThePrototypesIsAdded() {
    double without = first("", true);
    double once =
        first("lsg { prototype-term = true, prototype-weight = 1, prototype-scale = 0.001 }", true)
            - without;
    assertThat(once).as("all cosines count alike").isCloseTo(Math.log(CLASSES), within(1e-3));
    double twice =
        first("lsg { prototype-term = true, prototype-weight = 2, prototype-scale = 0.001 }", true)
            - without;
    assertThat(twice).isCloseTo(2 * once, ROUNDING);
    double guided = first("lsg { prototype-term = true, schedule.warmup = 0.5 }", true);
    double whole = first("lsg.prototype-term = auto", true);
    double plain = first("", false);
    assertThat(guided - plain).isCloseTo((whole - plain) / 2, ROUNDING);
    assertThat(first("lsg { mode = official, prototype-term = auto }", true))
        .as("not published")
        .isEqualTo(first("lsg.mode = official", true));
  }

  @Test
  void classesWithoutALabelDoNotCompeteInTheTermAgainstThePrototypes() {
    TinyTraining fewer =
        new TinyTraining(
            LocalSpark.session(),
            folder.resolve("fewer"),
            CONFIGURATION + "data.unseen-classes { count = 2, seed = 1 }\n");
    fewer.run("", "without", true);
    fewer.run("lsg { prototype-term = true, prototype-scale = 0.001 }", "with", true);
    assertThat(fewer.losses("with")[0] - fewer.losses("without")[0])
        .isCloseTo(Math.log(CLASSES - 2), within(1e-3));
  }

  @Test
  void theScoresOfAlignCanBeCosinesAndHaveATemperature() {
    String alignOnly = "lsg { regularization-weight = 0, ";
    double plain = first("", false);
    double cool = first(alignOnly + "align-temperature = 1000 }", true) - plain;
    assertThat(cool).isCloseTo(Math.log(CLASSES), within(1e-2));
    double dot = first(alignOnly + "align-logits = dot }", true) - plain;
    double cosine = first(alignOnly + "align-logits = cosine }", true) - plain;
    assertThat(cosine).isNotCloseTo(dot, within(1e-3));
    // Cosines differ by 2 at most.
    assertThat(cosine).isBetween(Math.log(1 + 4 * Math.exp(-2)), Math.log(1 + 4 * Math.exp(2)));
  }

  @Test
  void softLabelsChangeTheClassifiersTargets() {
    double hard = first("lsg.soft-labels.share = 0", true);
    assertThat(first("", true)).isEqualTo(hard);
    double soft = first("lsg.soft-labels.share = 0.5", true);
    assertThat(soft).isNotCloseTo(hard, within(1e-5));
    // At a high temperature all other classes are alike: smoothing of 0.4 is a share of 0.32.
    assertThat(first("lsg.soft-labels { share = 0.32, temperature = 1000 }", true))
        .isCloseTo(first("train.label-smoothing = 0.4", true), ROUNDING);
  }

  @Test
  void anAverageOfTheWeightsIsTheModelAndDoesNotTouchTheTraining() {
    String name = "averaged";
    tiny.run("train.average-decay = 0.9", name);
    assertThat(tiny.losses(name)).isEqualTo(curve("", true));
    byte[] averaged = tiny.file(name, "model.safetensors");
    tiny.run("", "not averaged");
    assertThat(averaged).isNotEqualTo(tiny.file("not averaged", "model.safetensors"));
  }
}
