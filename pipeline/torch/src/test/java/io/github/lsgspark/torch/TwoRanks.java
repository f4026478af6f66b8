package io.github.lsgspark.torch;

import io.github.lsgspark.config.ExchangeSettings.Backend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Two ranks of a Gloo group in threads of this JVM. */
public final class TwoRanks {
  private TwoRanks() {}

  /** What one rank does. */
  public interface Program<T> {
    T run(Collective collective);
  }

  /** What rank 0 and rank 1 returned. */
  public static <T> List<T> run(Program<T> program) throws Exception {
    Duration timeout = Duration.ofSeconds(30);
    Rendezvous meeting = Rendezvous.open("127.0.0.1", timeout);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<T>> ranks = new ArrayList<>();
      for (int rank = 0; rank < 2; rank++) {
        int own = rank;
        ranks.add(
            threads.submit(
                () -> {
                  Rendezvous place =
                      own == 0 ? meeting : Rendezvous.reach(meeting.address(), own, timeout);
                  try (Collective collective =
                      place.join("127.0.0.1", own, 2, ComputeDevice.cpu(), Backend.GLOO)) {
                    return program.run(collective);
                  }
                }));
      }
      return List.of(ranks.get(0).get(), ranks.get(1).get());
    } finally {
      threads.shutdownNow();
    }
  }
}
