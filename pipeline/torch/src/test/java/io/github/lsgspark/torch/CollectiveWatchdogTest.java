package io.github.lsgspark.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.torch.CollectiveWatchdog.Limits;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replicas whose sums end on a device, as those of NCCL do, never wait for ever. */
@Timeout(60)
class CollectiveWatchdogTest {
  private static final Duration LIMIT = Duration.ofMillis(600);
  private static final Duration LONG = Duration.ofSeconds(50);

  private final AtomicInteger ends = new AtomicInteger();

  private CollectiveWatchdog watchdog(FakeTransport all, ExchangeGroup group, int rank, Limits by) {
    return new CollectiveWatchdog(
        group, all.signs(rank), rank, 2, by, System::nanoTime, ends::incrementAndGet);
  }

  private Collective join(FakeTransport all, int rank, Limits limits) {
    ExchangeGroup group = all.group();
    return new C10dCollective(group, watchdog(all, group, rank, limits).start(), () -> {}, rank, 2);
  }

  private static float sum(Collective collective, float own, String what) {
    try (TensorScope scope = new TensorScope()) {
      Tensor value = Tensors.of(new float[] {own}, 1);
      collective.allReduceSum(value, what);
      return Tensors.floats(value)[0];
    }
  }

  @Test
  void replicasSumAndEndWithoutAnAlarm() throws Exception {
    FakeTransport all = new FakeTransport(2);
    try (Collective zero = join(all, 0, Limits.of(LIMIT))) {
      CompletableFuture<Float> other =
          CompletableFuture.supplyAsync(
              () -> {
                try (Collective one = join(all, 1, Limits.of(LIMIT))) {
                  one.barrier("the first");
                  return sum(one, 2, "a number");
                }
              });
      zero.barrier("the first");
      assertThat(sum(zero, 1, "a number")).isEqualTo(3f);
      assertThat(other.get(10, TimeUnit.SECONDS)).isEqualTo(3f);
      // One that came to its end is not missed.
      Thread.sleep(2 * LIMIT.toMillis());
      assertThat(zero.lost()).isEmpty();
    }
    assertThat(ends).hasValue(0);
  }

  @Test
  void whatHasEndedIsThereUntilItIsWaitedFor() throws Exception {
    FakeTransport all = new FakeTransport(2);
    try (Collective one = join(all, 1, Limits.of(LIMIT));
        Collective zero = join(all, 0, Limits.of(LIMIT));
        TensorScope scope = new TensorScope()) {
      Collective.Pending other = one.startAllReduceSum(Tensors.of(new float[] {1}, 1), "a number");
      Collective.Pending own = zero.startAllReduceSum(Tensors.of(new float[] {1}, 1), "a number");
      Thread.sleep(2 * LIMIT.toMillis());
      own.await();
      other.await();
      assertThat(zero.lost()).isEmpty();
      zero.settle("a number");
    }
  }

  @Test
  void aReplicaThatIsGoneIsNamed() {
    FakeTransport all = new FakeTransport(2);
    all.signs(1).say("1 " + System.currentTimeMillis() + " step 5");
    try (Collective zero = join(all, 0, new Limits(LIMIT, LONG, LONG))) {
      assertThatThrownBy(() -> sum(zero, 1, "the gradients of step 6"))
          .isInstanceOf(LostPeerException.class)
          .hasMessageMatching(
              "rank 0 of 2 waited \\d\\.\\d s for the gradients of step 6: rank 1 has not been heard"
                  + " of for \\d\\.\\d s; rank 1 was at step 5 \\d s ago");
      assertThat(zero.lost()).isPresent();
    }
    assertThat(all.signs(1).failure()).hasValueSatisfying(r -> assertThat(r).contains("rank 1 "));
  }

  @Test
  void aReplicaThatStallsElsewhereIsNamed() {
    FakeTransport all = new FakeTransport(2);
    try (Collective one = join(all, 1, new Limits(LONG, LONG, LONG));
        Collective zero = join(all, 0, new Limits(LONG, LIMIT, LONG))) {
      one.at("step 5");
      assertThatThrownBy(() -> sum(zero, 1, "the gradients of step 6"))
          .isInstanceOf(LostPeerException.class)
          .hasMessageContaining(": rank 0 had waited ")
          .hasMessageContaining("rank 1 was at ");
    }
  }

  @Test
  void theFailureOfOneIsToldToAllAtOnce() {
    FakeTransport all = new FakeTransport(2);
    Collective one = join(all, 1, Limits.of(LONG));
    try (Collective zero = join(all, 0, Limits.of(LONG))) {
      one.abort();
      one.close();
      assertThatThrownBy(() -> sum(zero, 1, "a number"))
          .isInstanceOf(LostPeerException.class)
          .hasMessageContaining("for a number: rank 1 failed");
      assertThatThrownBy(() -> zero.startAllReduceSum(null, "another"))
          .isInstanceOf(LostPeerException.class)
          .hasMessageContaining("for another: rank 1 failed");
    }
  }

