package io.github.lsgspark.training;

import io.github.lsgspark.config.Seeds;
import io.github.lsgspark.dataset.Sample;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Which sample stands where in the endless sequence of epochs. Every epoch holds every sample once,
 * in an order that derives from (seed, purpose, epoch, sample id); steps take successive pieces, so
 * a step may span two epochs and no sample is dropped.
 */
final class SampleOrder {
  private final List<Sample> samples;
  private final String purpose;
  private final long seed;
  private int epoch = -1;
  private Integer[] order;

  SampleOrder(List<Sample> samples, String purpose, long seed) {
    this.samples = samples;
    this.purpose = purpose;
    this.seed = seed;
  }

  /**
   * A sample at its place in the sequence.
   *
   * @param index into the list of samples
   */
  record Place(int index, long epoch) {}

  Place at(long position) {
    int wanted = Math.toIntExact(position / samples.size());
    if (wanted != epoch) {
      epoch = wanted;
      order = new Integer[samples.size()];
      Arrays.setAll(order, i -> i);
      long[] keys = new long[order.length];
      Arrays.setAll(keys, i -> Seeds.derive(seed, purpose, wanted, samples.get(i).id()));
      Arrays.sort(order, Comparator.comparingLong((Integer i) -> keys[i]));
    }
    return new Place(order[(int) (position % samples.size())], wanted);
  }
}
