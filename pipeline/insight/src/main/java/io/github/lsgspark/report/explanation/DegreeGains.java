package io.github.lsgspark.report.explanation;

import io.github.lsgspark.report.page.Estimate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;

/**
 * Accuracy by the degree of a class in the label graph: with how many other classes it is joined.
 * Every seed is counted by the graph that guided it.
 *
 * @param guiding whether degrees are those of the semantic graph that guided the method; otherwise
 *     of the class graph, as where that graph joins no class with another
 * @param groups classes of degree 0 if there are any, then quarters of the others; classes of the
 *     same degree are in the same group
 * @param correlation of a class's gain with its degree: Spearman's, seed by seed; without runs
 *     where all degrees or all gains are equal
 */
record DegreeGains(boolean guiding, List<Group> groups, Estimate correlation) {
  private static final int QUANTILES = 4;

  /** With two classes a correlation is 1 or -1 whatever the gains. */
  private static final int FEWEST_CLASSES = 3;

  /**
   * Classes of about the same degree.
   *
   * @param from lowest degree
   * @param to highest degree
   * @param classes how many, a mean over the seeds
   * @param accuracy percent, a mean over its classes
   */
  record Group(int from, int to, double classes, Paired accuracy) {

    /** As in "3 to 5". */
    String degrees() {
      return from == to ? Integer.toString(from) : from + " to " + to;
    }
  }

  /**
   * @param degrees [pairs][classes]; classes without test samples do not count
   */
  static DegreeGains of(List<SeedPair> pairs, int[][] degrees, boolean guiding) {
    List<Group> groups = new ArrayList<>();
    int from = 0;
    for (int to : bounds(pairs, degrees)) {
      groups.add(group(pairs, degrees, from, to));
      from = to + 1;
    }
    List<Double> correlations = new ArrayList<>();
    for (int p = 0; p < pairs.size(); p++) {
      double correlation = correlation(pairs.get(p), degrees[p]);
      if (!Double.isNaN(correlation)) {
        correlations.add(correlation);
      }
    }
    return new DegreeGains(guiding, groups, Estimate.of(correlations));
  }

  /** The highest degree of each group. */
  private static TreeSet<Integer> bounds(List<SeedPair> pairs, int[][] degrees) {
    int[] sorted =
        IntStream.range(0, degrees.length)
            .flatMap(p -> measured(pairs.get(p), degrees[p].length).map(c -> degrees[p][c]))
            .sorted()
            .toArray();
    TreeSet<Integer> bounds = new TreeSet<>();
    if (sorted.length > 0 && sorted[0] == 0) {
      bounds.add(0);
    }
    int[] joined = Arrays.stream(sorted).filter(degree -> degree > 0).toArray();
    for (int quantile = 1; quantile <= QUANTILES && joined.length > 0; quantile++) {
      bounds.add(joined[(int) Math.ceil((double) joined.length * quantile / QUANTILES) - 1]);
    }
    return bounds;
  }

  private static Group group(List<SeedPair> pairs, int[][] degrees, int from, int to) {
    Map<RunErrors, int[]> members = new HashMap<>();
    int lowest = to;
    double classes = 0;
    for (int p = 0; p < pairs.size(); p++) {
      int[] own = degrees[p];
      SeedPair pair = pairs.get(p);
      int[] group =
          measured(pair, own.length).filter(c -> own[c] >= from && own[c] <= to).toArray();
      members.put(pair.baseline(), group);
      members.put(pair.method(), group);
      lowest = Math.min(lowest, Arrays.stream(group).map(c -> own[c]).min().orElse(to));
      classes += (double) group.length / pairs.size();
    }
    return new Group(lowest, to, classes, Paired.of(pairs, run -> mean(run, members.get(run))));
  }

  private static double mean(RunErrors run, int[] classes) {
    return Arrays.stream(classes).mapToDouble(run::accuracy).average().orElse(Double.NaN);
  }

  private static IntStream measured(SeedPair pair, int classes) {
    return IntStream.range(0, classes)
        .filter(c -> pair.baseline().count(c) > 0 && pair.method().count(c) > 0);
  }

  private static double correlation(SeedPair pair, int[] degrees) {
    int[] classes = measured(pair, degrees.length).toArray();
    if (classes.length < FEWEST_CLASSES) {
      return Double.NaN;
    }
    return new SpearmansCorrelation()
        .correlation(
            Arrays.stream(classes).mapToDouble(c -> degrees[c]).toArray(),
            Arrays.stream(classes)
                .mapToDouble(c -> pair.method().accuracy(c) - pair.baseline().accuracy(c))
                .toArray());
  }
}
