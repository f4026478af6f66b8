package io.github.lsgspark.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.config.LsgException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;

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

  @Test
  void otherFailuresKeepTheirStackTrace() {
    assertThat(StorageFault.of(new IllegalStateException("a bug"))).isEmpty();
    assertThat(StorageFault.of(new NullPointerException())).isEmpty();
  }
}
