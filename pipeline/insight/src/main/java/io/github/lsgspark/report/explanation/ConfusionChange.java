package io.github.lsgspark.report.explanation;

import io.github.lsgspark.evaluation.ClassDistances;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How often two methods take one class for another.
 *
 * @param label number of the true class
 * @param predicted number of the class that it was taken for
 * @param times per run
 * @param rate per 100 test samples of the true class
 * @param semantic one minus the cosine of both classes' label texts
 * @param steps between both in the class graph
 * @param rank of the predicted class among the neighbours of the true one; 1 is the most similar
 */
record ConfusionChange(
    int label, int predicted, Paired times, Paired rate, double semantic, int steps, int rank) {

  /**
   * The pairs whose mean count fell most, and those whose count rose most.
   *
   * @param removed greatest fall first
   * @param added greatest rise first
   */
  record Top(List<ConfusionChange> removed, List<ConfusionChange> added) {}

  /**
   * @param limit pairs each way, at most; of equal changes the lower class numbers come first
   */
  static Top top(List<SeedPair> pairs, ClassDistances distances, int limit) {
    Set<RunErrors.Cell> occurring = new HashSet<>();
    for (SeedPair pair : pairs) {
      occurring.addAll(pair.baseline().confusions());
      occurring.addAll(pair.method().confusions());
    }
    Map<RunErrors.Cell, Long> change = new HashMap<>();
    for (RunErrors.Cell cell : occurring) {
      long sum = 0;
      for (SeedPair pair : pairs) {
        sum += pair.method().count(cell) - pair.baseline().count(cell);
      }
      change.put(cell, sum);
    }
    List<RunErrors.Cell> cells = new ArrayList<>(occurring);
    cells.sort(
        Comparator.comparingLong((RunErrors.Cell cell) -> change.get(cell))
            .thenComparing(Comparator.naturalOrder()));
    List<ConfusionChange> removed =
        changes(cells.stream().filter(cell -> change.get(cell) < 0), limit, pairs, distances);
    cells.sort(
        Comparator.comparingLong((RunErrors.Cell cell) -> -change.get(cell))
            .thenComparing(Comparator.naturalOrder()));
    List<ConfusionChange> added =
        changes(cells.stream().filter(cell -> change.get(cell) > 0), limit, pairs, distances);
    return new Top(removed, added);
  }

  private static List<ConfusionChange> changes(
      Stream<RunErrors.Cell> cells, int limit, List<SeedPair> pairs, ClassDistances distances) {
    return cells.limit(limit).map(cell -> of(cell, pairs, distances)).toList();
  }

  private static ConfusionChange of(
      RunErrors.Cell cell, List<SeedPair> pairs, ClassDistances distances) {
    return new ConfusionChange(
        cell.label(),
        cell.predicted(),
        Paired.of(pairs, run -> run.count(cell)),
        Paired.of(pairs, run -> run.rate(cell)),
        distances.semantic(cell.label(), cell.predicted()),
        distances.steps(cell.label(), cell.predicted()),
        distances.rank(cell.label(), cell.predicted()));
  }
}
