package io.github.lsgspark.training.ssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.torch.Autograd;
import io.github.lsgspark.torch.Collective;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import io.github.lsgspark.torch.TwoRanks;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Expected numbers: the paper's formulas in NumPy-like PyTorch, in double. */
@Timeout(60)
class FreeMatchTest {
  private static final float[][] FIRST = {
    {.7f, .2f, .1f}, {.4f, .35f, .25f}, {.1f, .3f, .6f}, {.2f, .5f, .3f}
  };
  private static final float[][] SECOND = {
    {.5f, .3f, .2f}, {.34f, .33f, .33f}, {.05f, .05f, .9f}, {.25f, .5f, .25f}
  };
  private static final int[] PLACES = {0, 1, 2, 3};

  private static FreeMatch of(Collective collective) {
    return new FreeMatch(3, 0.5, collective, ComputeDevice.cpu());
  }

  private static FreeMatch afterTwoSteps() {
    FreeMatch strategy = of(Collective.single());
    assertThat(strategy.decide(PLACES, FIRST)).containsExactly(0, -1, 2, 1);
    assertThat(strategy.threshold()).isCloseTo(0.4416666689, within(1e-9));
    assertThat(strategy.decide(PLACES, SECOND)).containsExactly(0, -1, 2, 1);
    assertThat(strategy.threshold()).isCloseTo(0.5008333318, within(1e-9));
    return strategy;
  }

  @Test
  void averagesFollowThePaper() {
    FreeMatch strategy = afterTwoSteps();
    assertThat(strategy.state().get("classes").doubles())
        .containsExactly(new double[] {0.3133333338, 0.3152083371, 0.3714583347}, within(1e-9));
    assertThat(strategy.state().get("histogram").doubles())
        .containsExactly(new double[] {0.4583333333, 0.2708333333, 0.2708333333}, within(1e-9));
  }

  @Test
  void fairnessAndItsGradientAreThePapers() {
    FreeMatch strategy = afterTwoSteps();
    try (TensorScope scope = new TensorScope()) {
      Tensor logits =
          Autograd.leaf(
              Tensors.of(
                  new float[] {1, .5f, -.3f, .2f, 1.4f, .1f, 2, -1, .4f, .3f, .2f, .9f}, 4, 3));
      Tensor term = strategy.fairness(logits).orElseThrow();
      assertThat(Tensors.item(term)).isCloseTo(-1.0920207904, within(1e-6));
      Autograd.backward(term);
      float[] gradient = Tensors.floats(Autograd.grad(logits));
      assertThat(Arrays.copyOf(gradient, 3))
          .containsExactly(
              new float[] {-0.0143932599f, -0.0049373164f, 0.0193305763f}, within(1e-6f));
      assertThat(Arrays.copyOfRange(gradient, 9, 12))
          .containsExactly(
              new float[] {-0.0217971273f, -0.0168702228f, 0.0386673500f}, within(1e-6f));
    }
  }

  @Test
  void theStateGoesOn() {
    FreeMatch before = of(Collective.single());
    before.decide(PLACES, FIRST);
    FreeMatch after = of(Collective.single());
    after.restore(before.state());
    assertThat(after.decide(PLACES, SECOND)).isEqualTo(before.decide(PLACES, SECOND));
    assertThat(after.threshold()).isEqualTo(before.threshold());
    assertThat(after.state()).isEqualTo(before.state());
  }

  /** An uneven division, and a replica without an image. */
  @Test
  void replicasShareTheAverages() throws Exception {
    double alone = afterTwoSteps().threshold();
    for (int own : new int[] {4, 3}) {
      List<Double> thresholds =
          TwoRanks.run(
              collective -> {
                FreeMatch strategy = of(collective);
                for (float[][] step : new float[][][] {FIRST, SECOND}) {
                  float[][] part =
                      collective.rank() == 0
                          ? Arrays.copyOf(step, own)
                          : Arrays.copyOfRange(step, own, 4);
                  assertThat(strategy.decide(new int[part.length], part)).hasSize(part.length);
                }
                return strategy.threshold();
              });
      assertThat(thresholds).allSatisfy(t -> assertThat(t).isCloseTo(alone, within(1e-12)));
    }
  }

  /** Value and gradient of one replica, on one without an accepted image too. */
  @Test
  void replicasShareTheFairnessTerm() throws Exception {
    float[] all = {1, .5f, -.3f, .2f, 1.4f, .1f, 2, -1, .4f, .3f, .2f, .9f};
    float[] expected = fairnessGradient(afterTwoSteps(), all);
    for (int own : new int[] {4, 3}) {
      List<float[]> gradients =
          TwoRanks.run(
              collective -> {
                FreeMatch strategy = of(collective);
                for (float[][] step : new float[][][] {FIRST, SECOND}) {
                  strategy.decide(
                      new int[2],
                      Arrays.copyOfRange(step, 2 * collective.rank(), 2 * collective.rank() + 2));
                }
                return fairnessGradient(
                    strategy,
                    collective.rank() == 0
                        ? Arrays.copyOf(all, 3 * own)
                        : Arrays.copyOfRange(all, 3 * own, all.length));
              });
      assertThat(gradients.get(0)).containsExactly(Arrays.copyOf(expected, 3 * own), within(1e-6f));
      assertThat(gradients.get(1))
          .containsExactly(Arrays.copyOfRange(expected, 3 * own, all.length), within(1e-6f));
    }
  }

  @Test
  void withoutAnAcceptedImageThereIsNoFairnessTerm() {
    try (TensorScope scope = new TensorScope()) {
      assertThat(afterTwoSteps().fairness(Tensors.of(new float[0], 0, 3))).isEmpty();
    }
  }

  private static float[] fairnessGradient(FreeMatch strategy, float[] logits) {
    try (TensorScope scope = new TensorScope()) {
      Tensor leaf = Autograd.leaf(Tensors.of(logits, logits.length / 3, 3));
      Tensor term = strategy.fairness(leaf).orElseThrow();
      assertThat(Tensors.item(term)).isCloseTo(-1.0920207904, within(1e-6));
      Autograd.backward(term);
      return Tensors.floats(Autograd.grad(leaf));
    }
  }
}
