package io.github.lsgspark.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Many small calls of a file system at the same time: on a remote one each is mostly waiting. */
public final class ParallelCalls {
  private static final int THREADS = 16;

  private ParallelCalls() {}

  /** The answers in the order of the questions; the first failure is thrown as it is. */
  public static <T, R> List<R> map(List<T> items, Function<T, R> call) {
    if (items.size() < 2) {
      return items.stream().map(call).toList();
    }
    ExecutorService threads =
        Executors.newFixedThreadPool(
            Math.min(THREADS, items.size()),
            work -> {
              Thread thread = new Thread(work, "lsg-files");
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
      throw new IllegalStateException("interrupted while files were looked at", e);
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
