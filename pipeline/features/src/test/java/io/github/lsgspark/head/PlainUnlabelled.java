package io.github.lsgspark.head;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Both uses of unlabelled samples in plain double loops over whole matrices. */
final class PlainUnlabelled {
  private PlainUnlabelled() {}

  /** What samples are taken for [n][C], with what weights, and the head W [d][C]. */
  record Result(double[][] p, double[] weights, double[][] w) {}

  static Result balanced(
      double[][] x,
      int[] labels,
      double[][] first,
      double[] shares,
      int rounds,
      double firstTemperature,
      double temperature,
      int sweeps,
      double labelledWeight,
      double lambda) {
    int n = x.length;
    int classes = shares.length;
    double[][] w = first;
    Result result = null;
    for (int round = 0; round < rounds; round++) {
      double t = round == 0 ? firstTemperature : temperature;
      double[][] k = new double[n][classes];
      for (int i = 0; i < n; i++) {
        double[] scores = scores(w, x[i]);
        double largest = Arrays.stream(scores).max().orElseThrow();
        for (int c = 0; c < classes; c++) {
          k[i][c] = Math.exp((scores[c] - largest) / t);
        }
      }
      double[] v = new double[classes];
      for (int c = 0; c < classes; c++) {
        v[c] = shares[c] > 0 ? 1 : 0;
      }
      double[] u = new double[n];
      for (int sweep = 0; sweep <= sweeps; sweep++) {
        for (int i = 0; i < n; i++) {
          double sum = 0;
          for (int c = 0; c < classes; c++) {
            sum += k[i][c] * v[c];
          }
          u[i] = 1 / sum;
        }
        for (int c = 0; c < classes && sweep < sweeps; c++) {
          double sum = 0;
          for (int i = 0; i < n; i++) {
            sum += u[i] * k[i][c];
          }
          v[c] = shares[c] > 0 ? n * shares[c] / sum : 0;
        }
      }
      double[][] p = new double[n][classes];
      double[] weights = new double[n];
      for (int i = 0; i < n; i++) {
        for (int c = 0; c < classes; c++) {
          p[i][c] = labels[i] >= 0 ? (labels[i] == c ? 1 : 0) : u[i] * k[i][c] * v[c];
          weights[i] = labels[i] >= 0 ? labelledWeight : Math.max(weights[i], p[i][c]);
        }
      }
      w = ridge(x, p, weights, lambda);
      result = new Result(p, weights, w);
    }
    return result;
  }

  static Result spread(
      double[][] x,
      int[] labels,
      double[] shares,
      int k,
      double power,
      double alpha,
      int sweeps,
      double labelledWeight,
      double lambda) {
    int n = x.length;
    int classes = shares.length;
    double[][] graph = new double[n][n];
    for (int i = 0; i < n; i++) {
      int row = i;
      List<Integer> others = new ArrayList<>();
      for (int j = 0; j < n; j++) {
        if (j != i) {
          others.add(j);
        }
      }
      others.sort(Comparator.comparingDouble(j -> -cosine(x[row], x[j])));
      for (int j : others.subList(0, Math.min(k, others.size()))) {
        double weight = Math.pow(Math.max(cosine(x[i], x[j]), 0), power) / 2;
        graph[i][j] += weight;
        graph[j][i] += weight;
      }
    }
    double[] degrees = Arrays.stream(graph).mapToDouble(r -> Arrays.stream(r).sum()).toArray();
    double[][] f = new double[n][classes];
    for (int sweep = 0; sweep <= sweeps; sweep++) {
      double[][] next = new double[n][classes];
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n && sweep > 0; j++) {
          for (int c = 0; c < classes && graph[i][j] > 0; c++) {
            next[i][c] += alpha * graph[i][j] / Math.sqrt(degrees[i] * degrees[j]) * f[j][c];
          }
        }
        if (labels[i] >= 0) {
          next[i][labels[i]] += sweep == 0 ? 1 : 1 - alpha;
        }
      }
      f = next;
    }
    double[] sums = new double[classes];
    for (double[] row : f) {
      for (int c = 0; c < classes; c++) {
        sums[c] += row[c];
      }
    }
    double[] weights = new double[n];
    for (int i = 0; i < n; i++) {
      double total = 0;
      for (int c = 0; c < classes; c++) {
        f[i][c] = labels[i] >= 0 ? (labels[i] == c ? 1 : 0) : f[i][c] * shares[c] / sums[c];
        total += f[i][c];
      }
      double entropy = 0;
      for (int c = 0; c < classes && total > 0; c++) {
        f[i][c] /= total;
        entropy -= f[i][c] > 0 ? f[i][c] * Math.log(f[i][c]) : 0;
      }
      double sure = total > 0 ? 1 - entropy / Math.log(classes) : 0;
      weights[i] = labels[i] >= 0 ? labelledWeight : sure;
    }
    return new Result(f, weights, ridge(x, f, weights, lambda));
  }

  private static double cosine(double[] a, double[] b) {
    double product = 0;
    for (int j = 0; j < a.length; j++) {
      product += a[j] * b[j];
    }
    return product;
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

  /** W [d][C] by Gauss and Jordan. */
  static double[][] ridge(double[][] x, double[][] y, double[] weights, double lambda) {
    int d = x[0].length;
    int classes = y[0].length;
    double[][] system = new double[d][d + classes];
    for (int i = 0; i < x.length; i++) {
      for (int a = 0; a < d; a++) {
        for (int b = 0; b < d + classes; b++) {
          system[a][b] += weights[i] * x[i][a] * (b < d ? x[i][b] : y[i][b - d]);
        }
      }
    }
    for (int a = 0; a < d; a++) {
      system[a][a] += lambda;
    }
    for (int a = 0; a < d; a++) {
      for (int b = 0; b < d; b++) {
        double factor = b == a ? 0 : system[b][a] / system[a][a];
        for (int c = a; c < d + classes && factor != 0; c++) {
          system[b][c] -= factor * system[a][c];
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
}
