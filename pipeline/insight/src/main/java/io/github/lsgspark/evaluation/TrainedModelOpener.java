package io.github.lsgspark.evaluation;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.dataset.SampleSource;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.TaskDevice;
import io.github.lsgspark.training.TrainedModel;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Opens the model of a train stage inside a task, on the GPU that the scheduler gave to the task or
 * on as many cores as the task has.
 */
final class TrainedModelOpener implements ModelOpener {
  private static final long serialVersionUID = 1L;

  private final Settings settings;
  private final SerializableConfiguration hadoop;
  private final String trainDir;
  private final String weightsFile;

  /**
   * @param weightsFile {@link TrainedModel#LAST} or {@link TrainedModel#VALIDATION_PICKED}
   */
  TrainedModelOpener(Settings settings, Configuration hadoop, String trainDir, String weightsFile) {
    this.settings = settings;
    this.hadoop = new SerializableConfiguration(hadoop);
    this.trainDir = trainDir;
    this.weightsFile = weightsFile;
  }

  @Override
  public OpenModel open() {
    TrainedModel model = load();
    return new Opened(model, new SampleSource(hadoop.value(), model.modality()));
  }

  /** The model itself, for one thread of an executor. */
  TrainedModel load() {
    TaskContext task = TaskContext.get();
    return load(TaskDevice.of(task, settings.train().device()), task.cpus());
  }

  /**
   * The model itself, for one thread at a time.
   *
   * @param threads of one forward pass
   */
  TrainedModel load(ComputeDevice device, int threads) {
    NativeTorch.setThreads(threads);
    // A training in this process may have left it otherwise.
    NativeTorch.allowTf32(device.isCuda() && settings.train().tf32());
    return TrainedModel.load(
        new HadoopFiles(hadoop.value()), trainDir, weightsFile, settings.prepare(), device);
  }

  /** Scores views in one forward pass, in their order. */
  static List<OpenModel.Scores> score(TrainedModel model, float[][] views) {
    return scores(model.score(views));
  }

  static List<OpenModel.Scores> scores(TrainedModel.Scores batch) {
    List<OpenModel.Scores> scores = new ArrayList<>(batch.logits().length);
    for (int i = 0; i < batch.logits().length; i++) {
      float[] cosines = batch.cosines() == null ? null : batch.cosines()[i];
      scores.add(new OpenModel.Scores(batch.logits()[i], cosines, batch.features()[i]));
    }
    return scores;
  }

  /** The file of the weights. */
  @Override
  public String toString() {
    return HadoopFiles.path(trainDir, weightsFile);
  }

  private record Opened(TrainedModel model, SampleSource source) implements OpenModel {
    @Override
    public List<Scores> score(List<Sample> samples) {
      float[][] views = new float[samples.size()][];
      for (int i = 0; i < views.length; i++) {
        views[i] = model.views(source.decode(samples.get(i)));
      }
      return TrainedModelOpener.score(model, views);
    }

    @Override
    public void close() {
      model.close();
      source.close();
    }
  }
}
