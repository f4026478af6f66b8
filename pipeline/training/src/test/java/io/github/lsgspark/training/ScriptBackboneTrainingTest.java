package io.github.lsgspark.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.dataset.PrepareStage;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Safetensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole training of a module that Python's PyTorch saved. */
class ScriptBackboneTrainingTest {
  @TempDir Path folder;

  @Test
  void aModuleOfTheUsersIsTrainedStoredAndOpened() throws Exception {
    SparkSession spark = LocalSpark.session();
    Settings settings =
        SettingsLoader.parse(
            """
            data {
              train = "drawn:novel", validation-fraction = 0.2
              drawn { image-size = 16, base-classes = 2, novel-classes = 3, train-per-class = 6
                      test-per-class = 1 }
            }
            train {
              backbone = torchscript, weights = "module.pt", image-size = 16, iterations = 3, global-batch = 4, replicas = 2
              precision = float32, learning-rate = 0.05
            }
            lsg.enabled = false
            """);
    Path module = folder.resolve("module.pt");
    Files.copy(getClass().getResourceAsStream("/torchscript/module.pt"), module);
    Path out = folder.resolve("train");
    PrepareStage.run(spark, settings, folder.resolve("prepare").toString());
    TrainStage.run(
        spark,
        settings,
        folder.resolve("prepare").toString(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(module.toString()),
        out.toString(),
        out + "-running");
    assertThat(out.resolve("backbone.pt")).hasSameBinaryContentAs(module);
    assertThat(out.resolve("model.torchscript.pt")).isNotEmptyFile();
    Map<String, HostArray> trained = Safetensors.map(out.resolve("model.safetensors"));
    assertThat(trained.get("backbone.net.gain").floats()).doesNotContain(1f);
    HadoopFiles files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    try (TrainedModel model =
        TrainedModel.load(
            files,
            out.toString(),
            TrainedModel.LAST,
            SettingsLoader.parse("").prepare(),
            ComputeDevice.cpu())) {
      assertThat(model.score(new float[1][3 * 16 * 16]).logits()[0]).hasSize(3);
    }
  }
}
