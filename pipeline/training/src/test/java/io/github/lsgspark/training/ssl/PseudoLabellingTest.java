package io.github.lsgspark.training.ssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PseudoLabellingTest {
  private static final float[][] PROBABILITIES = {
    {0.95f, 0.03f, 0.02f}, {0.3f, 0.4f, 0.3f}, {0, 0, 1}
  };

  @Test
  void aFixedThresholdTakesWhatReachesIt() {
    int[] places = {7, 8, 9};
    assertThat(new FixMatch(0.9).decide(places, PROBABILITIES)).containsExactly(0, -1, 2);
    assertThat(new FixMatch(0).decide(places, PROBABILITIES)).containsExactly(0, 1, 2);
    assertThat(new FixMatch(1).decide(places, PROBABILITIES)).containsExactly(-1, -1, 2);
  }

  @Test
  void theTallyTellsSharesAndBalance() {
    PseudoLabelStats tally = new PseudoLabelStats(4);
    assertThat(tally.take()).isEmpty();
    tally.add(new int[] {0, 1, -1, 1}, new int[] {0, 2, 3, -1});
    assertThat(tally.take())
        .containsEntry(PseudoLabelStats.ACCEPTED_SHARE, 0.75)
        .containsEntry(PseudoLabelStats.LABEL_ACCURACY, 0.5)
        .hasEntrySatisfying(
            PseudoLabelStats.CLASS_BALANCE,
            // Shares 1/3 and 2/3 of at most three classes.
            balance -> assertThat(balance).isCloseTo(0.6365142 / Math.log(3), within(1e-6)));
    tally.add(new int[] {-1, -1}, new int[] {1, 1});
    assertThat(tally.take()).containsOnlyKeys(PseudoLabelStats.ACCEPTED_SHARE);
    tally.add(new int[] {3}, new int[] {-1});
    assertThat(tally.take()).containsEntry(PseudoLabelStats.CLASS_BALANCE, 1.0).hasSize(2);
  }
}
