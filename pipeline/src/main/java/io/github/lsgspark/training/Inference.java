package io.github.lsgspark.training;

import io.github.lsgspark.backbone.BatchNormalization;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.dataset.ViewBatch;
import io.github.lsgspark.dataset.ViewLoader;
import io.github.lsgspark.torch.Collective;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.Guard;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** What the network takes samples for, divided among the replicas. */
final class Inference {
  private static final int BATCH = 64;

  private final Network network;
  private final ViewLoader loader;
  private final Collective collective;
  private final Numerics numerics;

  Inference(Network network, ViewLoader loader, Collective collective, Numerics numerics) {
    this.network = network;
    this.loader = loader;
    this.collective = collective;
    this.numerics = numerics;
  }

  /** How a sample is looked at. */
  interface View {
    ViewLoader.Wanted of(Sample sample);
  }

  /**
   * What samples were taken for.
   *
   * @param labels of each sample
   * @param confidences the probability of each
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Found(int[] labels, float[] confidences) {}

  /** The most probable class of each sample, on every replica. */
  Found classify(List<Sample> samples, View view, Labeller labeller) {
    int count = samples.size();
    float[] found = new float[2 * count];
    List<Integer> own = new ArrayList<>();
    for (int i = collective.rank(); i < count; i += collective.worldSize()) {
      own.add(i);
    }
    for (int start = 0; start < own.size(); start += BATCH) {
      List<Integer> part = own.subList(start, Math.min(own.size(), start + BATCH));
      classify(part, part.stream().map(i -> view.of(samples.get(i))).toList(), labeller, found);
    }
    try (TensorScope scope = new TensorScope()) {
      Tensor all = Tensors.to(Tensors.of(found, found.length), Dtype.FLOAT32, numerics.device());
      collective.allReduceSum(all, "the labels of " + count + " samples");
      found = Tensors.floats(all);
    }
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = Math.round(found[i]);
    }
    return new Found(labels, Arrays.copyOfRange(found, count, 2 * count));
  }

  /** Writes the labels of some samples, and, as far behind as there are samples, confidences. */
  private void classify(
      List<Integer> places, List<ViewLoader.Wanted> wanted, Labeller labeller, float[] found) {
    try (ViewBatch batch = loader.load(wanted);
        TensorScope scope = new TensorScope();
        Guard guard = Ops.noGrad()) {
      Tensor images = numerics.images(Tensors.viewOf(batch.images()));
      Tensor features = network.features(images, BatchNormalization.runningStatistics());
      Tensor probabilities = labeller.probabilities(features, network.classify(features));
      long[] labels = Tensors.longs(Ops.argmax(probabilities, 1));
      float[] confidences = Tensors.floats(Ops.largest(probabilities, 1));
      for (int i = 0; i < labels.length; i++) {
        found[places.get(i)] = labels[i];
        found[found.length / 2 + places.get(i)] = confidences[i];
      }
    }
  }

  /** Share of samples whose label the classifier finds on their evaluation view. */
  double accuracy(List<Sample> samples) {
    int[] found =
        classify(samples, ViewLoader.Wanted::evaluation, new Labeller(network, null)).labels();
    int hits = 0;
    for (int i = 0; i < found.length; i++) {
      hits += found[i] == samples.get(i).label() ? 1 : 0;
    }
    return (double) hits / found.length;
  }
}
