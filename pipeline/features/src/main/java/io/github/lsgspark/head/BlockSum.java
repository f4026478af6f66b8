package io.github.lsgspark.head;

import java.io.Serializable;
import java.util.Iterator;

/**
 * What is summed over blocks of rows.
 *
 * @param <T> a partial sum
 */
interface BlockSum<T> extends Serializable {

  /** The sum over some blocks. */
  T over(Iterator<Block> blocks);

  /** The sum of two sums; it may be the first, changed. */
  T add(T a, T b);
}
