package io.github.lsgspark.report;

import io.github.lsgspark.config.Seeds;
import java.util.SplittableRandom;

/**
 * Places for the nodes of a small graph, so that joined ones are near (Fruchterman and Reingold
 * 1991). The same graph gives the same picture.
 */
final class ForceLayout {
  private static final int ROUNDS = 400;
  private static final double GRAVITY = 0.04;

  private ForceLayout() {}

  /**
   * Places nodes so that joined ones lie close.
   *
   * @param weights [n][n] symmetric, 0 where nodes are not joined
   * @return x and y of each node, in [0, 1]
   */
  static double[][] place(double[][] weights) {
    int size = weights.length;
    SplittableRandom random = new SplittableRandom(Seeds.derive(0, "layout", size));
    double[][] at = new double[size][2];
    for (double[] place : at) {
      place[0] = random.nextDouble() - 0.5;
      place[1] = random.nextDouble() - 0.5;
    }
    double ideal = Math.sqrt(1.0 / Math.max(1, size));
    for (int round = 0; round < ROUNDS; round++) {
      double temperature = 0.1 * (1 - (double) round / ROUNDS);
      double[][] force = forces(at, weights, ideal);
      for (int i = 0; i < size; i++) {
        double length = Math.max(1e-9, Math.hypot(force[i][0], force[i][1]));
        double step = Math.min(length, temperature) / length;
        at[i][0] += force[i][0] * step;
        at[i][1] += force[i][1] * step;
      }
    }
    return scaled(at);
  }

  private static double[][] forces(double[][] at, double[][] weights, double ideal) {
    double[][] force = new double[at.length][2];
    for (int i = 0; i < at.length; i++) {
      force[i][0] -= GRAVITY * at[i][0] / ideal;
      force[i][1] -= GRAVITY * at[i][1] / ideal;
      for (int j = 0; j < at.length; j++) {
        if (i == j) {
          continue;
        }
        double dx = at[i][0] - at[j][0];
        double dy = at[i][1] - at[j][1];
        double distance = Math.max(1e-4, Math.hypot(dx, dy));
        double push = ideal * ideal / distance - weights[i][j] * distance * distance / ideal;
        force[i][0] += dx / distance * push;
        force[i][1] += dy / distance * push;
      }
    }
    return force;
  }

  private static double[][] scaled(double[][] at) {
    for (int axis = 0; axis < 2; axis++) {
      double low = Double.POSITIVE_INFINITY;
      double high = Double.NEGATIVE_INFINITY;
      for (double[] place : at) {
        low = Math.min(low, place[axis]);
        high = Math.max(high, place[axis]);
      }
      for (double[] place : at) {
        place[axis] = high > low ? (place[axis] - low) / (high - low) : 0.5;
      }
    }
    return at;
  }
}
