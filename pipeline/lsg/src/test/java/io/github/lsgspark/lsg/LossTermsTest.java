package io.github.lsgspark.lsg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Values are such that all sums and products are exact. */
class LossTermsTest {
  /** A term whose value is the batch times a factor. */
  private record Times(String name, double factor, double weight, boolean showsWeighted)
      implements LossTerm<Double> {
    @Override
    public double weight(int step) {
      return weight * step;
    }

    @Override
    public Optional<LossValue> value(Double batch) {
      return batch == 0
          ? Optional.empty()
          : Optional.of(
              new LossValue(
                  Tensors.of(new double[] {batch * factor}, 1), 1, 2, showsWeighted ? 1 : 0.5));
    }
  }

  private static final LossTerms<Double> TERMS =
      new LossTerms<>(
          List.of(new Times("plain", 1, 2, false), new Times("weighted", 4, 0.5, true)), "my_");

  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  @Test
  void theSumIsOfWeightTimesValueAndEachNumberHasItsName() {
    StepMetrics metrics = new StepMetrics(TERMS.metrics());
    try (TensorScope scope = new TensorScope()) {
      // Step 2, a quarter of it: 4 (8 / 2) / 4 + 1 (32 / 2) / 4.
      assertThat(Tensors.item(TERMS.sum(8.0, 2, 0.25, metrics).orElseThrow())).isEqualTo(8);
    }
    assertThat(TERMS.numbers(metrics))
        .containsExactly(Map.entry("my_plain", 0.5), Map.entry("my_weighted", 4.0));
    assertThat(TERMS.titled(metrics)).containsEntry("plain", 0.5);
    assertThat(TERMS.value(2, metrics)).isEqualTo(4 * 0.5 + 4);
  }

  @Test
  void whatHasNoValueAddsNothing() {
    StepMetrics metrics = new StepMetrics(TERMS.metrics());
    assertThat(TERMS.sum(0.0, 1, 1, metrics)).isEmpty();
    assertThat(TERMS.value(1, metrics)).isZero();
  }

  @Test
  void twoTermsOfOneNameAreOneNumber() {
    Times term = new Times("both", 1, 1, true);
    LossTerms<Double> terms = new LossTerms<>(List.of(term, term));
    StepMetrics metrics = new StepMetrics(terms.metrics());
    try (TensorScope scope = new TensorScope()) {
      var unused = terms.sum(2.0, 1, 1, metrics);
    }
    assertThat(terms.metrics()).containsExactly("both");
    assertThat(terms.value(1, metrics)).isEqualTo(2);
  }

  @Test
  void aNumberThatNobodyDeclaredIsAMistake() {
    StepMetrics metrics = new StepMetrics(List.of("ce"));
    assertThatThrownBy(() -> metrics.add("other", 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("other")
        .hasMessageContaining("[ce]");
  }
}
