package io.github.lsgspark.training.ssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CurriculumTest {
  @Test
  void eachClassGivesItsMostConfidentSamples() {
    int[] labels = {0, 0, 0, 0, 1, 1, 0, 0};
    float[] confidences = {0.9f, 0.5f, 0.95f, 0.6f, 0.2f, 0.3f, 0.6f, 0.1f};
    double[] halves = {0.5, 0.5};
    // Half of eight samples, two places a class.
    assertThat(CurriculumSelector.of(labels, confidences, 0.5, halves))
        .containsExactly(0, -1, 0, -1, 1, 1, -1, -1);
    // Three places each: of two samples that are equally sure the first one.
    assertThat(CurriculumSelector.of(labels, confidences, 0.75, halves))
        .containsExactly(0, -1, 0, 0, 1, 1, -1, -1);
    assertThat(CurriculumSelector.of(labels, confidences, 0, halves))
        .as("one place at least")
        .containsExactly(-1, -1, 0, -1, -1, 1, -1, -1);
    assertThat(CurriculumSelector.of(labels, confidences, 1, new double[] {0.75, 0.25}))
        .containsExactly(labels);
    assertThat(CurriculumSelector.of(new int[0], new float[0], 1, halves)).isEmpty();
  }

  @Test
  void roundsAreEvenAndTakeMoreEachTime() {
    Renewals renewals = Renewals.inRounds(20, 100, 4, 0.8);
    assertThat(IntStream.range(0, 100).filter(renewals::due)).containsExactly(20, 40, 60, 80);
    assertThat(renewals.share(20)).isCloseTo(0.2, within(1e-12));
    assertThat(renewals.share(80)).isCloseTo(0.8, within(1e-12));
    Renewals uneven = Renewals.inRounds(0, 11, 3, 1);
    assertThat(IntStream.range(0, 11).filter(uneven::due)).containsExactly(0, 3, 6);
  }

  @Test
  void theReferenceRenewsAfterEachPassAndTakesAll() {
    Renewals renewals = Renewals.afterEachPass(5, 3);
    assertThat(IntStream.range(0, 12).filter(renewals::due)).containsExactly(5, 8, 11);
    assertThat(renewals.share(11)).isEqualTo(1);
    assertThat(Renewals.afterEachPass(0, 0).due(1)).isTrue();
  }
}