  @Test
  void aStoreThatIsGoneEndsAWait() {
    FakeTransport all = new FakeTransport(2);
    try (Collective one = join(all, 1, Limits.of(LONG))) {
      all.loseStore();
      assertThatThrownBy(() -> sum(one, 1, "a number"))
          .isInstanceOf(LostPeerException.class)
          .hasMessageContaining("rank 0, where the group met, has not answered")
          .hasMessageEndingWith("rank 0, where the group met, does not answer");
    }
  }

  @Test
  void whatTheTransportSaysEndsAWait() {
    FakeTransport all = new FakeTransport(2);
    try (Collective one = join(all, 1, Limits.of(LONG))) {
      all.breakWith("NCCL says REMOTE ERROR");
      assertThatThrownBy(() -> sum(one, 1, "a number"))
          .isInstanceOf(LostPeerException.class)
          .hasMessageContaining("NCCL says REMOTE ERROR");
    }
  }

  /** Sums that were begun in a backward pass are asked about when the host reads. */
  @Test
  void sumsThatWereEndedByForceAreNotRead() {
    FakeTransport all = new FakeTransport(2);
    all.stick();
    try (Collective zero = join(all, 0, new Limits(LONG, LIMIT, LONG));
        TensorScope scope = new TensorScope()) {
      Tensor gradient = Tensors.of(new float[] {1}, 1);
      zero.startAllReduceSum(gradient, "the gradients of step 7 (bucket 1 of 2)").await();
      assertThatThrownBy(() -> zero.settle("the losses of step 7"))
          .isInstanceOf(LostPeerException.class)
          .hasMessageContaining("for the losses of step 7")
          .hasMessageContaining("for the gradients of step 7 (bucket 1 of 2)");
    }
  }

  /** The group cannot even be ended: the replica's thread comes out, or its process is ended. */
  @Test
  void aGroupThatCannotBeEndedHoldsNobodyUp() throws Exception {
    FakeTransport all = new FakeTransport(2);
    all.stick();
    all.hangOnAbort();
    Limits limits = new Limits(LONG, LIMIT, LIMIT);
    Collective zero = join(all, 0, limits);
    assertThatThrownBy(() -> sum(zero, 1, "a number")).isInstanceOf(LostPeerException.class);
    // Nobody closes it, as if the thread hung in native code.
    for (int i = 0; ends.get() == 0 && i < 100; i++) {
      Thread.sleep(100);
    }
    assertThat(ends).hasValue(1);
    zero.close();
    all.release();
  }

  /**
   * By a clock that is drawn: no alarm while the neighbour speaks often enough, and one within the
   * limit and a look when it stops.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void silenceIsFoundInTimeAndNothingElseIs(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Duration limit = Duration.ofSeconds(10);
    for (int run = 0; run < 50; run++) {
      FakeTransport all = new FakeTransport(2);
      AtomicLong now = new AtomicLong(random.nextLong());
      ExchangeGroup group = all.group();
      CollectiveWatchdog watchdog =
          new CollectiveWatchdog(
              group, all.signs(0), 0, 2, Limits.of(limit), now::get, ends::incrementAndGet);
      PeerSigns neighbour = all.signs(1);
      int beats = random.nextInt(200);
      for (int beat = 0; beat < beats; beat++) {
        now.addAndGet(random.nextLong(limit.toNanos()));
        neighbour.say(beat + " 0 step " + beat);
        watchdog.exchangeSigns();
        watchdog.look();
        assertThat(watchdog.verdict()).isEmpty();
      }
      long silent = now.get();
      while (watchdog.verdict().isEmpty()) {
        now.addAndGet(random.nextLong(limit.toNanos() / 4));
        watchdog.exchangeSigns();
        watchdog.look();
        assertThat(now.get() - silent).isLessThan(limit.toNanos() * 5 / 4 + 1);
      }
      assertThat(now.get() - silent).isGreaterThan(limit.toNanos());
      assertThat(watchdog.verdict().get()).startsWith("rank 1 has not been heard of for 1");
    }
  }

  @Test
  void signsGoThroughARealStore() throws Exception {
    var said =
        TwoRanks.run(
            collective -> {
              collective.at("step " + (7 + collective.rank()));
              collective.barrier("the start");
              sleep(2500);
              if (collective.rank() == 1) {
                collective.abort();
                return "";
              }
              try {
                return "" + sum(collective, 1, "a number");
              } catch (LostPeerException e) {
                return e.getMessage();
              }
            });
    assertThat(said.get(0)).contains("rank 0 of 2 waited").contains("rank 1 was at step 8 ");
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void ncclListensAtTheAddressThatIsGiven() {
    assertThat(NcclGroups.networkInterface("127.0.0.1")).contains("lo");
    assertThat(NcclGroups.networkInterface("192.0.2.1")).isEmpty();
  }
}
