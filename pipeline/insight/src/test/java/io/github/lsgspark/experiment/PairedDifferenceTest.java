package io.github.lsgspark.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class PairedDifferenceTest {

  /** Student's own example (1908): additional hours of sleep by two drugs, ten patients. */
  @Test
  void agreesWithStudentsSleepData() {
    PairedDifference difference =
        PairedDifference.of(List.of(1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4));
    assertThat(difference.estimate().mean()).isCloseTo(1.58, within(1e-12));
    assertThat(difference.estimate().standardError()).isCloseTo(0.38895873, within(1e-7));
    assertThat(difference.p()).isCloseTo(0.00283289, within(1e-8));
    assertThat(difference.text()).isEqualTo("+1.6 ± 0.4");
    assertThat(difference.significance()).isEqualTo("0.003");
  }

  /** With two degrees of freedom, p = 1 - |t| / sqrt(2 + t^2). */
  @Test
  void threePairsHaveTwoDegreesOfFreedom() {
    PairedDifference difference = PairedDifference.of(List.of(-1.0, -2.0, -6.0));
    double t = 3 / Math.sqrt(7.0 / 3);
    assertThat(difference.p()).isCloseTo(1 - t / Math.sqrt(2 + t * t), within(1e-9));
    assertThat(difference.text()).isEqualTo("-3.0 ± 1.5");
  }

  @Test
  void tellsWhyThereIsNoSignificance() {
    assertThat(PairedDifference.of(List.of(1.0, 2.0)).p()).isNaN();
    assertThat(PairedDifference.of(List.of(1.0, 2.0)).significance()).isEqualTo("n < 3");
    assertThat(PairedDifference.of(List.of(1.0, 1.0, 1.0)).significance()).isEqualTo("no spread");
  }
}
