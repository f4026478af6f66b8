package io.github.lsgspark.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers in order, owned by the caller's scope alone. */
class SideBySideTest {
  private static final double[] NUMBERS = IntStream.range(0, 9).asDoubleStream().toArray();

  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8})
  void answersComeInOrderAndGoWithTheScope(int threads) {
    List<Tensor> found = new ArrayList<>();
    try (TensorScope scope = new TensorScope()) {
      found.addAll(
          SideBySide.map(
              NUMBERS,
              threads,
              number -> Ops.add(Tensors.of(new double[] {number}, 1), number * number)));
      for (int i = 0; i < NUMBERS.length; i++) {
        assertThat(Tensors.item(found.get(i))).isEqualTo(i + i * i);
        assertThat(found.get(i).isNull()).isFalse();
      }
    }
    assertThat(found).allMatch(tensor -> tensor.isNull());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void theFirstFailureIsThrownAsItIs(int threads) {
    assertThatThrownBy(
            () ->
                SideBySide.map(
                    NUMBERS,
                    threads,
                    number -> {
                      throw new IllegalArgumentException("no " + number);
                    }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no 0.0");
  }
}
