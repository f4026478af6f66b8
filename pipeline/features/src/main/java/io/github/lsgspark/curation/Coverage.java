package io.github.lsgspark.curation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Chooses samples that many others are like, and no two that are alike: the facility location of
 * Nemhauser, Wolsey and Fisher (1978). A labelled sample covers its neighbours, in both directions,
 * by max(cosine, 0)^power, and itself by 1; what is sought is the largest sum, over all samples, of
 * their weight times the best that one labelled sample covers them by. The greedy choice reaches at
 * least 1 − 1/e of it; gains only shrink, so that a stale one is computed again only when it leads
 * (Minoux 1978). Nothing is drawn: ties go to the smaller number.
 *
 * <p>The driver holds 2 k numbers for each sample.
 */
final class Coverage {
  private final int[] starts;
  private final int[] columns;
  private final float[] cosines;
  private final float[] weights;
  private final float[] covered;

  private Coverage(int[] starts, int[] columns, float[] cosines, float[] weights) {
    this.starts = starts;
    this.columns = columns;
    this.cosines = cosines;
    this.weights = weights;
    this.covered = new float[weights.length];
  }

  /**
   * A choice.
   *
   * @param number of the sample
   * @param gain by how much the sum of weights covered has grown
   */
  record Chosen(int number, double gain) {}

  /**
   * The graph of neighbours, with both directions of each edge.
   *
   * @param near neighbours of each sample, empty where there are none [N]
   * @param power of cosines
   * @param weights of samples [N]
   */
  static Coverage of(List<Neighbourhoods.Near> near, double power, float[] weights) {
    int n = weights.length;
    int[] sizes = new int[n + 1];
    for (int i = 0; i < n; i++) {
      for (int j : near.get(i).numbers()) {
        sizes[i + 1]++;
        sizes[j + 1]++;
      }
    }
    int[] starts = new int[n + 1];
    for (int i = 0; i < n; i++) {
      starts[i + 1] = Math.addExact(starts[i], sizes[i + 1]);
    }
    int[] columns = new int[starts[n]];
    float[] cosines = new float[starts[n]];
    int[] at = Arrays.copyOf(starts, n);
    for (int i = 0; i < n; i++) {
      int[] others = near.get(i).numbers();
      for (int e = 0; e < others.length; e++) {
        float cosine = near.get(i).cosines()[e];
        float covers = cosine > 0 ? (float) Math.pow(Math.min(1, cosine), power) : 0;
        columns[at[i]] = others[e];
        cosines[at[i]++] = covers;
        columns[at[others[e]]] = i;
        cosines[at[others[e]]++] = covers;
      }
    }
    // Where both name each other the edge is there twice, and counts once.
    return new Coverage(starts, columns, cosines, weights).once();
  }

  private Coverage once() {
    int[] at = new int[starts.length];
    int to = 0;
    int[] seen = new int[weights.length];
    for (int i = 0; i < weights.length; i++) {
      int end = starts[i + 1];
      at[i] = to;
      for (int e = starts[i]; e < end; e++) {
        if (seen[columns[e]] != i + 1) {
          seen[columns[e]] = i + 1;
          columns[to] = columns[e];
          cosines[to++] = cosines[e];
        }
      }
    }
    at[weights.length] = to;
    System.arraycopy(at, 0, starts, 0, at.length);
    return this;
  }

  /** Takes a sample as labelled. */
  void cover(int number) {
    covered[number] = 1;
    for (int e = starts[number]; e < starts[number + 1]; e++) {
      covered[columns[e]] = Math.max(covered[columns[e]], cosines[e]);
    }
  }

  private double gain(int number) {
    double gain = weights[number] * Math.max(0, 1 - covered[number]);
    for (int e = starts[number]; e < starts[number + 1]; e++) {
      int j = columns[e];
      if (cosines[e] > covered[j]) {
        gain += (double) weights[j] * (cosines[e] - covered[j]);
      }
    }
    return gain;
  }

  /**
   * Chooses samples, the best first.
   *
   * @param open whether a sample may be chosen [N]
   * @param count how many; fewer where there are not as many
   */
  List<Chosen> choose(boolean[] open, int count) {
    record Bound(int number, double gain, int round) {}
    PriorityQueue<Bound> bounds =
        new PriorityQueue<>(
            (a, b) -> {
              int order = Double.compare(b.gain, a.gain);
              return order != 0 ? order : Integer.compare(a.number, b.number);
            });
    for (int i = 0; i < open.length; i++) {
      if (open[i]) {
        bounds.add(new Bound(i, gain(i), 0));
      }
    }
    List<Chosen> chosen = new ArrayList<>();
    while (chosen.size() < count && !bounds.isEmpty()) {
      Bound first = bounds.remove();
      if (first.round == chosen.size()) {
        chosen.add(new Chosen(first.number, first.gain));
        cover(first.number);
      } else {
        bounds.add(new Bound(first.number, gain(first.number), chosen.size()));
      }
    }
    return chosen;
  }
}
