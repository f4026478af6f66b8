package io.github.lsgspark.jobs.gpucheck;

import io.github.lsgspark.torch.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Gathers the rows of a table, each with the time since the one before. */
final class CheckRows {
  private final List<CheckRow> rows = new ArrayList<>();
  private final Consumer<CheckRow> told;
  private long lap = System.nanoTime();

  /**
   * @param told hears of each row at once
   */
  CheckRows(Consumer<CheckRow> told) {
    this.told = told;
  }

  void add(CheckRow row) {
    long now = System.nanoTime();
    CheckRow timed = row.after((now - lap) / 1e9);
    lap = now;
    rows.add(timed);
    told.accept(timed);
  }

  /** Adds what a computation finds, within a scope of its own. What it throws is a failure. */
  void guarded(String check, Consumer<CheckRows> body) {
    try (TensorScope scope = new TensorScope()) {
      body.accept(this);
    } catch (RuntimeException | LinkageError e) {
      add(CheckRow.failed(check, firstLine(e)));
    }
  }

  /** What native code throws ends with its stack. */
  static String firstLine(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    String first = message.lines().filter(line -> !line.isBlank()).findFirst().orElse("").strip();
    return failure instanceof io.github.lsgspark.config.LsgException
        ? first
        : failure.getClass().getSimpleName() + ": " + first;
  }

  List<CheckRow> all() {
    return List.copyOf(rows);
  }
}
