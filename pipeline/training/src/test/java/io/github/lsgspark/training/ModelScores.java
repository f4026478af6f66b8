package io.github.lsgspark.training;

import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.dataset.SampleSource;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.torch.ComputeDevice;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** What a model says of samples, opened as a program that only has its folder opens it. */
final class ModelScores {
  private ModelScores() {}

  static TrainedModel.Scores of(Configuration hadoop, String model, List<Sample> samples) {
    try (TrainedModel opened =
            TrainedModel.load(
                new HadoopFiles(hadoop),
                model,
                TrainedModel.LAST,
                SettingsLoader.parse("").prepare(),
                ComputeDevice.cpu());
        SampleSource source = new SampleSource(hadoop, opened.modality())) {
      float[][] views = new float[samples.size()][];
      for (int i = 0; i < views.length; i++) {
        views[i] = opened.views(source.decode(samples.get(i)));
      }
      return opened.score(views);
    }
  }
}
