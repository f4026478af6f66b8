package io.github.lsgspark.jobs.gpucheck;

import io.github.lsgspark.config.ExchangeSettings.Backend;
import io.github.lsgspark.torch.Collective;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.Rendezvous;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.bytedeco.pytorch.Tensor;

/**
 * Sums over replicas as trainings take them, each replica a thread of this JVM: one alone, then all
 * of the devices together. The numbers are small and whole, so that every sum is exact.
 */
final class CollectiveCheck {
  private static final String HOST = "127.0.0.1";
  private static final int SIZE = 1 << 20;
  private static final int TIMES = 5;
  private static final int VALUES = 8;

  /** NCCL ends the process where it waits too long itself, and the table would be lost. */
  private static final Duration GROUP_TIMEOUT = Duration.ofMinutes(10);

  private static final int WAIT_SECONDS = 90;

  private final Trial trial;
  private final List<ComputeDevice> devices;

  /**
   * @param devices of all replicas; the same twice on the processor
   */
  CollectiveCheck(Trial trial, List<ComputeDevice> devices) {
    this.trial = trial;
    this.devices = devices;
  }

  /** What one replica got: the sums, and the seconds of the fastest one. */
  private record Outcome(double[] sums, double[] narrow, double seconds) {}

  void run(CheckRows rows) {
    String kind = trial.device().isCuda() ? "nccl" : "gloo";
    rows.guarded(kind + ", 1 replica", all -> sum(kind, List.of(trial.device()), all));
    if (devices.size() > 1) {
      String check = kind + ", " + devices.size() + " replicas";
      rows.guarded(check, all -> sum(kind, devices, all));
    } else {
      rows.add(CheckRow.notRun(kind + ", all cards together", "this process sees one card only"));
    }
  }

  private void sum(String kind, List<ComputeDevice> members, CheckRows rows) {
    String check = kind + ", " + members.size() + (members.size() == 1 ? " replica" : " replicas");
    ExecutorService threads =
        Executors.newCachedThreadPool(
            body -> {
              Thread thread = new Thread(body, "lsg-gpu-check");
              thread.setDaemon(true);
              return thread;
            });
    Rendezvous meeting = Rendezvous.open(HOST, GROUP_TIMEOUT);
    CompletionService<Outcome> replicas = new ExecutorCompletionService<>(threads);
    for (int rank = 0; rank < members.size(); rank++) {
      int own = rank;
      replicas.submit(() -> replica(meeting, own, members));
    }
    double worst = 0;
    double slowest = 0;
    for (int done = 0; done < members.size(); done++) {
      Outcome outcome = next(replicas);
      worst = Math.max(worst, Distance.relative(sums(members.size(), SIZE), outcome.sums()));
      worst = Math.max(worst, Distance.relative(sums(members.size(), SIZE), outcome.narrow()));
      slowest = Math.max(slowest, outcome.seconds());
    }
    threads.shutdown();
    rows.add(
        CheckRow.atMost(
            check,
            worst,
            0,
            String.format(Locale.ROOT, "float32 and bfloat16, %.1f ms for 4 MiB", 1000 * slowest)));
  }

  private Outcome replica(Rendezvous meeting, int rank, List<ComputeDevice> members) {
    Rendezvous own = rank == 0 ? meeting : Rendezvous.reach(meeting.address(), rank, GROUP_TIMEOUT);
    ComputeDevice device = members.get(rank);
    try (Collective group = own.join(HOST, rank, members.size(), device, Backend.AUTO);
        TensorScope scope = new TensorScope()) {
      Tensor values = Tensors.onto(Tensors.of(values(rank), SIZE), device);
      Tensor sums = values.clone();
      group.allReduceSum(sums, "a check");
      Tensor narrow = Tensors.to(values, Dtype.BFLOAT16).clone();
      group.allReduceSum(narrow, "a check in bfloat16");
      long best = Long.MAX_VALUE;
      for (int i = 0; i < TIMES; i++) {
        Tensor timed = values.clone();
        group.barrier("a check of speed");
        long start = System.nanoTime();
        group.allReduceSum(timed, "a check of speed");
        // Waits for the card.
        double unused = Tensors.item(timed.narrow(0, 0, 1));
        best = Math.min(best, System.nanoTime() - start);
      }
      Outcome outcome = new Outcome(trial.result(sums), trial.result(narrow), best / 1e9);
      group.barrier("the end of a check");
      return outcome;
    }
  }

  private static float[] values(int rank) {
    float[] values = new float[SIZE];
    for (int i = 0; i < SIZE; i++) {
      values[i] = (i + rank) % VALUES;
    }
    return values;
  }

  private static double[] sums(int replicas, int size) {
    double[] sums = new double[size];
    for (int rank = 0; rank < replicas; rank++) {
      for (int i = 0; i < size; i++) {
        sums[i] += (i + rank) % VALUES;
      }
    }
    return sums;
  }

  /** What the next replica that ends got: the first one that fails tells why. */
  private static Outcome next(CompletionService<Outcome> replicas) {
    try {
      Future<Outcome> ended = replicas.poll(WAIT_SECONDS, TimeUnit.SECONDS);
      if (ended == null) {
        throw new IllegalStateException("no answer within " + WAIT_SECONDS + " s");
      }
      return ended.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(CheckRows.firstLine(e.getCause()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
