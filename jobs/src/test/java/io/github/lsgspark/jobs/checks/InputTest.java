package io.github.lsgspark.jobs.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.InputPaths;
import io.github.lsgspark.config.LsgException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputTest {
  @TempDir Path folder;

  /** A new setting that names a file must be looked at before any stage. */
  @Test
  void everySettingThatNamesAFileIsLookedAt() {
    assertThat(Input.ALL.stream().map(Input::key).distinct())
        .containsExactlyInAnyOrderElementsOf(InputPaths.keys());
  }

  /** As Java reads the names of a12-odd in the POSIX locale. */
  @Test
  void namesThatThisJavaCannotReadAreExitFour() throws IOException {
    Files.createDirectories(folder.resolve("train/red fox"));
    assertThatCode(() -> FileNamesCheck.require("data.train", folder.toFile(), "ANSI_X3.4-1968"))
        .doesNotThrowAnyException();
    Files.createDirectories(folder.resolve("train/\uFFFD\uFFFD\uFFFD"));
    assertThatThrownBy(
            () -> FileNamesCheck.require("data.train", folder.toFile(), "ANSI_X3.4-1968"))
        .isInstanceOfSatisfying(LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(4))
        .hasMessageContaining("data.train: " + folder.resolve("train") + " holds names")
        .hasMessageContaining("set LC_ALL=C.UTF-8");
  }
}
