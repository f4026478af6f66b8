package io.github.lsgspark.training;

import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.dataset.ViewBatch;
import io.github.lsgspark.dataset.ViewLoader;
import io.github.lsgspark.dataset.ViewStream;
import io.github.lsgspark.torch.Collective;
import java.util.List;

/**
 * The batches of one replica out of one list of samples, numbered from the first step's first part.
 * Their views are made ahead.
 */
final class Batches implements AutoCloseable {
  private final List<Sample> samples;
  private final SampleOrder order;
  private final Shape shape;
  private final Collective collective;
  private final long seed;
  private final String purpose;
  private final ViewStream stream;

  /**
   * What a batch is made of.
   *
   * @param images of the global batch
   * @param views of each image
   * @param kinds of the views
   */
  record Shape(int images, int views, TrainSettings.Views kinds) {}

  /**
   * @param purpose tells labelled and unlabelled batches apart
   * @param first and end of the batches that will be taken
   */
  Batches(
      List<Sample> samples,
      SampleOrder order,
      Shape shape,
      ViewLoader loader,
      Collective collective,
      long seed,
      String purpose,
      long first,
      long end) {
    this.samples = samples;
    this.order = order;
    this.shape = shape;
    this.collective = collective;
    this.seed = seed;
    this.purpose = purpose;
    this.stream = loader.open(number -> plan(number).views(), first, end);
  }

  /** What batch number {@code number} holds. */
  BatchPlan plan(long number) {
    return BatchPlan.of(
        samples,
        order,
        number,
        shape.images(),
        shape.views(),
        collective.rank(),
        collective.worldSize(),
        seed,
        purpose,
        shape.kinds());
  }

  /** The views of the next batch. */
  ViewBatch next() {
    return stream.next();
  }

  long waitedNanos() {
    return stream.waitedNanos();
  }

  @Override
  public void close() {
    stream.close();
  }
}
