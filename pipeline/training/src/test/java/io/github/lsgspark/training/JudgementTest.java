package io.github.lsgspark.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.TrainSettings.Keep;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.training.Judgement.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class JudgementTest {
  private static final Verdict NONE = new Verdict(false, false, false);
  private static final Verdict HEAD = new Verdict(true, false, false);
  private static final Verdict TRAINED = new Verdict(false, true, true);
  private static final Verdict ALL = new Verdict(true, true, true);

  @Test
  void accuracyAndPairedDifferenceWithTheirErrors() {
    List<Judgement.Candidate> all =
        new Judgement(List.of(ALL, ALL, TRAINED, NONE), true).candidates();
    assertThat(all)
        .extracting(Judgement.Candidate::model)
        .containsExactly(Keep.HEAD, Keep.TRAINED, Keep.MEAN);
    assertThat(all.get(0).accuracy()).isEqualTo(0.5);
    assertThat(all.get(0).error()).isEqualTo(0.25);
    assertThat(all.get(0).difference()).isZero();
    assertThat(all.get(0).differenceError()).isZero();
    assertThat(all.get(1).accuracy()).isEqualTo(0.75);
    assertThat(all.get(1).difference()).isEqualTo(0.25);
    // Of 0, 0, 1, 0.
    assertThat(all.get(1).differenceError()).isCloseTo(Math.sqrt(0.1875 / 4), within(1e-12));
  }

  @Test
  void theMostAccurateIsKeptAndOfEqualsTheCheaper() {
    assertThat(new Judgement(List.of(), true).best()).isEqualTo(Keep.HEAD);
    assertThat(new Judgement(List.of(HEAD, TRAINED), true).best()).isEqualTo(Keep.HEAD);
    assertThat(new Judgement(List.of(ALL, TRAINED), true).best()).isEqualTo(Keep.TRAINED);
    Verdict both = new Verdict(false, false, true);
    assertThat(new Judgement(List.of(ALL, both), true).best()).isEqualTo(Keep.MEAN);
    assertThat(new Judgement(List.of(ALL, both), false).best()).isEqualTo(Keep.HEAD);
  }

  @RepeatedTest(40)
  void foldsAreEqualAndLeaveEveryClassSomething(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    int classes = 1 + random.nextInt(8);
    int folds = 2 + random.nextInt(5);
    List<Sample> samples = new ArrayList<>();
    Map<Integer, Integer> sizes = new HashMap<>();
    for (int c = 0; c < classes; c++) {
      int size = 1 + random.nextInt(6);
      sizes.put(c, size);
      for (int i = 0; i < size; i++) {
        samples.add(new Sample(c + "-" + i, c, ""));
      }
    }
    List<List<Sample>> division = StratifiedFolds.of(samples, folds, 1, 0);
    assertThat(division).hasSize(folds);
    assertThat(division.stream().flatMap(List::stream).toList())
        .containsExactlyInAnyOrderElementsOf(
            samples.stream().filter(sample -> sizes.get(sample.label()) > 1).toList());
    int fewest = division.stream().mapToInt(List::size).min().orElseThrow();
    int most = division.stream().mapToInt(List::size).max().orElseThrow();
    assertThat(most - fewest).isLessThanOrEqualTo(1);
    for (List<Sample> fold : division) {
      for (int c = 0; c < classes; c++) {
        int label = c;
        assertThat(fold.stream().filter(sample -> sample.label() == label).count())
            .isLessThan(Math.max(sizes.get(c), 1));
      }
    }
    assertThat(StratifiedFolds.of(samples, folds, 1, 0)).isEqualTo(division);
  }
}
