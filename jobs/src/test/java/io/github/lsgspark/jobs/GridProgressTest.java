package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GridProgressTest {

  @Test
  void timeLeftComesFromTheRunsThatHadWork() {
    GridProgress progress = new GridProgress(24, 1);
    assertThat(progress.starts("a")).isEqualTo("run 1 of 24: a");
    progress.ends(false, 0.1);
    assertThat(progress.starts("b")).isEqualTo("run 2 of 24: b");
    progress.ends(true, 10);
    assertThat(progress.starts("c")).isEqualTo("run 3 of 24: c (about 3 min 40 s left)");
    progress.ends(true, 20);
    assertThat(progress.starts("d")).isEqualTo("run 4 of 24: d (about 5 min 15 s left)");
  }

  @Test
  void runsAtTheSameTimeShareIt() {
    GridProgress progress = new GridProgress(5, 2);
    progress.starts("a");
    progress.starts("b");
    progress.ends(true, 10);
    assertThat(progress.starts("c")).isEqualTo("run 3 of 5: c (about 20 s left)");
  }
}
