package io.github.lsgspark.wordnet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which of its meanings each class has, by the others: the one whose {@value #NEIGHBOURS} most
 * similar classes are, on the mean, the most similar to it, by Wu and Palmer (1994) in WordNet. A
 * less frequent meaning must be better by {@value #RARITY} for each place. First each class looks
 * at all meanings of the others, then only at the chosen ones, until nothing changes.
 */
final class SenseChoice {
  private static final int NEIGHBOURS = 5;
  private static final double RARITY = 0.01;
  private static final int ROUNDS = 10;

  private final WordNet wordNet;
  private final List<List<Sense>> candidates;
  private final Map<String, Map<Long, Integer>> ancestors = new HashMap<>();

  /** Of each class, for each of its meanings, the steps up to each ancestor. */
  private final List<List<Map<Long, Integer>>> steps = new ArrayList<>();

  private SenseChoice(WordNet wordNet, List<List<Sense>> candidates) {
    this.wordNet = wordNet;
    this.candidates = candidates;
    for (List<Sense> senses : candidates) {
      steps.add(
          senses.stream()
              .map(sense -> ancestors.computeIfAbsent(sense.wnid(), w -> wordNet.ancestors(sense)))
              .toList());
    }
  }

  /**
   * Chooses for all classes together.
   *
   * @param candidates of each class its possible meanings, the most frequent first; may be empty
   * @return of each the index of the chosen one; 0 where there is none
   */
  static int[] of(WordNet wordNet, List<List<Sense>> candidates) {
    return new SenseChoice(wordNet, candidates).choose();
  }

  private int[] choose() {
    int[] chosen = new int[candidates.size()];
    if (candidates.stream().allMatch(senses -> senses.size() < 2)) {
      return chosen;
    }
    Map<Long, Map<Integer, Integer>> below = below(null);
    for (int round = 0; round < ROUNDS; round++) {
      int[] next = chosen.clone();
      for (int c = 0; c < next.length; c++) {
        next[c] = best(c, below);
      }
      if (round > 0 && Arrays.equals(next, chosen)) {
        break;
      }
      chosen = next;
      below = below(chosen);
    }
    return chosen;
  }

  /** By ancestor the classes below it; those of the chosen meanings, of all if that is null. */
  private Map<Long, Map<Integer, Integer>> below(int[] chosen) {
    Map<Long, Map<Integer, Integer>> below = new HashMap<>();
    for (int c = 0; c < steps.size(); c++) {
      for (int s = 0; s < steps.get(c).size(); s++) {
        if (chosen == null || chosen[c] == s) {
          for (Map.Entry<Long, Integer> step : steps.get(c).get(s).entrySet()) {
            below
                .computeIfAbsent(step.getKey(), node -> new HashMap<>())
                .merge(c, step.getValue(), Math::min);
          }
        }
      }
    }
    return below;
  }

  private int best(int label, Map<Long, Map<Integer, Integer>> below) {
    int best = 0;
    double most = Double.NEGATIVE_INFINITY;
    for (int s = 0; s < steps.get(label).size(); s++) {
      double score = nearness(label, steps.get(label).get(s), below) - RARITY * s;
      if (score > most + 1e-12) {
        most = score;
        best = s;
      }
    }
    return best;
  }

  /** Mean similarity to the most similar other classes. */
  private double nearness(
      int label, Map<Long, Integer> own, Map<Long, Map<Integer, Integer>> below) {
    List<Long> nodes = new ArrayList<>(own.keySet());
    nodes.sort(Comparator.comparingDouble(node -> -atMost(node, own.get(node))));
    Map<Integer, Double> similarity = new HashMap<>();
    for (long node : nodes) {
      double[] nearest = nearest(similarity);
      if (nearest.length == NEIGHBOURS && nearest[NEIGHBOURS - 1] >= atMost(node, own.get(node))) {
        break;
      }
      double depth = 2.0 * wordNet.depth(node);
      for (Map.Entry<Integer, Integer> other : below.getOrDefault(node, Map.of()).entrySet()) {
        if (other.getKey() != label) {
          similarity.merge(
              other.getKey(), depth / (depth + own.get(node) + other.getValue()), Math::max);
        }
      }
    }
    return Arrays.stream(nearest(similarity)).sum()
        / Math.max(1, Math.min(NEIGHBOURS, candidates.size() - 1));
  }

  /** No class below a node is more similar than that. */
  private double atMost(long node, int steps) {
    double depth = 2.0 * wordNet.depth(node);
    return depth / (depth + steps);
  }

  /** The highest values, the largest first. */
  private static double[] nearest(Map<Integer, Double> similarity) {
    return similarity.values().stream()
        .sorted(Comparator.reverseOrder())
        .limit(NEIGHBOURS)
        .mapToDouble(Double::doubleValue)
        .toArray();
  }
}
