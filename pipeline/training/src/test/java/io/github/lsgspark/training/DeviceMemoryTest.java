package io.github.lsgspark.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.TrainSettings;
import org.junit.jupiter.api.Test;

class DeviceMemoryTest {
  private static final RuntimeException SHORT =
      new RuntimeException(
          "CUDA out of memory. Tried to allocate 1.20 GiB. GPU 0 has a total capacity of 79.15 GiB of"
              + " which 312.31 MiB is free. Process 17 has 78.84 GiB memory in use.\nException raised"
              + " from malloc at CUDACachingAllocator.cpp");

  private static TrainSettings train(String changes) {
    return SettingsLoader.parse(
            "data.train = \"drawn:novel\", train { views = 2, " + changes + " }")
        .train();
  }

  @Test
  void theSentenceHasTheSizesAndThePartThatWouldDo() {
    assertThat(DeviceMemory.lacking(SHORT, train("global-batch = 128"), 4))
        .hasValueSatisfying(
            e -> {
              assertThat(e.exitCode()).isEqualTo(LsgException.ENVIRONMENT);
              assertThat(e)
                  .hasMessageStartingWith(
                      "the GPU's memory (79.15 GiB, of which 312.31 MiB were free) does not hold a"
                          + " part of 32 labelled images (train.views = 2 of each")
                  .hasMessageContaining(
                      "1.20 GiB more were asked for; set train.accumulation = 2 for"
                          + " parts of 16");
            });
    assertThat(DeviceMemory.lacking(SHORT, train("global-batch = 4, accumulation = 4"), 1))
        .hasValueSatisfying(e -> assertThat(e).hasMessageContaining("one is the least"));
  }

  @Test
  void otherFailuresAreNotTouched() {
    assertThat(DeviceMemory.lacking(new IllegalStateException(), train("global-batch = 4"), 1))
        .isEmpty();
  }
}
