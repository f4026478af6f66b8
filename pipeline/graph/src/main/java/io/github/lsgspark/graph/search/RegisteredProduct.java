package io.github.lsgspark.graph.search;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Registry;
import java.util.List;

/** The form of {@link BlockProduct} that a JVM uses. */
final class RegisteredProduct {
  private static final BlockProduct PLAIN = new PlainBlockProduct();

  private RegisteredProduct() {}

  /**
   * @throws LsgException exit 2 if there are two: results must not depend on the order of jars
   */
  static BlockProduct get() {
    List<BlockProduct> found =
        Registry.of(BlockProduct.class, "block product", List::of, unused -> "the fast one")
            .entries();
    return found.isEmpty() ? PLAIN : found.get(0);
  }
}
