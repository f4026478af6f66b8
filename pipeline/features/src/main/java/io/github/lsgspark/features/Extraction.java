package io.github.lsgspark.features;

import io.github.lsgspark.backbone.Backbone;
import io.github.lsgspark.backbone.BatchNormalization;
import io.github.lsgspark.config.FeaturesSettings;
import io.github.lsgspark.config.FeaturesSettings.Views;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.dataset.DataLoader;
import io.github.lsgspark.dataset.Prefetcher;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.dataset.SampleCache;
import io.github.lsgspark.dataset.SampleSource;
import io.github.lsgspark.dataset.ViewBatch;
import io.github.lsgspark.dataset.modality.Modality;
import io.github.lsgspark.dataset.modality.ViewKind;
import io.github.lsgspark.torch.Autograd;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.FlatParameters;
import io.github.lsgspark.torch.ModeGuard;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.NeuralOps;
import io.github.lsgspark.torch.TaskDevice;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.bytedeco.pytorch.Tensor;

/**
 * A frozen network in a task, and the samples that it sees: their views are made on threads of
 * their own, ahead of the forward passes. For one thread.
 */
final class Extraction implements AutoCloseable {
  private final Settings settings;
  private final ComputeDevice device;
  private final boolean bfloat16;
  private final Backbone backbone;
  private final FlatParameters tensors;
  private final DataLoader loader;
  private final int evaluationViews;

  /**
   * @param bfloat16 whether convolutions and products are computed in bfloat16
   */
  Extraction(FrozenNetwork network, Settings settings, boolean bfloat16, Configuration hadoop) {
    this.settings = settings;
    this.bfloat16 = bfloat16;
    TaskContext task = TaskContext.get();
    device = TaskDevice.of(task, settings.train().device());
    NativeTorch.setThreads(task.cpus());
    NativeTorch.allowTf32(device.isCuda() && settings.train().tf32());
    Modality modality = network.input().open(settings.prepare());
    evaluationViews = modality.evaluationViews();
    backbone = network.open();
    Map<String, long[]> shapes = new LinkedHashMap<>(backbone.parameterShapes());
    shapes.putAll(backbone.bufferShapes());
    tensors = FlatParameters.allocateChannelsLast(shapes, shapes.keySet(), Dtype.FLOAT32, device);
    tensors.load(network.arrays());
    loader =
        new DataLoader(
            new SampleSource(
                hadoop, modality, SampleCache.shared(settings.train().input().cacheBytes())),
            settings.train().input(),
            task.cpus());
  }

  /** Rows of a sample: the views that a model is evaluated on, and what is asked for besides. */
  static int rows(FeaturesSettings settings, int evaluationViews) {
    return switch (settings.views()) {
      case PLAIN -> evaluationViews;
      case MIRRORED -> 2 * evaluationViews;
      case CROPS -> evaluationViews + settings.crops();
    };
  }

  /** Features of the samples of a task, batch by batch. */
  Batches of(List<Sample> samples) {
    return new Batches(samples);
  }

  private List<DataLoader.Wanted> views(Sample sample) {
    List<DataLoader.Wanted> wanted = new ArrayList<>();
    for (int view = 0; view < evaluationViews; view++) {
      wanted.add(DataLoader.Wanted.evaluation(sample, view));
    }
    if (settings.features().views() == Views.CROPS) {
      for (int crop = 0; crop < settings.features().crops(); crop++) {
        wanted.add(
            DataLoader.Wanted.random(sample, ViewKind.WEAK, settings.seed(), "features", 0, crop));
      }
    }
    return wanted;
  }

  /** Batches of a task's samples, in their order. */
  final class Batches implements AutoCloseable {
    private final List<Sample> samples;
    private final int size = settings.features().batch();
    private final Prefetcher ahead;
    private int taken;

    private Batches(List<Sample> samples) {
      this.samples = samples;
      int count = (samples.size() + size - 1) / size;
      this.ahead = loader.open(batch -> wanted((int) batch), 0, count);
    }

    private List<Sample> part(int batch) {
      return samples.subList(batch * size, Math.min(samples.size(), (batch + 1) * size));
    }

    private List<DataLoader.Wanted> wanted(int batch) {
      return part(batch).stream().flatMap(sample -> views(sample).stream()).toList();
    }

    boolean hasNext() {
      return taken * size < samples.size();
    }

    /** The features of the next batch's samples: rows of each sample's views [views][d]. */
    List<float[][]> next() {
      int count = part(taken++).size();
      try (ViewBatch batch = ahead.next()) {
        return forward(batch, count);
      }
    }

    @Override
    public void close() {
      ahead.close();
    }
  }

  private List<float[][]> forward(ViewBatch batch, int samples) {
    int seen = batch.count() / samples;
    boolean mirrored = settings.features().views() == Views.MIRRORED;
    float[] plain;
    float[] mirror = null;
    try (TensorScope scope = new TensorScope();
        ModeGuard guard = Autograd.noGrad()) {
      Tensor views = Tensors.streamed(Tensors.viewOf(batch.views()), Dtype.FLOAT32, device);
      plain = features(views);
      if (mirrored) {
        mirror = features(NeuralOps.mirrored(views));
      }
    }
    int d = backbone.featureDimension();
    List<float[][]> rows = new ArrayList<>(samples);
    for (int sample = 0; sample < samples; sample++) {
      float[][] own = new float[mirrored ? 2 * seen : seen][d];
      for (int view = 0; view < seen; view++) {
        System.arraycopy(plain, (sample * seen + view) * d, own[view], 0, d);
        if (mirrored) {
          System.arraycopy(mirror, (sample * seen + view) * d, own[seen + view], 0, d);
        }
      }
      rows.add(own);
    }
    return rows;
  }

  private float[] features(Tensor views) {
    try (ModeGuard mixed = NeuralOps.autocast(bfloat16, device)) {
      return Tensors.floats(
          backbone.features(
              tensors::parameter,
              NeuralOps.channelsLast(views),
              BatchNormalization.runningStatistics()));
    }
  }

  @Override
  public void close() {
    loader.close();
    tensors.close();
    backbone.close();
  }
}
