package io.github.lsgspark.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Safetensors;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Trainings with batch normalisation in which a replica often has no accepted image, or a group of
 * rows is a single one.
 */
@Timeout(300)
@Tag("long-2")
class EmptyShareTest {
  /** Of two unlabelled images a step, few are accepted: often those of one replica only. */
  private static final String FEW =
      """
      train { iterations = 8, global-batch = 2, validate-every = 0, batch-norm = synchronized
              learning-rate = 0.0005 }
      ssl { warmup-steps = 1, batch-ratio = 2, strategy = curriculum, curriculum { rounds = 2, final-share = 0.4 } }
      """;

  @TempDir static Path folder;
  private static TinyTraining tiny;
  private static int runs;

  @BeforeAll
  static void prepare() {
    tiny = new TinyTraining(LocalSpark.session(), folder);
  }

  private static String train(String changes, boolean guided) {
    String name = "run" + runs++;
    tiny.run(changes, name, guided);
    return name;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "false; train { accumulation = 2, global-batch = 4 }",
        "true; lsg.projector = mlp",
        "true; lsg.projector = mlp, ssl { strategy = fixmatch, threshold = 0.16, batch-ratio = 1 }",
        "false; 'train.freeze = [block1, block2]'"
      })
  void twoReplicasDoAsOne(boolean guided, String changes) {
    String all = FEW + changes;
    double[] one = tiny.losses(train(all, guided));
    double[] two = tiny.losses(train(all + "\ntrain.replicas = 2", guided));
    assertThat(two).hasSameSizeAs(one);
    for (int step = 0; step < one.length; step++) {
      assertThat(two[step]).as("step %d", step).isCloseTo(one[step], within(2e-3 * one[step]));
    }
  }

  @ParameterizedTest
  @CsvSource({"synchronized, local", "local, local", "local, global"})
  void statisticsStayFiniteWhereAGroupIsOneRowOrNone(String statistics, String graph) {
    String name =
        train(
            FEW
                + "lsg { projector = mlp, batch-graph = "
                + graph
                + " }\ntrain { replicas = 2, views = 1, global-batch = 4, batch-norm = "
                + statistics
                + " }\nssl.batch-ratio = 1",
            true);
    Map<String, HostArray> model =
        Safetensors.read(tiny.file(name, "model.safetensors"), "the model");
    model.forEach(
        (tensor, array) -> {
          for (float value : array.floats()) {
            assertThat(Float.isFinite(value)).as(tensor).isTrue();
          }
        });
  }

  @Test
  void aBatchOfOneRowIsRefusedBeforeTheFirstStep() {
    assertThatThrownBy(
            () ->
                train(
                    "lsg.projector = mlp, ssl.strategy = none\n"
                        + "train { global-batch = 2, views = 1, replicas = 2 }",
                    true))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.USAGE))
        .hasMessageContaining("train.batch-norm = local needs at least 2 values")
        .hasMessageContaining("train.global-batch = 2, train.views = 1")
        .hasMessageContaining("2 replica(s)")
        .hasMessageContaining("set train.global-batch = 4 or more")
        .hasMessageContaining("synchronized or frozen");
  }

  @Test
  void moreReplicasThanLabelledRowsAreRefusedBeforeAnythingIsRead() {
    assertThatThrownBy(
            () -> tiny.plan("train { global-batch = 4, accumulation = 2, replicas = 3 }", "none"))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.USAGE))
        .hasMessage(
            "train.global-batch = 4 in 2 parts cannot be divided among 3 replicas; set"
                + " train.replicas = 2 or less, or raise train.global-batch");
  }
}
