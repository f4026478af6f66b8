package io.github.lsgspark.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.storage.StageClaim.Timing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class StageClaimTest {
  private static final Timing FAST =
      new Timing(
          Duration.ofMillis(50),
          Duration.ofSeconds(2),
          Duration.ofMillis(20),
          Duration.ofSeconds(30));

  @TempDir Path folder;

  private final HadoopFiles files = new HadoopFiles(new Configuration());
  private final AtomicBoolean made = new AtomicBoolean();
  private final List<String> waits = new CopyOnWriteArrayList<>();

  private Optional<StageClaim> take() {
    return StageClaim.take(files, folder.toString(), "_claim-", FAST, made::get, waits::add);
  }

  private List<String> left() throws IOException {
    try (Stream<Path> left = Files.list(folder)) {
      return left.map(file -> file.getFileName().toString()).toList();
    }
  }

  @RepeatedTest(3)
  void ofTenThatWantTheSameOneMakesItAndNineWait() throws Exception {
    AtomicInteger makers = new AtomicInteger();
    AtomicInteger atOnce = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(10);
    try {
      List<Callable<Boolean>> runs = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        runs.add(
            () -> {
              Optional<StageClaim> taken = take();
              if (taken.isEmpty()) {
                return false;
              }
              try (StageClaim claim = taken.get()) {
                assertThat(atOnce.incrementAndGet()).isEqualTo(1);
                Thread.sleep(200);
                assertThat(claim.isHeld()).isTrue();
                makers.incrementAndGet();
                made.set(true);
                atOnce.decrementAndGet();
              }
              return true;
            });
      }
      int winners = 0;
      for (Future<Boolean> run : threads.invokeAll(runs)) {
        winners += run.get() ? 1 : 0;
      }
      assertThat(winners).isEqualTo(1);
      assertThat(makers).hasValue(1);
    } finally {
      threads.shutdownNow();
    }
    assertThat(left()).isEmpty();
    // A claim that is being written does not say yet whose it is.
    assertThat(waits)
        .allMatch(
            who ->
                who.equals("another run")
                    || who.startsWith("process " + ProcessHandle.current().pid() + " on "));
  }

  @Test
  void oneThatFailsMakesWayForTheNext() throws Exception {
    take().orElseThrow().close();
    try (StageClaim next = take().orElseThrow()) {
      assertThat(next.isHeld()).isTrue();
    }
    assertThat(left()).isEmpty();
  }

  @Test
  void aClaimThatIsRenewedIsNotTakenHoweverLongItTakes() throws Exception {
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (StageClaim held = take().orElseThrow()) {
      Future<Optional<StageClaim>> other = threads.submit(this::take);
      Thread.sleep(2 * FAST.stale().toMillis());
      assertThat(other.isDone()).isFalse();
      assertThat(held.isHeld()).isTrue();
      made.set(true);
      assertThat(other.get()).isEmpty();
    } finally {
      threads.shutdownNow();
    }
    assertThat(waits).hasSize(1);
  }

  @Test
  void aClaimOfAnotherMachineThatStandsStillIsLeftBehind() throws Exception {
    Files.writeString(
        folder.resolve("_claim-x"),
        new ClaimOwner("elsewhere", "boot pid:[1]", ProcessHandle.current().pid(), "").text());
    long start = System.nanoTime();
    try (StageClaim claim = take().orElseThrow()) {
      assertThat(claim.isHeld()).isTrue();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(FAST.stale());
    assertThat(waits).containsExactly("process " + ProcessHandle.current().pid() + " on elsewhere");
    assertThat(left()).isEmpty();
  }

  @Test
  void aClaimOfAProcessThatHasEndedIsRemovedAtOnce() throws Exception {
    Process process = new ProcessBuilder("true").start();
    ClaimOwner self = ClaimOwner.thisProcess();
    assertThat(process.waitFor()).isZero();
    Files.writeString(
        folder.resolve("_claim-x"),
        new ClaimOwner(self.host(), self.system(), process.pid(), "").text());
    // The number of a process that lives, but another one than the claim's.
    Files.writeString(
        folder.resolve("_claim-y"),
        new ClaimOwner(self.host(), self.system(), self.pid(), "2001-01-01T00:00:00Z").text());
    try (StageClaim claim = take().orElseThrow()) {
      assertThat(claim.isHeld()).isTrue();
    }
    assertThat(waits).isEmpty();
    assertThat(left()).isEmpty();
  }

  @Test
  void aClaimThatIsNotWholeYetIsOneOfAnother() throws Exception {
    Files.writeString(folder.resolve("_claim-x"), "{\"pid\"");
    take().orElseThrow().close();
    assertThat(waits).containsExactly("another run");
  }
}
