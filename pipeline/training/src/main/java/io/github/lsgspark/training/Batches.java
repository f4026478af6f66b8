package io.github.lsgspark.training;

import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.dataset.DataLoader;
import io.github.lsgspark.dataset.Prefetcher;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.dataset.ViewBatch;
import io.github.lsgspark.torch.Collective;
import java.util.List;

/**
 * The batches of one replica out of one list of samples, numbered from the first step's first part.
 * Their views are made ahead.
 */
final class Batches implements BatchStream {
  private final List<Sample> samples;
  private final SampleOrder order;
  private final Shape shape;
  private final Collective collective;
  private final long seed;
  private final String purpose;
  private final Prefetcher stream;

  /**
   * What a batch is made of.
   *
   * @param images of the global batch
   * @param views of each image
   * @param kinds of the views
   */
  record Shape(int images, int views, TrainSettings.Views kinds) {}

  /**
   * The batches from a step on, whose views are made ahead.
   *
   * @param samples of the plan, labelled or not
   * @param order names the order of the samples
   * @param purpose tells labelled and unlabelled batches apart
   * @param firstStep that takes one
   */
  Batches(
      TrainingPlan plan,
      List<Sample> samples,
      Shape shape,
      String order,
      String purpose,
      int firstStep,
      DataLoader loader,
      Collective collective) {
    this.samples = samples;
    this.seed = plan.settings().seed();
    this.order = new SampleOrder(samples, order, seed);
    this.shape = shape;
    this.collective = collective;
    this.purpose = purpose;
    int parts = plan.settings().train().accumulation();
    this.stream =
        loader.open(
            number -> plan(number).views(),
            (long) firstStep * parts,
            (long) plan.iterations() * parts);
  }

  @Override
  public BatchPlan plan(long number) {
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

  @Override
  public ViewBatch next() {
    return stream.next();
  }

  @Override
  public long waitedNanos() {
    return stream.waitedNanos();
  }

  @Override
  public void close() {
    stream.close();
  }
}
