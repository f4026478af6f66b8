package io.github.lsgspark.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.torch.Collective;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Safetensors;
import io.github.lsgspark.training.checkpoint.Checkpoint;
import io.github.lsgspark.training.checkpoint.CheckpointStore;
import io.github.lsgspark.training.engine.ReplicaContext;
import io.github.lsgspark.training.engine.StoppedException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainings that change little of a transformer: guided, with unlabelled samples, validated. */
class TuningTrainingTest {
  private static final String LORA = "train.tuning { method = lora, lora.rank = 2 }\n";

  @TempDir static Path folder;
  private static TinyTraining training;
  private static String tower;
  private static Map<String, HostArray> start;

  @BeforeAll
  static void writeTheTower() throws Exception {
    training = new TinyTraining(LocalSpark.session(), folder);
    Path model = TinyTower.write(folder);
    start = Safetensors.map(model.resolve("model.safetensors"));
    tower =
        """
        train { backbone = auto, weights = "%s", image-size = 16, iterations = 12
                validate-every = 4, average-decay = 0.5, checkpoint.every-steps = 3 }
        """
            .formatted(model);
  }

  private static Map<String, HostArray> weights(String name, String file) {
    return Safetensors.read(training.file(name, file), name);
  }

  /** The parameters of the tower that are not what they were. */
  private static Set<String> moved(String name) {
    Map<String, HostArray> after = weights(name, "model.safetensors");
    Set<String> moved = new TreeSet<>();
    start.forEach(
        (tensor, array) -> {
          if (after.containsKey(tensor) && !after.get(tensor).equals(array)) {
            moved.add(tensor);
          }
        });
    return moved;
  }

  @Test
  void onlyWhatIsTunedMovesAndTheModelIsAPlainOne() {
    training.run(tower + LORA + "train.tuning.lora.layers = [attention]", "lora");
    assertThat(moved("lora"))
        .hasSize(4 * TinyTower.DEPTH)
        .allMatch(name -> name.contains("attention") && name.endsWith(".weight"));
    for (String file : new String[] {"model.safetensors", "model-validation.safetensors"}) {
      assertThat(weights("lora", file).keySet()).noneMatch(name -> name.contains("lora"));
    }
    assertThat(training.file("lora", "model.torchscript.pt")).isNotEmpty();
    // A and B of 16 layers, the projector and the classifier; nothing of the tower itself.
    assertThat(training.metrics("lora").path("frozen_parameters").asLong()).isGreaterThan(9000);
    assertThat(training.metrics("lora").path("parameters").asLong()).isLessThan(2500);

    training.run(tower + "train.tuning.method = bias", "bias");
    assertThat(moved("bias")).isNotEmpty().allMatch(name -> name.endsWith(".bias"));
    training.run(tower + "train.tuning { method = last-blocks, blocks = 1 }", "last");
    assertThat(moved("last"))
        .isNotEmpty()
        .allMatch(name -> name.contains("layer.3.") || name.startsWith("layernorm"));
  }

  @Test
  void twoReplicasTakeTheStepsOfOneAndExchangeAdaptersAlone() {
    String tuned = tower + LORA + "ssl.strategy = none\ntrain.tuning.layer-decay = 0.8\n";
    training.run(tuned, "one");
    training.run(tuned + "train { replicas = 2, tuning.recompute = true }", "two");
    assertThat(training.losses("two")).containsExactly(training.losses("one"), within(1e-4));
    Map<String, HostArray> one = weights("one", "model.safetensors");
    weights("two", "model.safetensors")
        .forEach(
            (name, array) ->
                assertThat(array.doubles())
                    .as(name)
                    .containsExactly(one.get(name).doubles(), within(1e-4)));
  }

  @Test
  void aTrainingThatGoesOnEndsAsOneThatWasNotStopped() throws Exception {
    run(tower + LORA, "straight", () -> false);
    AtomicInteger calls = new AtomicInteger();
    assertThatThrownBy(() -> run(tower + LORA, "parts", () -> calls.incrementAndGet() == 7))
        .isInstanceOf(StoppedException.class);
    Checkpoint checkpoint = checkpoint("parts");
    // The tower's own weights are where they came from: they are not saved again.
    assertThat(checkpoint.arrays().keySet())
        .noneMatch(name -> name.contains("encoder.") && !name.contains("lora."));
    run(tower + LORA, "parts", () -> false);
    for (String file : new String[] {"model.safetensors", "model-validation.safetensors"}) {
      assertThat(weights("parts", file)).isEqualTo(weights("straight", file));
    }
  }

  private static Checkpoint checkpoint(String name) {
    HadoopFiles files = new HadoopFiles(LocalSpark.session().sparkContext().hadoopConfiguration());
    return new CheckpointStore(files, training.path(name + "-running"))
        .newest(Map.entry(TrainingState.PLAN, training.plan(tower + LORA, name).identity()))
        .orElseThrow();
  }

  private static void run(String changes, String name, BooleanSupplier stop)
      throws StoppedException {
    ReplicaContext context =
        new ReplicaContext(Collective.single(), ComputeDevice.cpu(), 2, 1, stop);
    String unused = new TrainingProgram(training.plan(changes, name)).run(context);
  }

  @Test
  void drawnWeightsAreNotToBeTunedALittle() {
    assertThatThrownBy(() -> training.plan(LORA, "drawn"))
        .hasMessageContaining("train.tuning.method = lora needs train.weights");
  }
}
