package io.github.lsgspark.training;

import static io.github.lsgspark.config.TrainSettings.Start.HEAD;
import static io.github.lsgspark.config.TrainSettings.Start.RANDOM;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.config.TrainSettings.Keep;
import io.github.lsgspark.config.TrainSettings.Start;
import io.github.lsgspark.training.Judgement.Verdict;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RaceTest {
  private static final List<Start> BOTH = List.of(HEAD, RANDOM);

  /** A start's models find the first so many of the samples. */
  private static Judgement judgement(int samples, int head, int trained, int mean) {
    return new Judgement(
        IntStream.range(0, samples)
            .mapToObj(i -> new Verdict(i < head, i < trained, i < mean))
            .toList(),
        true);
  }

  private static List<Start> left(Keep keep, Judgement fromHead, Judgement fromRandom) {
    return Race.forWhat(keep).left(new Trials(fromHead, fromRandom), BOTH);
  }

  @Test
  void aStartIsGivenUpWhenAllItsModelsAreClearlyBehind() {
    assertThat(left(Keep.BEST, judgement(100, 60, 62, 61), judgement(100, 60, 40, 50)))
        .containsExactly(HEAD);
    assertThat(left(Keep.BEST, judgement(100, 60, 62, 61), judgement(100, 60, 40, 60)))
        .isEqualTo(BOTH);
    assertThat(left(Keep.BEST, judgement(100, 60, 30, 40), judgement(100, 60, 62, 61)))
        .containsExactly(RANDOM);
  }

  @Test
  void theRaceEndsWhenOneModelIsClearlyAheadOfAllOthers() {
    assertThat(left(Keep.BEST, judgement(100, 40, 50, 80), judgement(100, 40, 60, 70))).isEmpty();
    // Then the closed form is kept, whatever a training starts from.
    assertThat(left(Keep.BEST, judgement(100, 80, 50, 60), judgement(100, 80, 60, 40))).isEmpty();
    // Only one model of each start counts.
    assertThat(left(Keep.TRAINED, judgement(100, 90, 80, 85), judgement(100, 90, 50, 85)))
        .isEmpty();
    assertThat(left(Keep.HEAD, judgement(100, 90, 80, 85), judgement(100, 90, 50, 85))).isEmpty();
    assertThat(left(Keep.MEAN, judgement(100, 90, 80, 85), judgement(100, 90, 50, 85)))
        .isEqualTo(BOTH);
  }

  @Test
  void fewSamplesAndNoneDecideNothing() {
    assertThat(left(Keep.BEST, judgement(49, 0, 49, 0), judgement(49, 0, 0, 0))).isEqualTo(BOTH);
    assertThat(left(Keep.BEST, judgement(50, 0, 50, 0), judgement(50, 0, 0, 0))).isEmpty();
    assertThat(Race.forWhat(Keep.BEST).left(Trials.NONE, BOTH)).isEqualTo(BOTH);
    assertThat(left(Keep.BEST, judgement(0, 0, 0, 0), judgement(0, 0, 0, 0))).isEqualTo(BOTH);
  }

  @Test
  void oneStartAloneRacesForWhatIsKept() {
    Trials equal = new Trials(null, judgement(100, 60, 62, 62));
    assertThat(Race.forWhat(Keep.BEST).left(equal, List.of(RANDOM))).containsExactly(RANDOM);
    Trials clear = new Trials(null, judgement(100, 40, 80, 70));
    assertThat(Race.forWhat(Keep.BEST).left(clear, List.of(RANDOM))).isEmpty();
  }

  /** Three folds of 100 samples; the worse start is 8 points behind, or none is. */
  @Test
  void aRaceSeldomGivesUpTheBetterStart() {
    int wrong = 0;
    int ended = 0;
    for (int seed = 0; seed < 400; seed++) {
      wrong += isLeft(RANDOM, race(seed, 0.62, 0.54)) ? 1 : 0;
      ended += race(seed, 0.6, 0.6).size() == 2 ? 0 : 1;
    }
    assertThat(wrong).isLessThan(8);
    // Twice one in twenty looks, three of them.
    assertThat(ended).isBetween(10, 60);
  }

  private static boolean isLeft(Start start, List<Start> left) {
    return left.size() == 1 && left.get(0) == start;
  }

  /** Trained models alone count, right independently of each other. */
  private static List<Start> race(int seed, double fromHead, double fromRandom) {
    Random random = new Random(seed);
    Trials all = Trials.NONE;
    List<Start> left = BOTH;
    for (int fold = 0; fold < 3 && left.size() == 2; fold++) {
      all = all.and(new Trials(drawn(random, fromHead), drawn(random, fromRandom)));
      left = new Race(Keep.TRAINED).left(all, left);
    }
    return left.isEmpty() ? List.of(all.best(Keep.TRAINED)) : left;
  }

  private static Judgement drawn(Random random, double accuracy) {
    return new Judgement(
        IntStream.range(0, 100)
            .mapToObj(i -> new Verdict(false, random.nextDouble() < accuracy, false))
            .toList(),
        false);
  }

  @Test
  void aStartThatWasLeftBehindIsNotTaken() {
    // Of the first hundred it found more, by what both have seen since it is unknown.
    Trials trials = new Trials(judgement(300, 0, 200, 0), judgement(100, 0, 90, 0));
    assertThat(trials.best(Keep.TRAINED)).isEqualTo(HEAD);
    assertThat(trials.judged()).isEqualTo(300);
    assertThat(trials.candidates().get(0)).containsEntry("candidate", "head");
    assertThat(trials.candidates()).extracting(one -> one.get("samples")).contains(300, 100);
  }
}
