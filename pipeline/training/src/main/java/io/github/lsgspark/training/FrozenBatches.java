package io.github.lsgspark.training;

import io.github.lsgspark.config.Seeds;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.dataset.VectorBatches;
import io.github.lsgspark.dataset.ViewBatch;
import io.github.lsgspark.head.TrainingRows;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Batches of frozen features. Of a sample with one view a batch has that; else two of its views, by
 * the seed, as trainings on samples have.
 */
final class FrozenBatches implements BatchStream {
  private static final int MOST_VIEWS = 2;

  private final TrainingRows rows;
  private final SampleOrder order;
  private final int samples;
  private final int views;
  private final long seed;
  private final VectorBatches vectors;
  private long next;

  /**
   * @param samples of a batch
   */
  FrozenBatches(TrainingRows rows, int samples, long seed) {
    this.rows = rows;
    this.samples = samples;
    this.views = Math.min(MOST_VIEWS, rows.views());
    this.seed = seed;
    List<Sample> listed =
        IntStream.range(0, rows.ids().length)
            .mapToObj(i -> new Sample(rows.ids()[i], rows.labels()[i], ""))
            .toList();
    this.order = new SampleOrder(listed, "order", seed);
    this.vectors = new VectorBatches(rows.x(), rows.dimension());
  }

  @Override
  public BatchPlan plan(long number) {
    int[] labels = new int[samples * views];
    int[] indices = new int[samples];
    long[] all = new long[labels.length];
    for (int i = 0; i < samples; i++) {
      indices[i] = order.at(number * samples + i).index();
      for (int view = 0; view < views; view++) {
        labels[view * samples + i] = rows.labels()[indices[i]];
      }
    }
    for (int row = 0; row < all.length; row++) {
      all[row] = row;
    }
    return new BatchPlan(labels, indices, all, List.of());
  }

  @Override
  public ViewBatch next() {
    int[] places = new int[samples * views];
    for (int i = 0; i < samples; i++) {
      SampleOrder.Place place = order.at(next * samples + i);
      int first = firstView(place);
      for (int view = 0; view < views; view++) {
        places[view * samples + i] = place.index() * rows.views() + (first + view) % rows.views();
      }
    }
    next++;
    return vectors.of(places);
  }

  private int firstView(SampleOrder.Place place) {
    if (rows.views() <= MOST_VIEWS) {
      return 0;
    }
    long drawn = Seeds.derive(seed, "view", place.epoch(), rows.ids()[place.index()]);
    return (int) Math.floorMod(drawn, (long) rows.views());
  }

  @Override
  public long waitedNanos() {
    return 0;
  }

  @Override
  public void close() {}
}
