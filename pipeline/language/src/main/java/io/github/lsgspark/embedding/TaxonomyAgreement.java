package io.github.lsgspark.embedding;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.graph.LabelTree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far the cosines of class means follow a taxonomy: Spearman's rank correlation with its
 * similarities over pairs of labels, and the share of labels whose nearest label is a sibling,
 * among those that have one.
 */
final class TaxonomyAgreement {
  private static final Logger LOG = LoggerFactory.getLogger(TaxonomyAgreement.class);

  /** Above this many labels, those of an even spread over the list. */
  private static final int LABELS = 1500;

  private TaxonomyAgreement() {}

  /**
   * The entries of metrics.json.
   *
   * @throws LsgException exit 3 if the taxonomy names fewer than three of the labels
   */
  static Map<String, Object> of(LabelTree tree, List<ClassSums> sums) {
    List<ClassSums> known = sums.stream().filter(one -> tree.contains(one.labelId())).toList();
    if (known.size() < 3) {
      throw LsgException.input(
          "labels.taxonomy names only "
              + known.size()
              + " of the "
              + sums.size()
              + " labels; names are compared as texts, not as numbers");
    }
    if (known.size() < sums.size()) {
      LOG.warn(
          "labels.taxonomy does not name {} of the {} labels",
          sums.size() - known.size(),
          sums.size());
    }
    int step = (known.size() + LABELS - 1) / LABELS;
    List<double[]> means = new ArrayList<>();
    List<Integer> ids = new ArrayList<>();
    for (int i = 0; i < known.size(); i += step) {
      means.add(UnitVectors.scaledTo(known.get(i).train().clone(), 1));
      ids.add(known.get(i).labelId());
    }
    Map<String, Object> entries = new LinkedHashMap<>();
    entries.put("taxonomy_labels", known.size());
    entries.putAll(measure(tree, means, ids));
    return entries;
  }

  private static Map<String, Object> measure(
      LabelTree tree, List<double[]> means, List<Integer> ids) {
    int size = means.size();
    double[] cosines = new double[size * (size - 1) / 2];
    double[] similarities = new double[cosines.length];
    int[] nearest = new int[size];
    double[] nearestCosine = new double[size];
    Arrays.fill(nearestCosine, Double.NEGATIVE_INFINITY);
    boolean[] hasSibling = new boolean[size];
    int pair = 0;
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < i; j++, pair++) {
        cosines[pair] = UnitVectors.dot(means.get(i), means.get(j));
        similarities[pair] = tree.similarity(ids.get(i), ids.get(j));
        for (int[] side : new int[][] {{i, j}, {j, i}}) {
          if (cosines[pair] > nearestCosine[side[0]]) {
            nearestCosine[side[0]] = cosines[pair];
            nearest[side[0]] = side[1];
          }
        }
        if (tree.siblings(ids.get(i), ids.get(j))) {
          hasSibling[i] = true;
          hasSibling[j] = true;
        }
      }
    }
    int[] withSibling = IntStream.range(0, size).filter(i -> hasSibling[i]).toArray();
    long hits =
        Arrays.stream(withSibling)
            .filter(i -> tree.siblings(ids.get(i), ids.get(nearest[i])))
            .count();
    Map<String, Object> entries = new LinkedHashMap<>();
    entries.put("taxonomy_spearman", correlation(ranks(cosines), ranks(similarities)));
    entries.put("taxonomy_nearest_is_sibling", (double) hits / withSibling.length);
    return entries;
  }

  /** Ranks from 0; equal values share the mean of theirs. */
  static double[] ranks(double[] values) {
    Integer[] order = IntStream.range(0, values.length).boxed().toArray(Integer[]::new);
    Arrays.sort(order, Comparator.comparingDouble(i -> values[i]));
    double[] ranks = new double[values.length];
    for (int from = 0; from < order.length; ) {
      int to = from;
      while (to < order.length && values[order[to]] == values[order[from]]) {
        to++;
      }
      for (int i = from; i < to; i++) {
        ranks[order[i]] = (from + to - 1) / 2.0;
      }
      from = to;
    }
    return ranks;
  }

  private static double correlation(double[] a, double[] b) {
    double meanA = Arrays.stream(a).average().orElse(0);
    double meanB = Arrays.stream(b).average().orElse(0);
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += (a[i] - meanA) * (b[i] - meanB);
      aa += (a[i] - meanA) * (a[i] - meanA);
      bb += (b[i] - meanB) * (b[i] - meanB);
    }
    return ab / Math.sqrt(aa * bb);
  }
}
