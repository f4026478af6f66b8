package io.github.lsgspark.training;

import io.github.lsgspark.backbone.BatchNormalization;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.DataLoader;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.dataset.ViewBatch;
import io.github.lsgspark.torch.Autograd;
import io.github.lsgspark.torch.Collective;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.Finite;
import io.github.lsgspark.torch.ModeGuard;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.RowOps;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/** What the network takes samples for, divided among the replicas. */
final class Inference {
  private static final int BATCH = 64;

  private final Network network;
  private final DataLoader loader;
  private final Collective collective;
  private final PrecisionPolicy policy;

  Inference(Network network, DataLoader loader, Collective collective, PrecisionPolicy policy) {
    this.network = network;
    this.loader = loader;
    this.collective = collective;
    this.policy = policy;
  }

  /** How a sample is looked at; features are averaged over its views. */
  interface View {

    /**
     * The views of a sample that are looked at.
     *
     * @return as many for every sample
     */
    List<DataLoader.Wanted> of(Sample sample);
  }

  /** The views that models are evaluated on. */
  View evaluation() {
    int views = loader.evaluationViews();
    return sample ->
        IntStream.range(0, views)
            .mapToObj(view -> DataLoader.Wanted.evaluation(sample, view))
            .toList();
  }

  /**
   * What samples were taken for.
   *
   * @param labels of each sample
   * @param confidences the probability of each
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Found(int[] labels, float[] confidences) {}

  /**
   * What the network makes of samples.
   *
   * @param features [n,d], row by row
   * @param probabilities [n,C], row by row
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Outputs(float[] features, float[] probabilities) {}

  /** The most probable class of each sample, on every replica. */
  Found classify(List<Sample> samples, View view, Labeller labeller) {
    int count = samples.size();
    float[] labels = new float[count];
    float[] confidences = new float[count];
    eachBatch(
        samples,
        view,
        labeller,
        (places, features, probabilities) -> {
          put(Ops.argmax(probabilities, 1), places, labels);
          put(Ops.largest(probabilities, 1), places, confidences);
        });
    float[] all = together(labels, "the labels of " + count + " samples");
    int[] found = new int[count];
    for (int i = 0; i < count; i++) {
      found[i] = Math.round(all[i]);
    }
    return new Found(found, together(confidences, "the confidences of " + count + " samples"));
  }

  /**
   * Features and probabilities of all samples, on every replica.
   *
   * @throws LsgException exit 2 if they are too many for an array
   */
  Outputs outputs(List<Sample> samples, View view, Labeller labeller) {
    int count = samples.size();
    float[] features = array(count, network.featureDimension());
    float[] probabilities = array(count, network.classes());
    eachBatch(
        samples,
        view,
        labeller,
        (places, some, their) -> {
          put(some, places, features);
          put(their, places, probabilities);
        });
    return new Outputs(
        together(features, "the features of " + count + " samples"),
        together(probabilities, "the probabilities of " + count + " samples"));
  }

  /**
   * The mean of what the network makes of the samples of each class, on every replica.
   *
   * @param width numbers of an output
   * @param output rows [n, width] of features [n, d]
   * @return [C, width], row by row; zeros for a class without samples
   */
  float[] classMeans(List<Sample> samples, int width, UnaryOperator<Tensor> output) {
    float[] sums = new float[Math.multiplyExact(network.classes(), width)];
    eachBatch(
        samples,
        evaluation(),
        new Labeller(network, Optional.empty()),
        (places, features, unused) -> {
          float[] rows = Tensors.floats(Tensors.to(output.apply(features), Dtype.FLOAT32));
          for (int i = 0; i < places.size(); i++) {
            int label = samples.get(places.get(i)).label();
            for (int j = 0; j < width; j++) {
              sums[label * width + j] += rows[i * width + j];
            }
          }
        });
    float[] means = together(sums, "the mean outputs of " + network.classes() + " classes");
    int[] counts = new int[network.classes()];
    samples.forEach(sample -> counts[sample.label()]++);
    for (int i = 0; i < means.length; i++) {
      means[i] /= Math.max(1, counts[i / width]);
    }
    return means;
  }

  private static float[] array(int rows, long columns) {
    if (rows * columns > Integer.MAX_VALUE - 8) {
      throw LsgException.usage(
          "ssl.propagation holds %d values for each of %d samples, which is more than fits an array: set it to"
                  .formatted(columns, rows)
              + " enabled = false, or give fewer unlabelled samples");
    }
    return new float[Math.toIntExact(rows * columns)];
  }

  private interface Sink {
    /**
     * @param places of the batch's samples
     * @param features [n,d]
     * @param probabilities [n,C]
     */
    void take(List<Integer> places, Tensor features, Tensor probabilities);
  }

  /** This replica's samples. */
  private void eachBatch(List<Sample> samples, View view, Labeller labeller, Sink sink) {
    List<Integer> own = new ArrayList<>();
    for (int i = collective.rank(); i < samples.size(); i += collective.worldSize()) {
      own.add(i);
    }
    for (int start = 0; start < own.size(); start += BATCH) {
      List<Integer> part = own.subList(start, Math.min(own.size(), start + BATCH));
      List<DataLoader.Wanted> wanted =
          part.stream().flatMap(i -> view.of(samples.get(i)).stream()).toList();
      try (ViewBatch batch = loader.load(wanted);
          TensorScope scope = new TensorScope();
          ModeGuard guard = Autograd.noGrad()) {
        Tensor views = policy.images(Tensors.viewOf(batch.views()));
        Tensor features =
            RowOps.meanOfGroups(
                network.features(views, BatchNormalization.runningStatistics()),
                wanted.size() / part.size());
        sink.take(part, features, labeller.probabilities(features, network.classify(features)));
      }
    }
  }

  /** Writes the rows of some samples to their places. */
  private static void put(Tensor rows, List<Integer> places, float[] target) {
    float[] values = Tensors.floats(Tensors.to(rows, Dtype.FLOAT32));
    int width = values.length / places.size();
    for (int i = 0; i < places.size(); i++) {
      System.arraycopy(values, i * width, target, places.get(i) * width, width);
    }
  }

  /** What all replicas have written, each its own places. */
  private float[] together(float[] written, String what) {
    try (TensorScope scope = new TensorScope()) {
      Tensor all = Tensors.to(Tensors.of(written, written.length), Dtype.FLOAT32, policy.device());
      collective.allReduceSum(all, what);
      float[] whole = Tensors.floats(all);
      if (!Finite.all(whole)) {
        throw LsgException.failed(
            what
                + " hold a value that is no finite number: the network has overflown; lower"
                + " train.learning-rate, or set train.gradient-clip");
      }
      return whole;
    }
  }

  /** Share of samples whose label the classifier finds on their evaluation view. */
  double accuracy(List<Sample> samples) {
    int[] found = classify(samples, evaluation(), new Labeller(network, Optional.empty())).labels();
    int hits = 0;
    for (int i = 0; i < found.length; i++) {
      hits += found[i] == samples.get(i).label() ? 1 : 0;
    }
    return (double) hits / found.length;
  }
}
