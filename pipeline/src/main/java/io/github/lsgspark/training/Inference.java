package io.github.lsgspark.training;

import io.github.lsgspark.backbone.BatchNormalization;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.dataset.ViewBatch;
import io.github.lsgspark.dataset.ViewLoader;
import io.github.lsgspark.torch.Collective;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.Guard;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** Labels the network itself gives to samples, divided among the replicas. */
final class Inference {
  private static final int BATCH = 64;

  private final Network network;
  private final ViewLoader loader;
  private final Collective collective;
  private final ComputeDevice device;

  Inference(Network network, ViewLoader loader, Collective collective, ComputeDevice device) {
    this.network = network;
    this.loader = loader;
    this.collective = collective;
    this.device = device;
  }

  /** How a sample is looked at. */
  interface View {
    ViewLoader.Wanted of(Sample sample);
  }

  /** The classifier's label of each sample, on every replica. */
  int[] labels(List<Sample> samples, View view) {
    float[] labels = new float[samples.size()];
    List<Integer> own = new ArrayList<>();
    for (int i = collective.rank(); i < labels.length; i += collective.worldSize()) {
      own.add(i);
    }
    for (int start = 0; start < own.size(); start += BATCH) {
      List<Integer> part = own.subList(start, Math.min(own.size(), start + BATCH));
      long[] found = classify(part.stream().map(i -> view.of(samples.get(i))).toList());
      for (int i = 0; i < found.length; i++) {
        labels[part.get(i)] = found[i];
      }
    }
    try (TensorScope scope = new TensorScope()) {
      Tensor all = Tensors.to(Tensors.of(labels, labels.length), Dtype.FLOAT32, device);
      collective.allReduceSum(all, "the labels of " + labels.length + " samples");
      float[] sum = Tensors.floats(all);
      int[] result = new int[sum.length];
      for (int i = 0; i < sum.length; i++) {
        result[i] = Math.round(sum[i]);
      }
      return result;
    }
  }

  private long[] classify(List<ViewLoader.Wanted> wanted) {
    try (ViewBatch batch = loader.load(wanted);
        TensorScope scope = new TensorScope();
        Guard guard = Ops.noGrad()) {
      Tensor images = Tensors.to(Tensors.viewOf(batch.images()), Dtype.FLOAT32, device);
      return Tensors.longs(
          Ops.argmax(
              network.classify(network.features(images, BatchNormalization.runningStatistics())),
              1));
    }
  }

  /** Share of samples whose label the classifier finds on their evaluation view. */
  double accuracy(List<Sample> samples) {
    int[] found = labels(samples, ViewLoader.Wanted::evaluation);
    int hits = 0;
    for (int i = 0; i < found.length; i++) {
      hits += found[i] == samples.get(i).label() ? 1 : 0;
    }
    return (double) hits / found.length;
  }
}
