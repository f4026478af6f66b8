package io.github.lsgspark.graph.search;

import java.io.Serializable;
import java.util.Arrays;

/**
 * The best few candidates of each row of a block, by a screening score: one bounded heap per row in
 * flat arrays, the worst candidate on top.
 */
final class TopCandidates implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int capacity;
  private final int[] sizes;
  private final int[] ids;
  private final float[] scores;

  TopCandidates(int rows, int capacity) {
    this.capacity = capacity;
    this.sizes = new int[rows];
    this.ids = new int[Math.multiplyExact(rows, capacity)];
    this.scores = new float[rows * capacity];
  }

  int rows() {
    return sizes.length;
  }

  /** What a candidate of a row must exceed to be taken. */
  float bar(int row) {
    return sizes[row] < capacity ? Float.NEGATIVE_INFINITY : scores[row * capacity];
  }

  /** Whether candidates of a row may have been turned away. */
  boolean isFull(int row) {
    return sizes[row] == capacity;
  }

  /** Score of the k-th best candidate of a row, or of the worst if there are fewer. */
  float score(int row, int k) {
    float[] sorted = Arrays.copyOfRange(scores, row * capacity, row * capacity + sizes[row]);
    Arrays.sort(sorted);
    return sorted[Math.max(0, sorted.length - k)];
  }

  /** The candidates of a row, in no order. */
  int[] candidates(int row) {
    return Arrays.copyOfRange(ids, row * capacity, row * capacity + sizes[row]);
  }

  /** Writes candidates and scores of a row, in no order, from a place on. */
  void copy(int row, int[] idsOut, float[] scoresOut, int at) {
    System.arraycopy(ids, row * capacity, idsOut, at, sizes[row]);
    System.arraycopy(scores, row * capacity, scoresOut, at, sizes[row]);
  }

  void offer(int row, int id, float score) {
    int base = row * capacity;
    if (sizes[row] < capacity) {
      int place = sizes[row]++;
      while (place > 0 && scores[base + (place - 1) / 2] > score) {
        move(base, (place - 1) / 2, place);
        place = (place - 1) / 2;
      }
      put(base + place, id, score);
    } else if (score > scores[base]) {
      int place = 0;
      for (int child = 1; child < capacity; child = 2 * place + 1) {
        if (child + 1 < capacity && scores[base + child + 1] < scores[base + child]) {
          child++;
        }
        if (scores[base + child] >= score) {
          break;
        }
        move(base, child, place);
        place = child;
      }
      put(base + place, id, score);
    }
  }

  private void move(int base, int from, int to) {
    put(base + to, ids[base + from], scores[base + from]);
  }

  private void put(int place, int id, float score) {
    ids[place] = id;
    scores[place] = score;
  }

  /** Takes over what another search found for the same rows. */
  TopCandidates merge(TopCandidates other) {
    for (int row = 0; row < sizes.length; row++) {
      int base = row * capacity;
      for (int c = 0; c < other.sizes[row]; c++) {
        offer(row, other.ids[base + c], other.scores[base + c]);
      }
    }
    return this;
  }
}
