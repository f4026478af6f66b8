package io.github.lsgspark.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LiveRunTest {
  private static final Fingerprint OLD = Fingerprint.builder("old").build();
  private static final Fingerprint OTHER = Fingerprint.builder("other").build();

  @TempDir Path folder;

  private final HadoopFiles files = new HadoopFiles(new Configuration());

  private String workDir() {
    return folder.toString();
  }

  private Path onlyNote() throws IOException {
    try (Stream<Path> notes = Files.list(folder.resolve("_live"))) {
      return notes
          .filter(note -> note.getFileName().toString().startsWith(LiveRun.RUN))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void aRunSaysWhatItNeedsUntilItIsClosed() throws IOException {
    try (LiveRun run = new LiveRun(files, workDir())) {
      assertThat(folder.resolve("_live")).doesNotExist();
      run.needs(OLD, "labels = hdfs://h/w/inputs/1111/names.txt");
      run.needs(OTHER, "");
      assertThat(LiveRun.needed(files, workDir()))
          .containsExactlyInAnyOrder(OLD.hex(), OTHER.hex(), "inputs/1111");
    }
    assertThat(LiveRun.needed(files, workDir())).isEmpty();
    assertThat(folder.resolve("_live")).isEmptyDirectory();
  }

  @Test
  void aNoteOfAProcessThatHasEndedOrIsSilentSaysNothing() throws Exception {
    LiveRun silent = new LiveRun(files, workDir());
    silent.needs(OLD, "");
    Files.setLastModifiedTime(onlyNote(), FileTime.from(Instant.now().minus(Duration.ofHours(2))));
    assertThat(LiveRun.needed(files, workDir())).isEmpty();
    silent.close();
    Process process = new ProcessBuilder("true").start();
    assertThat(process.waitFor()).isZero();
    ClaimOwner self = ClaimOwner.thisProcess();
    Files.writeString(
        folder.resolve("_live/run-x"),
        new ClaimOwner(self.host(), self.system(), process.pid(), "")
            .text()
            .replace("{", "{\"needs\": [\"" + OLD.hex() + "\"], "));
    assertThat(LiveRun.needed(files, workDir())).isEmpty();
    assertThat(folder.resolve("_live")).isEmptyDirectory();
  }

  @Test
  void whatCannotBeReadIsNotTakenForNothing() throws IOException {
    Files.createDirectories(folder.resolve("_live"));
    Files.writeString(folder.resolve("_live/run-x"), "{\"pid\"");
    assertThatThrownBy(() -> LiveRun.needed(files, workDir()))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("_live/run-x cannot be read");
  }

  /** A run that begins during a removal looks for its outputs when that is over. */
  @Test
  void aRunWaitsForARemovalUnderWay() throws Exception {
    LiveRun run = new LiveRun(files, workDir());
    CompletableFuture<Void> begins;
    try (GarbageCollector.Removal removal = GarbageCollector.begin(files, workDir())) {
      begins = CompletableFuture.runAsync(() -> run.needs(OLD, ""));
      while (LiveRun.needed(files, workDir()).isEmpty()) {
        Thread.sleep(20);
      }
      Thread.sleep(700);
      assertThat(begins).isNotDone();
    }
    begins.get(20, TimeUnit.SECONDS);
    run.close();
  }
}
