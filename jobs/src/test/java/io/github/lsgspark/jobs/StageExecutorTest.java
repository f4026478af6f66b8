package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.storage.Fingerprint;
import io.github.lsgspark.storage.StageStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class StageExecutorTest {
  private static final Fingerprint KEY = Fingerprint.ofText("some stage");

  @TempDir Path work;

  private final AtomicInteger made = new AtomicInteger();
  private final Loaded loaded = SettingsLoader.load("", Map.of());

  @Test
  void whatTwoThreadsNeedIsMadeOnceAndOneFailureIsThatOfBoth() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (SparkLauncher spark = new SparkLauncher("local[1]", Map.of())) {
      StageExecutor executor =
          new StageExecutor(new StageStore(work.toString(), spark.hadoop()), spark);
      List<StageRecord> records = new ArrayList<>();
      for (Future<StageRecord> both : twice(threads, executor, "")) {
        records.add(both.get());
      }
      assertThat(made).hasValue(1);
      assertThat(records.get(0)).isSameAs(records.get(1));
      assertThat(Path.of(records.get(0).path()).resolve("manifest.json")).isRegularFile();

      StageExecutor another =
          new StageExecutor(new StageStore(work.resolve("b").toString(), spark.hadoop()), spark);
      for (Future<StageRecord> both : twice(threads, another, "no such file")) {
        assertThatThrownBy(both::get).hasRootCauseInstanceOf(LsgException.class);
      }
      assertThat(made).hasValue(2);
    } finally {
      threads.shutdownNow();
    }
  }

  /** Two variants ask for the same stage; its work ends only when the second is waiting. */
  private List<Future<StageRecord>> twice(
      ExecutorService threads, StageExecutor executor, String failure) throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    StageExecutor.Work work =
        (session, folder) -> {
          made.incrementAndGet();
          begun.countDown();
          try {
            assertThat(go.await(60, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          if (!failure.isEmpty()) {
            throw LsgException.input(failure);
          }
        };
    Future<StageRecord> first =
        threads.submit(() -> executor.named("a").obtain(Stages.EMBED, KEY, loaded, Map.of(), work));
    assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
    Future<StageRecord> second =
        threads.submit(() -> executor.named("b").obtain(Stages.EMBED, KEY, loaded, Map.of(), work));
    Thread.sleep(200);
    assertThat(second.isDone()).isFalse();
    go.countDown();
    return List.of(first, second);
  }
}
