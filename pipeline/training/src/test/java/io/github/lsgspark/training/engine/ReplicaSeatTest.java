package io.github.lsgspark.training.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import org.junit.jupiter.api.Test;

class ReplicaSeatTest {
  private static String line(String host, String executor, String device) {
    return new ReplicaSeat(host, executor, device).with("");
  }

  @Test
  void theMessageComesBackWhole() {
    String line = new ReplicaSeat("a", "1", "cuda:0").with("10.0.0.1 4711 secret");
    assertThat(ReplicaSeat.message(line)).isEqualTo("10.0.0.1 4711 secret");
  }

  @Test
  void eachReplicaHasItsOwnCard() {
    String[] fine = {
      line("a", "1", "cuda:0"), line("a", "1", "cuda:1"), line("a", "2", "cuda:0"),
      line("b", "3", "cuda:0"), line("b", "4", "cpu"), line("b", "4", "cpu")
    };
    assertThatCode(() -> ReplicaSeat.requireOwnCards(fine)).doesNotThrowAnyException();
    String[] shared = {
      line("a", "1", "cuda:0"), line("a", "2", "cuda:0"), line("a", "1", "cuda:0")
    };
    assertThatThrownBy(() -> ReplicaSeat.requireOwnCards(shared))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.ENVIRONMENT))
        .hasMessageStartingWith("ranks 0 and 2 were both given cuda:0 of executor 1 on a");
  }
}
