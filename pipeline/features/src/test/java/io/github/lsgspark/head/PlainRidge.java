package io.github.lsgspark.head;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Transform and ridge regression in plain double loops, refitted without each sample. */
final class PlainRidge {
  private PlainRidge() {}

  /** sqrt, less the mean of all rows, unit length, for the columns [from, to). */
  static double[][] transform(List<Features> rows, int from, int to) {
    int d = to - from;
    double[][] x = new double[rows.size()][d];
    double[] mean = new double[d];
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < d; j++) {
        double h = rows.get(i).values()[from + j];
        x[i][j] = Math.signum(h) * Math.sqrt(Math.abs(h));
        mean[j] += x[i][j] / x.length;
      }
    }
    for (double[] row : x) {
      double squares = 0;
      for (int j = 0; j < d; j++) {
        row[j] -= mean[j];
        squares += row[j] * row[j];
      }
      for (int j = 0; j < d; j++) {
        row[j] /= Math.sqrt(squares);
      }
    }
    return x;
  }

  /** W [d][C] of weighted rows with soft targets. */
  static double[][] solve(double[][] x, double[][] y, double[] weights, double lambda) {
    int d = x[0].length;
    int classes = y[0].length;
    double[][] system = new double[d][d + classes];
    for (int i = 0; i < x.length; i++) {
      for (int a = 0; a < d; a++) {
        for (int b = 0; b < d; b++) {
          system[a][b] += weights[i] * x[i][a] * x[i][b];
        }
        for (int c = 0; c < classes; c++) {
          system[a][d + c] += weights[i] * x[i][a] * y[i][c];
        }
      }
    }
    for (int a = 0; a < d; a++) {
      system[a][a] += lambda;
    }
    for (int a = 0; a < d; a++) {
      double pivot = system[a][a];
      for (int b = 0; b < d; b++) {
        double factor = system[b][a] / pivot;
        if (b != a && factor != 0) {
          for (int c = a; c < d + classes; c++) {
            system[b][c] -= factor * system[a][c];
          }
        }
      }
    }
    double[][] w = new double[d][classes];
    for (int a = 0; a < d; a++) {
      for (int c = 0; c < classes; c++) {
        w[a][c] = system[a][d + c] / system[a][a];
      }
    }
    return w;
  }

  static double[] scores(double[][] w, double[] x) {
    double[] scores = new double[w[0].length];
    for (int a = 0; a < w.length; a++) {
      for (int c = 0; c < scores.length; c++) {
        scores[c] += w[a][c] * x[a];
      }
    }
    return scores;
  }

  static double[][] oneHot(List<Features> rows, int classes) {
    double[][] y = new double[rows.size()][classes];
    for (int i = 0; i < y.length; i++) {
      if (rows.get(i).label() >= 0) {
        y[i][rows.get(i).label()] = 1;
      }
    }
    return y;
  }

  /** Scores by sample, of its first view, from a fit without all of its views. */
  static Map<String, double[]> leftOut(
      List<Features> rows, double[][] x, int classes, double[] classWeights, double lambda) {
    double[][] y = oneHot(rows, classes);
    Map<String, double[]> scores = new HashMap<>();
    for (int i = 0; i < x.length; i++) {
      String id = rows.get(i).id();
      if (rows.get(i).label() < 0 || scores.containsKey(id)) {
        continue;
      }
      List<Integer> others = new ArrayList<>();
      for (int j = 0; j < x.length; j++) {
        if (rows.get(j).label() >= 0 && !rows.get(j).id().equals(id)) {
          others.add(j);
        }
      }
      double[][] w =
          solve(
              others.stream().map(j -> x[j]).toArray(double[][]::new),
              others.stream().map(j -> y[j]).toArray(double[][]::new),
              others.stream().mapToDouble(j -> classWeights[rows.get(j).label()]).toArray(),
              lambda);
      scores.put(id, scores(w, x[i]));
    }
    return scores;
  }

  static double[] softmax(double[] scores, double temperature) {
    double largest = Arrays.stream(scores).max().orElseThrow();
    double[] p = Arrays.stream(scores).map(s -> Math.exp((s - largest) / temperature)).toArray();
    double sum = Arrays.stream(p).sum();
    return Arrays.stream(p).map(value -> value / sum).toArray();
  }
}
