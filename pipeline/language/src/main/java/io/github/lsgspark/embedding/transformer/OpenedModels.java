package io.github.lsgspark.embedding.transformer;

import io.github.lsgspark.torch.ComputeDevice;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;

/**
 * The models of this JVM: each is opened once and shared by all tasks that use it. One that nobody
 * has used for {@value #IDLE_SECONDS} seconds is closed, so that it does not stand in the way of
 * the stages that follow.
 */
public final class OpenedModels {
  private static final int IDLE_SECONDS = 30;
  private static final Map<Key, Entry> ENTRIES = new HashMap<>();
  private static final ScheduledExecutorService CLOSER =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "lsg-idle-models");
            thread.setDaemon(true);
            return thread;
          });

  private OpenedModels() {}

  private record Key(ModelSpec spec, ComputeDevice device) {
    Key {
      // Configurations have no equality, and the fingerprint says which files they led to.
      spec =
          new ModelSpec(
              spec.path(),
              spec.onnx(),
              spec.pooling(),
              spec.prefix(),
              spec.dtype(),
              spec.fingerprint(),
              spec.limits(),
              spec.shipped(),
              null);
    }
  }

  private static final class Entry {
    final OpenedModel model;
    int users;
    long uses;

    Entry(OpenedModel model) {
      this.model = model;
    }
  }

  /** Use of a model until it is closed. */
  public static final class Lease implements AutoCloseable {
    private final Key key;
    private final Entry entry;
    private boolean closed;

    private Lease(Key key, Entry entry) {
      this.key = key;
      this.entry = entry;
    }

    /** The model. */
    public OpenedModel model() {
      return entry.model;
    }

    @Override
    public void close() {
      synchronized (ENTRIES) {
        if (!closed) {
          closed = true;
          entry.users--;
          long uses = entry.uses;
          var unused =
              CLOSER.schedule(() -> closeIfIdle(key, entry, uses), IDLE_SECONDS, TimeUnit.SECONDS);
        }
      }
    }
  }

  /** The model, open or opened now, until the task ends. */
  public static OpenedModel forTask(TaskContext task, ModelSpec spec, ComputeDevice device) {
    Lease lease = open(spec, device);
    TaskCompletionListener end = context -> lease.close();
    var unused = task.addTaskCompletionListener(end);
    return lease.model();
  }

  /** Opens the model, or shares it if another task has opened it. */
  public static Lease open(ModelSpec spec, ComputeDevice device) {
    synchronized (ENTRIES) {
      Key key = new Key(spec, device);
      Entry entry =
          ENTRIES.computeIfAbsent(key, absent -> new Entry(new OpenedModel(spec, device)));
      entry.users++;
      entry.uses++;
      return new Lease(key, entry);
    }
  }

  private static void closeIfIdle(Key key, Entry entry, long uses) {
    synchronized (ENTRIES) {
      if (entry.users == 0 && entry.uses == uses && ENTRIES.remove(key, entry)) {
        entry.model.close();
      }
    }
  }

  /** Closes every model of this JVM that nobody uses at the moment. */
  public static void closeIdle() {
    synchronized (ENTRIES) {
      ENTRIES
          .values()
          .removeIf(
              entry -> {
                if (entry.users == 0) {
                  entry.model.close();
                }
                return entry.users == 0;
              });
    }
  }
}
