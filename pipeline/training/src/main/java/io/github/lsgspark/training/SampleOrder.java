package io.github.lsgspark.training;

import io.github.lsgspark.config.Seeds;
import io.github.lsgspark.dataset.Sample;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which sample stands where in the endless sequence of epochs. Every epoch holds every sample once,
 * in an order that derives from (seed, purpose, epoch, sample id); steps take successive pieces, so
 * a step may span two epochs and no sample is dropped. For several threads, some of which may be
 * epochs ahead of others.
 */
final class SampleOrder {
  private static final int EPOCHS_KEPT = 4;

  private final List<Sample> samples;
  private final String purpose;
  private final long seed;
  private final Map<Integer, int[]> epochs =
      new LinkedHashMap<>(8, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, int[]> eldest) {
          return size() > EPOCHS_KEPT;
        }
      };

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
    int epoch = Math.toIntExact(position / samples.size());
    return new Place(order(epoch)[(int) (position % samples.size())], epoch);
  }

  private synchronized int[] order(int epoch) {
    return epochs.computeIfAbsent(epoch, this::drawn);
  }

  private int[] drawn(int epoch) {
    long prefix = Seeds.derive(seed, purpose, epoch);
    long[] keys = new long[samples.size()];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = Seeds.extend(prefix, samples.get(i).id());
    }
    return ascending(keys);
  }

  /**
   * Indices by ascending key, equal keys by index. Sorts the keys' upper bits with the index in
   * place of the lower ones, then puts right the few whose upper bits are equal.
   */
  static int[] ascending(long[] keys) {
    int bits = 64 - Long.numberOfLeadingZeros(keys.length);
    long low = (1L << bits) - 1;
    long[] sorted = new long[keys.length];
    for (int i = 0; i < keys.length; i++) {
      sorted[i] = (keys[i] & ~low) | i;
    }
    Arrays.sort(sorted);
    int[] order = new int[keys.length];
    for (int i = 0; i < order.length; i++) {
      int index = (int) (sorted[i] & low);
      int at = i;
      while (at > 0 && keys[order[at - 1]] > keys[index]) {
        order[at] = order[at - 1];
        at--;
      }
      order[at] = index;
    }
    return order;
  }
}
