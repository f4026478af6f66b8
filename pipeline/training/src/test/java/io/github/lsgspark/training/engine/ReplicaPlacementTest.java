package io.github.lsgspark.training.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.testing.LocalSpark;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplicaPlacementTest {

  @ParameterizedTest
  @CsvSource({"4, 1, 4", "4, 2, 2", "3, 2, 1", "4, 4, 1", "2, 3, 1", "2, 8, 1", "5, 2, 2"})
  void aTrainingTakesItsExecutorsWhole(int executors, int replicas, int trainings) {
    assertThat(ReplicaPlacement.simultaneous(executors, replicas)).isEqualTo(trainings);
  }

  private static SparkConf conf(String... keysAndValues) {
    SparkConf conf = new SparkConf(false).setMaster("yarn");
    for (int i = 0; i < keysAndValues.length; i += 2) {
      conf.set(keysAndValues[i], keysAndValues[i + 1]);
    }
    return conf;
  }

  private static void assertRefused(SparkConf conf, boolean onGpus, String sum) {
    assertThatThrownBy(() -> Slots.Asked.of(conf, onGpus).requireRoom(8))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.ENVIRONMENT))
        .hasMessageContaining("train.replicas = 8, but the " + sum);
  }

  @Test
  void moreReplicasThanWasAskedForAreRefusedWithTheSum() {
    SparkConf cores = conf("spark.executor.instances", "2", "spark.executor.cores", "2");
    assertRefused(
        cores,
        true,
        "2 executor(s) of 2 cores with spark.task.cpus = 1 that were asked for offer 4");
    assertRefused(cores.clone().set("spark.task.cpus", "2"), true, "2 executor(s) of 2 cores with");
    SparkConf gpus =
        conf(
            "spark.executor.instances", "3",
            "spark.executor.cores", "16",
            "spark.executor.resource.gpu.amount", "2");
    assertRefused(
        gpus,
        true,
        "3 executor(s) of 16 cores and 2 GPUs with spark.task.cpus = 1 that were asked for offer 6");
    Slots.Asked.of(gpus, false).requireRoom(8);
    Slots.Asked.of(cores, true).requireRoom(4);
    Slots.Asked.of(conf("spark.executor.instances", "1"), true).requireRoom(8);
    SparkConf standalone =
        conf("spark.executor.instances", "2", "spark.executor.cores", "2")
            .setMaster("spark://host:7077");
    Slots.Asked.of(standalone, true).requireRoom(8);
    assertRefused(standalone.set("spark.cores.max", "6"), true, "3 executor(s) of 2 cores");
  }

  @Test
  void localModeRunsAsManyAsItsMasterSays() {
    ReplicaPlacement.requireLocal("local[4]", 4, 1);
    ReplicaPlacement.requireLocal("local", 1, 1);
    assertThat(Slots.localCores("local[3,2]")).isEqualTo(3);
    assertThat(Slots.localCores("local[*]")).isPositive();
    assertThatThrownBy(() -> ReplicaPlacement.requireLocal("local[4]", 4, 2))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.USAGE))
        .hasMessage(
            "train.replicas = 4, but local[4] runs 2 tasks at once with spark.task.cpus = 2");
    assertThatThrownBy(() -> ReplicaPlacement.requireLocal("local", 2, 1))
        .hasMessageContaining("local runs 1 tasks at once");
  }

  @Test
  void replicasHaveAsManyCoresAsAllCanHave() {
    Slots slots = new Slots(List.of(new Slots.Executor(4, -1), new Slots.Executor(2, -1)), 1);
    assertThat(slots.count()).isEqualTo(6);
    assertThat(slots.cpusOfEach(1)).isEqualTo(4);
    assertThat(slots.cpusOfEach(2)).isEqualTo(2);
    assertThat(slots.cpusOfEach(3)).isEqualTo(2);
    assertThat(slots.cpusOfEach(6)).isEqualTo(1);
    assertThat(slots.everywhere()).isEqualTo(2);
    assertThat(slots).hasToString("2 executor(s) of 2 to 4 cores with spark.task.cpus = 1");
    Slots gpus = new Slots(List.of(new Slots.Executor(16, 2), new Slots.Executor(16, 2)), 1);
    assertThat(gpus.count()).isEqualTo(4);
    assertThat(gpus.everywhere()).isEqualTo(4);
    assertThat(gpus.cpusOfEach(4)).isEqualTo(8);
  }

  @Test
  void inLocalModeAReplicaTakesOnePlace() {
    SparkContext spark = LocalSpark.session().sparkContext();
    int places = spark.defaultParallelism();
    assertThat(ReplicaPlacement.simultaneous(spark, 0)).isEqualTo(places);
    assertThat(ReplicaPlacement.simultaneous(spark, places)).isEqualTo(1);
    assertThat(ReplicaPlacement.simultaneous(spark, places + 1)).isEqualTo(1);
  }
}
