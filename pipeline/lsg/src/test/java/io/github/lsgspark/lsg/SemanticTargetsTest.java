package io.github.lsgspark.lsg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.LsgSettings.SoftLabelSettings;
import io.github.lsgspark.graph.CsrMatrix;
import io.github.lsgspark.graph.TextGraph;
import org.junit.jupiter.api.Test;

class SemanticTargetsTest {
  /** Three classes of two prompts each; the mean of the first two has a cosine of 0.6. */
  private static TextGraph graph() {
    int[] nodes = {0, 1, 2, 3, 4, 5};
    return new TextGraph(
        new String[] {"a", "b", "c"},
        2,
        2,
        new float[] {1, 0.5f, 1, -0.5f, 0.6f, 0.8f, 6, 8, 0, -1, 0, -1},
        CsrMatrix.of(6, nodes, nodes, new double[] {1, 1, 1, 1, 1, 1}));
  }

  @Test
  void theShareGoesToClassesThatAreNear() {
    double[] targets = SemanticTargets.of(graph(), new SoftLabelSettings(0.3, 0.5)).doubles();
    assertThat(targets[0]).isCloseTo(0.7, within(1e-6));
    double near = Math.exp(0.6 / 0.5);
    double far = Math.exp(0 / 0.5);
    assertThat(targets[1]).isCloseTo(0.3 * near / (near + far), within(1e-6));
    assertThat(targets[2]).isCloseTo(0.3 * far / (near + far), within(1e-6));
    for (int row = 0; row < 3; row++) {
      assertThat(targets[3 * row] + targets[3 * row + 1] + targets[3 * row + 2])
          .isCloseTo(1, within(1e-6));
    }
  }

  @Test
  void aLowTemperatureLeavesNoOtherClassWithoutANumber() {
    double[] targets = SemanticTargets.of(graph(), new SoftLabelSettings(0.3, 0.001)).doubles();
    assertThat(targets).doesNotContain(Double.NaN);
    assertThat(targets[1]).isCloseTo(0.3, within(1e-6));
    // c is 1.8 away from b: exp(-1800) is 0 even in double, and so is the other one.
    assertThat(targets[6] + targets[7]).isCloseTo(0.3, within(1e-6));
  }
}
