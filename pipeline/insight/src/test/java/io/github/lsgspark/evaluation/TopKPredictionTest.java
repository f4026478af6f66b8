package io.github.lsgspark.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TopKPredictionTest {

  @Test
  void theSoftmaxIsGivenBestFirst() {
    TopKPrediction outcome =
        TopKPrediction.of(TopKPrediction.softmax(new double[] {0, 3, 1, -1, 2, 3, -50}, 1));
    assertThat(outcome.ids()).containsExactly(1, 5, 4, 2, 0);
    double sum = 1 + 2 * Math.exp(3) + Math.exp(1) + Math.exp(-1) + Math.exp(2) + Math.exp(-50);
    assertThat(outcome.confidence()).isCloseTo(Math.exp(3) / sum, within(1e-12));
    assertThat(outcome.topHolds(0)).isTrue();
    assertThat(outcome.topHolds(3)).isFalse();
  }

  @Test
  void hugeLogitsDoNotOverflow() {
    TopKPrediction outcome =
        TopKPrediction.of(TopKPrediction.softmax(new double[] {1e30, -1e30}, 1));
    assertThat(outcome.ids()).containsExactly(0, 1);
    assertThat(outcome.probabilities()).containsExactly(1.0, 0.0);
  }
}
