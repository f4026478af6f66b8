package io.github.lsgspark.jobs.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.InputPaths;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.HadoopFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
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
    assertThatCode(
            () ->
                FileNamesCheck.require(
                    "data.train",
                    folder.toFile(),
                    new HadoopFiles(new Configuration()),
                    "ANSI_X3.4-1968"))
        .doesNotThrowAnyException();
    Path odd = Files.createDirectories(folder.resolve("train/\uFFFD\uFFFD\uFFFD"));
    Files.writeString(odd.resolve("1.jpg"), "x");
    assertThatThrownBy(
            () ->
                FileNamesCheck.require(
                    "data.train",
                    folder.toFile(),
                    new HadoopFiles(new Configuration()),
                    "ANSI_X3.4-1968"))
        .isInstanceOfSatisfying(LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(4))
        .hasMessageContaining("data.train: " + folder + " holds names")
        .hasMessageContaining("set LC_ALL=C.UTF-8");
  }
}
