package io.github.lsgspark.evaluation;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.embedding.ClassSums;
import io.github.lsgspark.graph.LabelTree;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.text.Label;
import io.github.lsgspark.text.LabelSet;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/**
 * How far apart two classes are in meaning, by the mean text embedding of each class: one minus the
 * cosine, and the number of steps in the graph that joins each class with its {@value #NEIGHBOURS}
 * nearest. Always of the true label texts, whatever graph guided the training. Not safe for several
 * threads.
 */
public final class ClassDistances {
  /** Neighbours per class in the class graph; a pair is joined if one side names the other. */
  public static final int NEIGHBOURS = 3;

  /** Longer paths, and classes that no path joins, count as this many steps. */
  public static final int LONGEST_PATH = 10;

  private final double[][] means;
  private int[][] neighbours;
  private final Map<Integer, int[]> stepsFrom = new HashMap<>();

  private final Optional<LabelTree> tree;

  private ClassDistances(double[][] unitMeans, Optional<LabelTree> tree) {
    this.means = unitMeans;
    this.tree = tree;
  }

  /**
   * Distances by what the embed stage wrote, its taxonomy included.
   *
   * @throws LsgException exit 3 that names a label without a direction
   */
  static ClassDistances read(SparkSession spark, LabelSet labels, String embedDir) {
    HadoopFiles files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    return of(labels, ClassSums.read(spark, embedDir), LabelTree.read(files, embedDir));
  }

  /**
   * Distances by the training prompts of every label.
   *
   * @throws LsgException exit 3 that names a label without a direction
   */
  public static ClassDistances of(LabelSet labels, List<ClassSums> embeddings) {
    return of(labels, embeddings, Optional.empty());
  }

  private static ClassDistances of(
      LabelSet labels, List<ClassSums> embeddings, Optional<LabelTree> tree) {
    Map<String, double[]> sums = new HashMap<>();
    embeddings.forEach(sum -> sums.put(sum.label(), sum.train()));
    double[][] means = new double[labels.size()][];
    for (Label label : labels.labels()) {
      double[] sum = sums.get(label.name());
      double length = sum == null ? 0 : Math.sqrt(dot(sum, sum));
      if (!(length > 0)) {
        throw LsgException.input("no text embedding for the label \"" + label.name() + "\"");
      }
      means[label.id()] = Arrays.stream(sum).map(value -> value / length).toArray();
    }
    return new ClassDistances(means, tree);
  }

  /** One minus the cosine of the mean text embeddings, in [0, 2]. */
  public double semantic(int a, int b) {
    return 1 - dot(means[a], means[b]);
  }

  /** Whether there is a taxonomy of the labels. */
  boolean hasTaxonomy() {
    return tree.isPresent();
  }

  /**
   * How grave it is to take one class for another by the taxonomy ({@link LabelTree#severity}); NaN
   * without one, or where it does not relate them.
   */
  double severity(int a, int b) {
    return tree.map(one -> one.severity(a, b)).orElse(Double.NaN);
  }

  /** Number of classes. */
  int size() {
    return means.length;
  }

  /**
   * The straight way between the ends of both unit vectors, sqrt(2 - 2 cosine): a metric, in [0,
   * 2].
   */
  double chord(int a, int b) {
    return Math.sqrt(Math.max(0, 2 * semantic(a, b)));
  }

  /** The classes that a class is joined with in the class graph. */
  int[] neighboursOf(int label) {
    return classGraph()[label];
  }

  /** Steps between two classes in the class graph, at most {@link #LONGEST_PATH}. */
  public int steps(int from, int to) {
    return stepsFrom.computeIfAbsent(from, this::breadthFirst)[to];
  }

  /**
   * Place of a class among all others by their cosine to a class: 1 is the most similar; classes
   * that are equally similar have the same place.
   */
  public int rank(int of, int other) {
    double cosine = dot(means[of], means[other]);
    int place = 1;
    for (int c = 0; c < means.length; c++) {
      place += c != of && dot(means[of], means[c]) > cosine ? 1 : 0;
    }
    return place;
  }

  /** How many classes a class is joined with in the class graph. */
  public int degree(int of) {
    return classGraph()[of].length;
  }

  /**
   * Pairs of different classes, both orders, by their steps in the class graph.
   *
   * @return [{@link #LONGEST_PATH} + 1] counts; the first is 0
   */
  public long[] pairsBySteps() {
    long[] pairs = new long[LONGEST_PATH + 1];
    for (int from = 0; from < means.length; from++) {
      for (int steps : breadthFirst(from)) {
        pairs[steps]++;
      }
    }
    pairs[0] = 0;
    return pairs;
  }

  private int[][] classGraph() {
    if (neighbours == null) {
      neighbours = neighbours();
    }
    return neighbours;
  }

  private int[] breadthFirst(int from) {
    int[][] joined = classGraph();
    int[] steps = new int[means.length];
    Arrays.fill(steps, LONGEST_PATH);
    steps[from] = 0;
    ArrayDeque<Integer> queue = new ArrayDeque<>();
    queue.add(from);
    while (!queue.isEmpty()) {
      int current = queue.remove();
      for (int next : joined[current]) {
        if (steps[current] + 1 < steps[next]) {
          steps[next] = steps[current] + 1;
          queue.add(next);
        }
      }
    }
    return steps;
  }

  private int[][] neighbours() {
    int size = means.length;
    int[][] joined = new int[size][0];
    for (int a = 0; a < size; a++) {
      double[] best = new double[Math.min(NEIGHBOURS, size - 1)];
      int[] who = new int[best.length];
      Arrays.fill(best, Double.NEGATIVE_INFINITY);
      for (int b = 0; b < size; b++) {
        double cosine = a == b ? Double.NEGATIVE_INFINITY : dot(means[a], means[b]);
        for (int place = 0; place < best.length; place++) {
          if (cosine > best[place]) {
            System.arraycopy(best, place, best, place + 1, best.length - place - 1);
            System.arraycopy(who, place, who, place + 1, best.length - place - 1);
            best[place] = cosine;
            who[place] = b;
            break;
          }
        }
      }
      for (int b : who) {
        joined[a] = with(joined[a], b);
        joined[b] = with(joined[b], a);
      }
    }
    return joined;
  }

  private static int[] with(int[] list, int value) {
    if (Arrays.stream(list).anyMatch(present -> present == value)) {
      return list;
    }
    int[] longer = Arrays.copyOf(list, list.length + 1);
    longer[list.length] = value;
    return longer;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int d = 0; d < a.length; d++) {
      sum += a[d] * b[d];
    }
    return sum;
  }
}
