package io.github.lsgspark.training.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.TrainSettings;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is there without a module; engines are tested where they are. */
class ExchangeProviderTest {

  @Test
  void c10dNeedsNoOne() {
    assertThat(SettingsLoader.parse("").train().engine()).isEqualTo(TrainSettings.Engine.C10D);
    assertThat(ExchangeProvider.of(TrainSettings.Engine.C10D)).isEmpty();
  }

  @Test
  void anEngineThatIsMissingIsAnErrorAndSaysWhatToDo() {
    TrainSettings train = SettingsLoader.parse("train.engine = bigdl").train();
    assertThatThrownBy(() -> ExchangeProvider.of(train.engine()))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.ENVIRONMENT))
        .hasMessageContaining("train.engine = bigdl")
        .hasMessageContaining("lsg-engine-bigdl")
        .hasMessageContaining("docs/engines.md");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "train { engine = bigdl, exchange.dtype = bfloat16 } | exchange.dtype = float32",
        "train { engine = bigdl, transfer.methods = [l2-sp] } | l2-sp"
      })
  void whatAnotherEngineDoesNotDoIsRefused(String settings, String named) {
    assertThatThrownBy(() -> SettingsLoader.parse(settings))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.USAGE))
        .hasMessageContaining("engine = bigdl")
        .hasMessageContaining(named);
  }

  @Test
  void factorsOfASliceAreThoseOfItsParts() {
    UpdateRule rule =
        new UpdateRule(
            0.9,
            0,
            0,
            List.of(
                new UpdateRule.Part(3, 1), new UpdateRule.Part(2, 10), new UpdateRule.Part(4, 2)));
    assertThat(rule.size()).isEqualTo(9);
    assertThat(rule.factors(0, 9)).containsExactly(1, 1, 1, 10, 10, 2, 2, 2, 2);
    assertThat(rule.factors(2, 4)).containsExactly(1, 10, 10, 2);
    assertThat(rule.factors(8, 1)).containsExactly(2);
    assertThat(rule.factors(4, 0)).isEmpty();
  }
}
