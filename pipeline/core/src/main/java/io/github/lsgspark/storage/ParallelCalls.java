package io.github.lsgspark.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * Calls at the same time: many small ones of a file system, as on a remote one each is mostly
 * waiting, or computations that do not need each other.
 */
public final class ParallelCalls {
  private static final int THREADS = 16;

  private ParallelCalls() {}

  /** The answers in the order of the questions; the first failure is thrown as it is. */
  public static <T, R> List<R> map(List<T> items, Function<T, R> call) {
    return map(items, THREADS, "lsg-files", call);
  }

  /**
   * The same on a number of threads.
   *
   * @param most threads; with 1 the caller's own is taken
   * @param name of theirs
   */
  public static <T, R> List<R> map(List<T> items, int most, String name, Function<T, R> call) {
    if (items.size() < 2 || most < 2) {
      return items.stream().map(call).toList();
    }
    ExecutorService threads =
        Executors.newFixedThreadPool(
            Math.min(most, items.size()),
            work -> {
              Thread thread = new Thread(work, name);
              thread.setDaemon(true);
              return thread;
            });
    try {
      List<Future<R>> running = new ArrayList<>(items.size());
      for (T item : items) {
        running.add(threads.submit(() -> call.apply(item)));
      }
      List<R> answers = new ArrayList<>(items.size());
      for (Future<R> answer : running) {
        answers.add(answer.get());
      }
      return answers;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(name + ": interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }
}
