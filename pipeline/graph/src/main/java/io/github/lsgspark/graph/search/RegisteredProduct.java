package io.github.lsgspark.graph.search;

import java.util.Iterator;
import java.util.ServiceLoader;

/** The form of {@link BlockProduct} that a JVM uses, looked for once. */
final class RegisteredProduct {
  static final BlockProduct INSTANCE = find();

  private RegisteredProduct() {}

  private static BlockProduct find() {
    Iterator<BlockProduct> registered =
        ServiceLoader.load(BlockProduct.class, BlockProduct.class.getClassLoader()).iterator();
    return registered.hasNext() ? registered.next() : new PlainBlockProduct();
  }
}
