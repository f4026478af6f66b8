package io.github.lsgspark.jobs.gpucheck;

import io.github.lsgspark.jobs.gpucheck.Cards.Card;
import java.util.Locale;
import java.util.Optional;

/** What one executor on this machine would get of its cards. */
final class ExecutorCheck {
  private static final double MEBIBYTES_OF_GIBIBYTE = 1024;

  private ExecutorCheck() {}

  /**
   * @param seen cards that libtorch sees
   * @param wanted cluster.gpus-per-executor
   * @param visible CUDA_VISIBLE_DEVICES; empty if it is not set
   */
  static void run(int seen, int wanted, Optional<String> visible, Cards cards, CheckRows rows) {
    String list = visible.map(names -> "CUDA_VISIBLE_DEVICES=" + names).orElse("all are visible");
    boolean parted = cards.all().stream().anyMatch(Card::parted);
    rows.add(
        CheckRow.passed(
            "cards of this process",
            seen
                + (cards.all().isEmpty() ? "" : " of the " + cards.all().size() + " of nvidia-smi")
                + ", "
                + list
                + (parted ? "; CUDA shows a process one MIG instance at most" : "")));
    rows.add(share(seen, wanted, parted));
    if (cards.all().isEmpty()) {
      rows.add(CheckRow.notRun("memory of the cards", "there is no nvidia-smi"));
    }
    for (Card card : cards.all()) {
      rows.add(
          CheckRow.told(
              "memory of card " + card.index(),
              card.mebibytes() / MEBIBYTES_OF_GIBIBYTE,
              "GiB",
              String.format(
                  Locale.ROOT,
                  "%s, compute capability %s%s",
                  card.name(),
                  card.capability(),
                  card.parted() ? ", divided into MIG instances" : "")));
    }
  }

  private static CheckRow share(int seen, int wanted, boolean parted) {
    String check = "cards of one executor";
    String key = "cluster.gpus-per-executor = " + wanted;
    if (wanted == 0) {
      return CheckRow.passed(check, key + ": executors compute on the processor");
    }
    if (wanted > seen) {
      return CheckRow.failed(
          check,
          key
              + ", but this process sees "
              + seen
              + (parted ? " (one MIG instance at most)" : "")
              + ": no executor of this machine could start");
    }
    return CheckRow.passed(
        check,
        "%s: %d executors on this machine, a replica for each card".formatted(key, seen / wanted));
  }
}
