package io.github.lsgspark.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.testing.FaultyFileSystem;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.ipc.RemoteException;
import org.apache.hadoop.security.AccessControlException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetryTest {
  @TempDir Path folder;

  @Test
  void aFileIsWrittenOnceTheStorageIsBack() throws IOException {
    FaultyFileSystem.failWrites("note", 2);
    HadoopFiles files = new HadoopFiles(FaultyFileSystem.configuration());
    files.writeText(FaultyFileSystem.path(folder.resolve("note")), "whole");
    assertThat(Files.readString(folder.resolve("note"))).isEqualTo("whole");
    assertThat(FaultyFileSystem.writesToFail()).isZero();
  }

  @Test
  void attemptsAreBoundedAndTheLastFailureIsToldWithItsPath() {
    FaultyFileSystem.failWrites("note", 100);
    HadoopFiles files = new HadoopFiles(FaultyFileSystem.configuration());
    String path = FaultyFileSystem.path(folder.resolve("note"));
    try {
      assertThatThrownBy(() -> files.writeText(path, "whole"))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessage(path + ": the network is down");
      assertThat(FaultyFileSystem.writesToFail()).as("attempts").isEqualTo(96);
    } finally {
      FaultyFileSystem.failWrites("", 0);
    }
  }

  @Test
  void whatWillNotPassIsNotTriedAgain() {
    AtomicInteger calls = new AtomicInteger();
    assertThatThrownBy(
            () ->
                Retry.io(
                    "x",
                    () -> {
                      calls.incrementAndGet();
                      throw new FileNotFoundException("x");
                    }))
        .isInstanceOf(FileNotFoundException.class);
    assertThat(calls).hasValue(1);
  }

  @Test
  void faultsThatMayPassAreTold() {
    assertThat(TransientFault.mayPass(new IOException("All datanodes are bad. Aborting"))).isTrue();
    assertThat(TransientFault.mayPass(new SocketTimeoutException("Read timed out"))).isTrue();
    assertThat(
            TransientFault.mayPass(
                new RemoteException(
                    "org.apache.hadoop.hdfs.server.namenode.SafeModeException", "safe mode")))
        .isTrue();
    assertThat(TransientFault.mayPass(new AccessControlException("denied"))).isFalse();
    assertThat(TransientFault.mayPass(new IOException("No space left on device"))).isFalse();
    assertThat(TransientFault.mayPass(new java.nio.file.NoSuchFileException("x"))).isFalse();
    Throwable wrapped =
        new IllegalStateException(new UncheckedIOException("p: down", new IOException("down")));
    assertThat(TransientFault.in(wrapped)).isPresent();
    assertThat(TransientFault.message(wrapped)).isEqualTo("p: down");
    assertThat(TransientFault.in(new IllegalStateException("down"))).isEmpty();
    assertThat(TransientFault.message(new IOException("could not be written\n\tat a.b(C.java:1)")))
        .isEqualTo("could not be written");
  }
}
