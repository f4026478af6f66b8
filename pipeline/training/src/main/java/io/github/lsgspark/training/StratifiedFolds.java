package io.github.lsgspark.training;

import io.github.lsgspark.config.Seeds;
import io.github.lsgspark.dataset.Sample;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Divides labelled samples into folds of about equal size, class by class. */
final class StratifiedFolds {
  private StratifiedFolds() {}

  /**
   * Draws a division. A class never loses all its samples with a fold, so one of a single sample is
   * in none; a fold may be empty.
   *
   * @param samples labelled
   * @param repeat number of the division, from 0
   */
  static List<List<Sample>> of(List<Sample> samples, int folds, long seed, int repeat) {
    Map<Integer, List<Sample>> classes = new TreeMap<>();
    samples.forEach(
        sample -> classes.computeIfAbsent(sample.label(), unused -> new ArrayList<>()).add(sample));
    List<List<Sample>> all = new ArrayList<>();
    for (int fold = 0; fold < folds; fold++) {
      all.add(new ArrayList<>());
    }
    Random random = new Random(Seeds.derive(seed, "folds", repeat));
    int next = 0;
    for (List<Sample> members : classes.values()) {
      if (members.size() > 1) {
        Collections.shuffle(members, random);
        for (Sample sample : members) {
          all.get(next++ % folds).add(sample);
        }
      }
    }
    return all;
  }
}
