package io.github.lsgspark.training.engine;

import io.github.lsgspark.config.ExchangeSettings;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.LogContext;
import io.github.lsgspark.torch.Collective;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.Rendezvous;
import io.github.lsgspark.torch.TaskDevice;
import java.io.Serializable;
import java.util.Arrays;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import scala.collection.Iterator;
import scala.collection.Iterator$;
import scala.runtime.AbstractFunction1;

/** What one task of the barrier stage does: joins the group and runs the program. */
final class ReplicaTask<T extends Serializable>
    extends AbstractFunction1<Iterator<Integer>, Iterator<ReplicaResult<T>>>
    implements Serializable {
  /** In local mode, where trainings at the same time share the cores. */
  static final String TRAININGS_AT_ONCE = "lsg.trainings-at-once";

  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(ReplicaTask.class);

  private final Broadcast<ReplicaProgram<T>> program;
  private final EngineOptions options;
  private final SerializableConfiguration hadoop;
  private final int attempt;

  ReplicaTask(
      Broadcast<ReplicaProgram<T>> program,
      EngineOptions options,
      SerializableConfiguration hadoop,
      int attempt) {
    this.program = program;
    this.options = options;
    this.hadoop = hadoop;
    this.attempt = attempt;
  }

  @Override
  public Iterator<ReplicaResult<T>> apply(Iterator<Integer> unused) {
    BarrierTaskContext task = BarrierTaskContext.get();
    try (MDC.MDCCloseable rank =
        MDC.putCloseable(LogContext.RANK, Integer.toString(task.partitionId()))) {
      ReplicaResult<T> outcome = run(task);
      if (outcome.failed()) {
        LOG.warn("rank {}: {}", outcome.rank(), outcome.message());
      }
      return Iterator$.MODULE$.single(outcome);
    }
  }

  private ReplicaResult<T> run(BarrierTaskContext task) {
    int rank = task.partitionId();
    // Rank 0 looks for the stop file; what it sees reaches the others through the program.
    String stopFile = rank == 0 ? options.stopFile() : "";
    try (StopSignal stop =
        StopSignal.listen(new HadoopFiles(hadoop.value()), stopFile, () -> {}, options.grace())) {
      ComputeDevice device = TaskDevice.of(task, options.device());
      int threads = threads(task);
      NativeTorch.setThreads(threads);
      try (Collective collective = connect(task, device)) {
        try {
          return ReplicaResult.done(
              rank,
              program.value().run(new ReplicaContext(collective, device, threads, attempt, stop)));
        } catch (Throwable e) {
          ReplicaResult<T> outcome =
              ReplicaResult.of(rank, collective.lost().<Throwable>map(l -> l).orElse(e));
          collective.abort();
          return outcome;
        }
      }
    } catch (Throwable e) {
      return ReplicaResult.of(rank, e);
    }
  }

  private Collective connect(BarrierTaskContext task, ComputeDevice device) {
    int worldSize = task.getTaskInfos().length;
    int rank = task.partitionId();
    if (worldSize == 1 && options.backend() == ExchangeSettings.Backend.AUTO) {
      return Collective.single();
    }
    String host = options.bindAddress().isEmpty() ? host(task, rank) : options.bindAddress();
    ReplicaSeat seat =
        new ReplicaSeat(host(task, rank), SparkEnv.get().executorId(), device.toString());
    Rendezvous meeting;
    if (rank == 0) {
      meeting = Rendezvous.open(host, options.timeout());
      requireOwnCards(seat, task.allGather(seat.with(meeting.address())));
    } else {
      String[] said = task.allGather(seat.with(""));
      requireOwnCards(seat, said);
      meeting = Rendezvous.reach(ReplicaSeat.message(said[0]), rank, options.timeout());
    }
    return meeting.join(host, rank, worldSize, device, options.backend());
  }

  private void requireOwnCards(ReplicaSeat own, String[] said) {
    if (own.onCard() && options.backend() != ExchangeSettings.Backend.GLOO) {
      ReplicaSeat.requireOwnCards(said);
    }
  }

  private static String host(BarrierTaskContext task, int rank) {
    String address = task.getTaskInfos()[rank].address();
    int colon = address.lastIndexOf(':');
    return colon < 0 ? address : address.substring(0, colon);
  }

  /**
   * This executor's cores, divided among the replicas that run in it, also those of other
   * trainings.
   */
  private static int threads(BarrierTaskContext task) {
    String own = task.getTaskInfos()[task.partitionId()].address();
    long neighbours =
        Arrays.stream(task.getTaskInfos()).filter(info -> info.address().equals(own)).count();
    int processors = Runtime.getRuntime().availableProcessors();
    boolean local = SparkEnv.get().executorId().equals("driver");
    String atOnce = task.getLocalProperty(TRAININGS_AT_ONCE);
    int cores =
        local
            ? processors / (atOnce == null ? 1 : Integer.parseInt(atOnce))
            : SparkEnv.get().conf().getInt("spark.executor.cores", Math.max(1, task.cpus()));
    return (int) Math.max(1, Math.min(cores, processors) / neighbours);
  }
}
