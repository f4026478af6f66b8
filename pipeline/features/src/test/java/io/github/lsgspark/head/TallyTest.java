package io.github.lsgspark.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What several heads say of one sample, on drawn ballots. */
class TallyTest {
  private static final int CLASSES = 5;

  private static Tally tally(int truth, int... choices) {
    List<Ballot> ballots = new ArrayList<>();
    for (int head = 0; head < choices.length; head++) {
      if (choices[head] != Tally.NONE) {
        ballots.add(new Ballot(head, "unlabelled", truth, choices[head], new float[0]));
      }
    }
    return Ballot.tally("a", ballots, choices.length, CLASSES);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 7})
  void sharesAreThoseOfTheVotes(int heads) {
    Random random = new Random(heads);
    for (int draw = 0; draw < 50; draw++) {
      int[] choices = random.ints(heads, Tally.NONE, CLASSES).toArray();
      choices[random.nextInt(heads)] = random.nextInt(CLASSES);
      int truth = random.nextInt(CLASSES);
      long[] votes = new long[CLASSES];
      Arrays.stream(choices).filter(c -> c >= 0).forEach(c -> votes[c]++);
      long cast = Arrays.stream(votes).sum();
      long most = Arrays.stream(votes).max().orElseThrow();
      Tally tally = tally(truth, choices);
      float[] p = tally.softLabel(CLASSES).probabilities();
      for (int c = 0; c < CLASSES; c++) {
        assertThat((double) p[c]).isCloseTo((double) votes[c] / cast, within(1e-6));
      }
      assertThat(tally.lacksMajority()).isEqualTo(most <= cast / 2.0);
      long tied = Arrays.stream(votes).filter(count -> count == most).count();
      assertThat(tally.rightness()).isEqualTo(votes[truth] == most ? 1.0 / tied : 0);
      assertThat(tally.softLabel(CLASSES).weight()).isEqualTo(1);
    }
  }

  @Test
  void scalesKeepToTheClassesWithVotes() {
    Tally tally = tally(0, 1, 1, 3, 4);
    double[] logs = {9, Math.log(2), 7, Math.log(4), -1e9};
    assertThat(tally.scaled(logs).softLabel(CLASSES).probabilities())
        .containsExactly(new float[] {0, 0.5f, 0, 0.5f, 0}, within(1e-6f));
    assertThat(tally.scaled(new double[CLASSES]).softLabel(CLASSES).probabilities())
        .containsExactly(tally.softLabel(CLASSES).probabilities(), within(1e-6f));
  }

  @Test
  void probabilitiesAreAveraged() {
    List<Ballot> ballots =
        List.of(
            new Ballot(0, "test", 2, 1, new float[] {0.1f, 0.6f, 0.3f}),
            new Ballot(1, "test", 2, 2, new float[] {0, 0, 1}));
    Tally tally = Ballot.tally("a", ballots, 2, 3);
    assertThat(tally.softLabel(3).probabilities())
        .containsExactly(new float[] {0.05f, 0.3f, 0.65f}, within(1e-6f));
    assertThat(tally.choices()).containsExactly(1, 2);
    assertThat(tally.lacksMajority()).isTrue();
    assertThat(tally.rightness()).isEqualTo(1);
  }

  @Test
  void countsOfDrawnTallies() {
    Random random = new Random(4);
    VoteCounts one = new VoteCounts(3);
    VoteCounts other = new VoteCounts(3);
    int[][] choices = new int[60][];
    int[] truths = new int[60];
    for (int i = 0; i < 60; i++) {
      choices[i] = random.ints(3, 0, 3).toArray();
      choices[i][2] = i % 4 == 0 ? Tally.NONE : choices[i][2];
      truths[i] = i % 5 == 0 ? -1 : random.nextInt(3);
      VoteCounts counts = i % 2 == 0 ? one : other;
      assertThat(counts.plus(tally(truths[i], choices[i]))).isSameAs(counts);
    }
    VoteCounts all = one.plus(other);
    assertThat(all.samples()).isEqualTo(60);
    assertThat(all.known()).isEqualTo(48);
    double right = 0;
    double told = 0;
    double same = 0;
    for (int i = 0; i < 60; i++) {
      boolean counts = choices[i][2] != Tally.NONE;
      right += counts && truths[i] == choices[i][2] ? 1 : 0;
      told += counts && truths[i] >= 0 ? 1 : 0;
      same += counts && choices[i][2] == choices[i][0] ? 1 : 0;
    }
    assertThat(all.accuracy(2)).isEqualTo(right / told);
    assertThat(all.agreement(0, 2)).isEqualTo(same / 45);
    assertThat(all.agreement(2, 0)).isEqualTo(same / 45);
    assertThat(all.agreement())
        .isCloseTo(
            (all.agreement(0, 1) + all.agreement(0, 2) + all.agreement(1, 2)) / 3, within(1e-12));
  }
}
