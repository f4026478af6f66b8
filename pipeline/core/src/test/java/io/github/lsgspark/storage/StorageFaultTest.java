package io.github.lsgspark.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.lsgspark.config.LsgException;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageFaultTest {
  private static void told(Throwable failure, int exit, String... parts) {
    LsgException fault = StorageFault.of(failure).orElseThrow();
    assertThat(fault.exitCode()).isEqualTo(exit);
    assertThat(fault.getMessage()).contains(parts).doesNotContain("\n");
  }

  @Test
  void foreseeableFaultsAreOneSentence() {
    told(
        new UncheckedIOException(
            "w/x: No space left on device", new IOException("No space left on device")),
        4,
        "w/x: No space left on device. The disk is full");
    told(new SparkException("job", new IOException("Disk quota exceeded")), 4, "quota");
    told(
        new UncheckedIOException("w: Permission denied", new IOException("Permission denied")),
        4,
        "w: Permission denied");
    told(new IOException("x", new ConnectException("Connection refused")), 4, "does not answer");
    told(
        new SparkException(
            "Encountered error while reading file file:///w/part-0.parquet. Details:\nmore",
            new RuntimeException(
                "file:/w/part-0.parquet is not a Parquet file. Expected magic number at tail")),
        3,
        "/w/part-0.parquet",
        "damaged, cut off or gone");
    told(
        new SparkException(
            "Encountered error while reading file file:///w/part-0.parquet. Details:",
            new ChecksumException("Checksum error: at 0", 0)),
        3,
        "file:///w/part-0.parquet: Checksum error");
    told(new UncheckedIOException("w: gone", new FileNotFoundException("gone")), 3, "w: gone");
    told(new IOException("Mkdirs failed to create w"), 3, "Mkdirs failed to create w");
  }

  /** As Spark tells of a task: with the whole stack trace in the message, or with the cause. */
  @Test
  void aFullDiskIsToldByItsOwnWords() {
    IOException full = new IOException("No space left on device");
    String folder = "file:/w/prepare/_staging-0/checked";
    Throwable task =
        new SparkException(
            "[TASK_WRITE_FAILED] Task failed while writing rows to " + folder + ".",
            new Error(full.toString(), full));
    String sentence =
        folder
            + ": No space left on device. The disk is full: make room, or name another --work-dir"
            + " (another spark.local.dir or java.io.tmpdir, if it is theirs)";
    assertThat(StorageFault.of(new SparkException("Job aborted: " + task.getMessage(), task)))
        .hasValueSatisfying(e -> assertThat(e.getMessage()).isEqualTo(sentence));
    assertThat(
            StorageFault.of(
                new SparkException(
                    "Job aborted: " + task.getMessage() + "\n\tat a.b\nNo space left on device\n")))
        .hasValueSatisfying(e -> assertThat(e.getMessage()).isEqualTo(sentence));
  }

  @Test
  void sparksOwnFolderIsNamedWhereSparkNamesNone() {
    IOException full = new IOException("No space left on device");
    full.setStackTrace(
        new StackTraceElement[] {
          new StackTraceElement(
              "org.apache.spark.storage.DiskBlockObjectWriter", "write", "a.scala", 1)
        });
    told(new SparkException("Job aborted", full), 4, "spark.local.dir: No space left on device. ");
  }

  /** What a client says when its NameNode ends in the middle of a call. */
  @Test
  void aServerThatEndsIsNoDamagedFile() {
    EOFException ended =
        new EOFException(
            "End of File Exception between local host is: \"a/127.0.0.1\"; destination host is:"
                + " \"b\":8020; : java.io.EOFException; For more details see:  http://no.invalid");
    assertThat(StorageFault.isDamage(ended)).isFalse();
    assertThat(StorageFault.isDamage(new EOFException("cut off"))).isTrue();
    assertThat(StorageFault.passing(new SparkException("Job aborted", ended))).contains(ended);
    assertThat(StorageFault.passing(new EOFException("cut off"))).isEmpty();
    told(
        new SparkException("Job aborted", ended),
        4,
        "\"b\":8020; : java.io.EOFException: the storage does not answer. The same command goes");
  }

  @Test
  void aDiskThatCannotBeWrittenIsToldApartFromAMissingRight() {
    told(
        new FileNotFoundException("/w/x (Read-only file system)"),
        4,
        "/w/x (Read-only file system): nothing can be written there. Name another --work-dir");
    told(
        new FileNotFoundException("/w/x (Permission denied)"),
        4,
        "/w/x (Permission denied): this user may not");
  }

  /** /dev/full is a disk that is full. */
  @Test
  void whatHadoopCallsAnErrorNamesItsFile(@TempDir Path folder) throws IOException {
    assumeThat(Path.of("/dev/full")).exists();
    Path file = Files.createSymbolicLink(folder.resolve("note"), Path.of("/dev/full"));
    HadoopFiles files = new HadoopFiles(new Configuration());
    assertThatThrownBy(() -> files.write(file.toString(), new byte[1 << 20]))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage(file + ": No space left on device");
    assertThatThrownBy(
            () -> {
              try (OutputStream out = files.create(file.toString())) {
                out.write(new byte[1 << 20]);
              }
            })
        .isInstanceOf(IOException.class)
        .hasMessage("No space left on device");
  }

  @Test
  void otherFailuresKeepTheirStackTrace() {
    assertThat(StorageFault.of(new IllegalStateException("a bug"))).isEmpty();
    assertThat(StorageFault.of(new NullPointerException())).isEmpty();
  }
}
