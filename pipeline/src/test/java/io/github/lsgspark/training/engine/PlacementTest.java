package io.github.lsgspark.training.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.cluster.LocalSpark;
import org.apache.spark.SparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlacementTest {

  @ParameterizedTest
  @CsvSource({"4, 1, 4", "4, 2, 2", "3, 2, 1", "4, 4, 1", "2, 3, 1", "2, 8, 1", "5, 2, 2"})
  void aTrainingTakesItsExecutorsWhole(int executors, int replicas, int trainings) {
    assertThat(Placement.simultaneous(executors, replicas)).isEqualTo(trainings);
  }

  @Test
  void inLocalModeAReplicaTakesOnePlace() {
    SparkContext spark = LocalSpark.session().sparkContext();
    int places = spark.defaultParallelism();
    assertThat(Placement.simultaneous(spark, 0)).isEqualTo(places);
    assertThat(Placement.simultaneous(spark, places)).isEqualTo(1);
    assertThat(Placement.simultaneous(spark, places + 1)).isEqualTo(1);
  }
}
