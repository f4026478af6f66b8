package io.github.lsgspark.training;

import io.github.lsgspark.config.TrainSettings.Keep;
import io.github.lsgspark.config.TrainSettings.Start;
import io.github.lsgspark.training.Judgement.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Leaves out trials that can hardly change the choice any more. A start is given up when each of
 * its models is clearly behind the best one ({@link PairedDifference#isClear}), and the race ends
 * when one model is clearly ahead of all others.
 *
 * @param keep which of a start's models counts
 */
record Race(Keep keep) {

  /** A race for what is kept; where the closed form is kept anyway, for the training beside it. */
  static Race forWhat(Keep keep) {
    return new Race(keep == Keep.HEAD ? Keep.TRAINED : keep);
  }

  /** A model of a start; the closed form is that of all. */
  private record Entry(
      Optional<Start> start, List<Verdict> verdicts, Predicate<Verdict> finds, double accuracy) {

    boolean isClearlyAheadOf(Entry other) {
      int samples = verdicts.size();
      return PairedDifference.of(
              samples,
              i -> finds.test(verdicts.get(i)),
              i -> other.finds.test(other.verdicts.get(i)))
          .isClear(samples);
    }
  }

  /**
   * The starts that are worth another trial.
   *
   * @param trials that were made, on the same samples for each of the starts
   * @param racing the starts that took part in all of them
   * @return empty if the choice is made
   */
  List<Start> left(Trials trials, List<Start> racing) {
    List<Entry> entries = entries(trials, racing);
    if (entries.isEmpty()) {
      return racing;
    }
    Entry first = entries.get(0);
    for (Entry entry : entries) {
      if (entry.accuracy > first.accuracy) {
        first = entry;
      }
    }
    Entry best = first;
    if (entries.stream().allMatch(one -> one == best || best.isClearlyAheadOf(one))) {
      return List.of();
    }
    return racing.stream()
        .filter(
            start ->
                entries.stream()
                    .filter(one -> one.start.equals(Optional.of(start)))
                    .anyMatch(one -> !best.isClearlyAheadOf(one)))
        .toList();
  }

  private List<Entry> entries(Trials trials, List<Start> racing) {
    List<Entry> entries = new ArrayList<>();
    for (Start start : racing) {
      Optional<Judgement> judgement = trials.of(start).filter(one -> !one.verdicts().isEmpty());
      if (judgement.isPresent()) {
        for (Map.Entry<Keep, Predicate<Verdict>> model : judgement.get().models().entrySet()) {
          boolean head = model.getKey() == Keep.HEAD;
          if ((keep == Keep.BEST || model.getKey() == keep) && !(head && !entries.isEmpty())) {
            entries.add(
                new Entry(
                    head ? Optional.empty() : Optional.of(start),
                    judgement.get().verdicts(),
                    model.getValue(),
                    judgement.get().most(model.getKey())));
          }
        }
      }
    }
    return entries;
  }
}
