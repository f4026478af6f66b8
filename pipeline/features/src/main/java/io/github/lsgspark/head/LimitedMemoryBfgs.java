package io.github.lsgspark.head;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Minimises a smooth convex function by its gradients (L-BFGS: Nocedal 1980), with steps that are
 * halved until the function falls enough (Armijo).
 */
final class LimitedMemoryBfgs {
  private static final int MEMORY = 8;
  private static final double ENOUGH = 1e-4;
  private static final int MOST_HALVINGS = 40;

  private LimitedMemoryBfgs() {}

  /** A function of many numbers. */
  @FunctionalInterface
  interface Objective {
    /** The value, and the gradient behind it. */
    double[] at(double[] point);
  }

  /** A change of the point, and the one of the gradient. */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  private record Change(double[] s, double[] y, double product) {}

  /**
   * The point where the gradient's length is at most {@code longest}, or where the steps end.
   *
   * @param iterations at most
   */
  static double[] minimise(Objective objective, double[] start, double longest, int iterations) {
    double[] point = start.clone();
    double[] found = objective.at(point);
    Deque<Change> changes = new ArrayDeque<>();
    for (int i = 0; i < iterations && length(found) > longest; i++) {
      double[] direction = direction(found, changes);
      double slope = slope(direction, found);
      double step = changes.isEmpty() ? Math.min(1, 1 / length(found)) : 1;
      double[] next = null;
      double[] there = null;
      for (int halving = 0; halving < MOST_HALVINGS; halving++) {
        next = moved(point, direction, step);
        there = objective.at(next);
        if (there[0] <= found[0] + ENOUGH * step * slope) {
          break;
        }
        step /= 2;
      }
      if (!(there[0] < found[0])) {
        // Rounding is all that is left.
        return point;
      }
      remember(changes, point, next, found, there);
      point = next;
      found = there;
    }
    return point;
  }

  private static void remember(
      Deque<Change> changes, double[] point, double[] next, double[] found, double[] there) {
    double[] s = new double[point.length];
    double[] y = new double[point.length];
    double product = 0;
    for (int i = 0; i < s.length; i++) {
      s[i] = next[i] - point[i];
      y[i] = there[1 + i] - found[1 + i];
      product += s[i] * y[i];
    }
    if (product > 0) {
      changes.addLast(new Change(s, y, product));
      if (changes.size() > MEMORY) {
        changes.removeFirst();
      }
    }
  }

  /** Minus the inverse Hessian, as far as it is known, times the gradient. */
  private static double[] direction(double[] found, Deque<Change> changes) {
    double[] q = new double[found.length - 1];
    for (int i = 0; i < q.length; i++) {
      q[i] = -found[1 + i];
    }
    double[] factors = new double[changes.size()];
    int at = changes.size();
    for (var newest = changes.descendingIterator(); newest.hasNext(); ) {
      Change change = newest.next();
      at--;
      factors[at] = dot(change.s, q) / change.product;
      add(q, change.y, -factors[at]);
    }
    if (!changes.isEmpty()) {
      Change last = changes.getLast();
      double scale = last.product / dot(last.y, last.y);
      for (int i = 0; i < q.length; i++) {
        q[i] *= scale;
      }
    }
    for (Change change : changes) {
      add(q, change.s, factors[at] - dot(change.y, q) / change.product);
      at++;
    }
    return q;
  }

  private static double[] moved(double[] point, double[] direction, double step) {
    double[] next = point.clone();
    add(next, direction, step);
    return next;
  }

  private static void add(double[] to, double[] what, double factor) {
    for (int i = 0; i < to.length; i++) {
      to[i] += factor * what[i];
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double slope(double[] direction, double[] found) {
    double sum = 0;
    for (int i = 0; i < direction.length; i++) {
      sum += direction[i] * found[1 + i];
    }
    return sum;
  }

  /** Of the gradient. */
  private static double length(double[] found) {
    double squares = 0;
    for (int i = 1; i < found.length; i++) {
      squares += found[i] * found[i];
    }
    return Math.sqrt(squares);
  }
}
