package io.github.lsgspark.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.PrepareSettings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Safetensors;
import io.github.lsgspark.training.checkpoint.Checkpoint;
import io.github.lsgspark.training.checkpoint.CheckpointStore;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is no finite number is neither trained with, nor written, nor read. */
class NonFiniteTest {
  private static final String BRIEF =
      "train { iterations = 3, validate-every = 0, checkpoint.every-steps = 1 }\n"
          + "train.schedule { kind = constant, warmup-steps = 0 }\n"
          + "ssl.strategy = none\n";

  @TempDir static Path folder;
  private static TinyTraining tiny;

  @BeforeAll
  static void prepare() {
    tiny = new TinyTraining(LocalSpark.session(), folder);
    tiny.run(BRIEF, "sound", false);
  }

  private static AbstractThrowableAssert<?, ?> assertFails(int exitCode, Runnable work) {
    return assertThatThrownBy(work::run)
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(exitCode));
  }

  /** Trains from the sound model with one value of a tensor replaced. */
  private static void trainFrom(String name, String tensor, float value, String changes) {
    try {
      Path file = damaged(name + "-start", tensor, value);
      tiny.run(BRIEF + "train.weights = \"" + file + "\"\n" + changes, name, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aLossIsToldWithItsStepTermAndSamples() {
    assertFails(LsgException.FAILED, () -> trainFrom("loss", "block4.bn.weight", 3e38f, ""))
        .hasMessageContaining("the loss is ")
        .hasMessageContaining("at step 1 of 3")
        .hasMessageContaining("by its cross-entropy")
        .hasMessageContaining("lower train.learning-rate, or set train.gradient-clip");
  }

  @Test
  void aLossThatIsReadWithOthersIsToldToo() {
    assertFails(
            LsgException.FAILED,
            () -> trainFrom("late", "block4.bn.weight", 3e38f, "train.read-losses = together\n"))
        .hasMessageContaining("the loss is ")
        .hasMessageContaining("at step 1 of 3")
        .hasMessageContaining("by its cross-entropy");
  }

  /** The loss is some 1e25, the squares of the gradient are beyond a float. */
  @Test
  void aGradientIsToldOnTwoReplicasAsOnOne() {
    for (String replicas : new String[] {"1", "2"}) {
      assertFails(
              LsgException.FAILED,
              () ->
                  trainFrom(
                      "gradient" + replicas,
                      "block4.bn.weight",
                      1e28f,
                      "train.replicas = " + replicas))
          .hasMessageContaining("the norm of the gradient is Infinity at step 1 of 3")
          .hasMessageContaining("lower train.learning-rate, or set train.gradient-clip");
    }
  }

  /** A variance of 1e60 is none that a float holds; the loss is finite all the same. */
  @Test
  void noCheckpointIsSavedOfRunningStatisticsThatAreNone() {
    assertFails(LsgException.FAILED, () -> trainFrom("checkpoint", "block1.conv.weight", 1e30f, ""))
        .hasMessageContaining("after step 1 block1.bn.running_var holds a value that is no finite")
        .hasMessageContaining("no checkpoint is saved; a batch was normalised");
    assertThat(tiny.running("checkpoint")).isDirectoryNotContaining("glob:**step-*");
  }

  @Test
  void noModelIsWrittenOfThem() {
    assertFails(
            LsgException.FAILED,
            () ->
                trainFrom(
                    "published",
                    "block1.conv.weight",
                    1e30f,
                    "train { iterations = 1, checkpoint.every-steps = 0 }"))
        .hasMessageMatching("(?s).*no model is written.*|.*no finite number: the network has.*");
    assertThat(folder.resolve("published/model.safetensors")).doesNotExist();
  }

  /** The sound model with one value of a tensor replaced. */
  private static Path damaged(String name, String tensor, float value) throws IOException {
    Map<String, HostArray> arrays =
        Safetensors.read(tiny.file("sound", "model.safetensors"), "the sound model");
    HostArray array = arrays.get(tensor);
    float[] values = array.floats();
    values[values.length / 2] = value;
    arrays.put(tensor, HostArray.of(values, array.shape()));
    Path file = folder.resolve(name).resolve("model.safetensors");
    Files.createDirectories(file.getParent());
    try (OutputStream out = Files.newOutputStream(file)) {
      Safetensors.write(out, arrays, Map.of("format", "pt"));
    }
    return file;
  }

  @Test
  void weightsToStartFromAreLookedAt() throws IOException {
    Path file = damaged("start", "block2.bn.running_var", Float.POSITIVE_INFINITY);
    assertFails(
            LsgException.INPUT,
            () -> tiny.run(BRIEF + "train.weights = \"" + file + "\"", "from", false))
        .hasMessageContaining(file + ": tensor block2.bn.running_var")
        .hasMessageContaining("holds a value that is no finite number");
  }

  @Test
  void aModelIsLookedAtBeforeItIsUsed() throws IOException {
    Path file = damaged("model", "classifier.weight", Float.NaN);
    Files.write(file.resolveSibling("model.json"), tiny.file("sound", "model.json"));
    HadoopFiles files = new HadoopFiles(new Configuration());
    PrepareSettings prepare = SettingsLoader.parse("").prepare();
    assertFails(
            LsgException.INPUT,
            () ->
                TrainedModel.load(
                    files,
                    file.getParent().toString(),
                    TrainedModel.LAST,
                    prepare,
                    ComputeDevice.cpu()))
        .hasMessageContaining(file + ": tensor classifier.weight")
        .hasMessageContaining("holds a value that is no finite number");
  }

  @Test
  void aCheckpointThatHoldsItIsPassedOver() {
    CheckpointStore store =
        new CheckpointStore(
            new HadoopFiles(new Configuration()), folder.resolve("checkpoints").toString());
    Map<String, String> facts = Map.of("plan", "p");
    assertThat(
            store.save(new Checkpoint(1, Map.of("w", HostArray.of(new float[] {1}, 1)), facts), 5))
        .isTrue();
    assertThat(
            store.save(
                new Checkpoint(2, Map.of("w", HostArray.of(new double[] {Double.NaN}, 1)), facts),
                5))
        .isTrue();
    assertThat(store.newest(Map.entry("plan", "p")).orElseThrow().step()).isEqualTo(1);
  }
}
