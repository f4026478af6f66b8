package io.github.lsgspark.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class OutcomeTest {

  @Test
  void headIsTheSoftmaxBestFirst() {
    Outcome outcome = Outcome.ofHead(new float[] {0, 3, 1, -1, 2, 3, -50});
    assertThat(outcome.ids()).containsExactly(1, 5, 4, 2, 0);
    double sum = 1 + 2 * Math.exp(3) + Math.exp(1) + Math.exp(-1) + Math.exp(2) + Math.exp(-50);
    assertThat(outcome.confidence()).isCloseTo(Math.exp(3) / sum, within(1e-12));
    assertThat(outcome.topHolds(0)).isTrue();
    assertThat(outcome.topHolds(3)).isFalse();
  }

  @Test
  void hugeLogitsDoNotOverflow() {
    Outcome outcome = Outcome.ofHead(new float[] {1e30f, -1e30f});
    assertThat(outcome.ids()).containsExactly(0, 1);
    assertThat(outcome.probabilities()).containsExactly(1.0, 0.0);
  }

  @Test
  void ensembleAveragesHeadAndPrototypes() {
    float[] logits = {0.1f, 0};
    assertThat(Outcome.ofHead(logits).predicted()).isEqualTo(0);
    Outcome outcome = Outcome.ofEnsemble(logits, new float[] {0.1f, 0.4f}, 16);
    double head = 1 / (1 + Math.exp(0.1f));
    double prototypes = 1 / (1 + Math.exp(16 * ((double) 0.1f - 0.4f)));
    assertThat(outcome.predicted()).isEqualTo(1);
    assertThat(outcome.confidence()).isCloseTo((head + prototypes) / 2, within(1e-9));
  }
}
