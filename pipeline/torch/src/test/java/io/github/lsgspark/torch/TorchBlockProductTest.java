package io.github.lsgspark.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.graph.search.BlockProduct;
import org.junit.jupiter.api.Test;

class TorchBlockProductTest {

  @Test
  void theGraphFindsItAndItMultipliesRowsWithRows() {
    BlockProduct product = BlockProduct.get();
    assertThat(product).isInstanceOf(TorchBlockProduct.class);
    // Rows (1, 2), (3, 4), (5, 6) with (1, -1), (0.5, 2).
    try (BlockProduct.Rows rows = product.rows(new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
        BlockProduct.Rows others = product.rows(new float[] {1, -1, 0.5f, 2}, 2, 2)) {
      assertThat(rows.times(0, 3, others, 0, 2)).containsExactly(-1, 4.5f, -1, 9.5f, -1, 14.5f);
      assertThat(rows.times(1, 2, others, 1, 1)).containsExactly(9.5f, 14.5f);
    }
    assertThat(product.doubles(new double[] {1, 0.1}, 1, new double[] {0.3, 3, 2, 1}, 2, 2))
        .containsExactly(new double[] {0.6, 2.1}, within(1e-15));
  }
}
