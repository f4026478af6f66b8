package io.github.lsgspark.graph.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.util.LongAccumulator;

/**
 * Makes the k best of candidates that were found in float32: scores them in double, and proves, if
 * asked, that nobody better was turned away.
 *
 * <p>Cosines of float32 are wrong by less than a bound that depends on the dimension alone. If the
 * k-th best is better than the worst candidate that was kept by more than the bound, nobody turned
 * away could be among the k best. For a node of which that cannot be said, such as one of many
 * copies, everybody within twice the bound of its k-th best is scored.
 */
final class Rescoring {
  /** Candidates that a search keeps beyond k, so that float32's order need not be right. */
  static final int SPARE = 16;

  /** Candidates of a second search at most: all nodes may be copies of one. */
  private static final int LARGEST_LIST = 1 << 26;

  private Rescoring() {}

  /**
   * Of candidates that leave nobody out but those with a smaller float32 cosine.
   *
   * @param own node of each row, ascending
   * @param undecided counts the nodes that needed a second search
   */
  static List<Neighbour> proven(
      NodeBlocks nodes, int[] own, int k, TopCandidates found, LongAccumulator undecided) {
    // Rounding to float and summing D products, each wrong by half a unit in the last place.
    double bound = 1.01 * (nodes.dimension() + 3) * 0x1p-24;
    List<List<Neighbour>> best = best(nodes, own, k, candidates(found));
    int[] doubtful =
        IntStream.range(0, own.length)
            .filter(
                row ->
                    found.isFull(row)
                        && !(best.get(row).get(best.get(row).size() - 1).cosine()
                            > found.bar(row) + bound))
            .toArray();
    if (doubtful.length > 0) {
      undecided.add(doubtful.length);
      int rowsAtOnce = Math.max(16, LARGEST_LIST / nodes.count());
      for (int from = 0; from < doubtful.length; from += rowsAtOnce) {
        int to = Math.min(doubtful.length, from + rowsAtOnce);
        searchAgain(nodes, own, k, found, 2 * bound, Arrays.copyOfRange(doubtful, from, to), best);
      }
    }
    return best.stream().flatMap(List::stream).toList();
  }

  /** Of candidates of an approximate search. */
  static List<Neighbour> approximate(NodeBlocks nodes, int[] own, int k, TopCandidates found) {
    return best(nodes, own, k, candidates(found)).stream().flatMap(List::stream).toList();
  }

  private static int[][] candidates(TopCandidates found) {
    return IntStream.range(0, found.rows()).mapToObj(found::candidates).toArray(int[][]::new);
  }

  private static void searchAgain(
      NodeBlocks nodes,
      int[] own,
      int k,
      TopCandidates found,
      double margin,
      int[] rows,
      List<List<Neighbour>> best) {
    int[] doubtful = Arrays.stream(rows).map(row -> own[row]).toArray();
    double[] least = Arrays.stream(rows).mapToDouble(row -> found.score(row, k) - margin).toArray();
    IntList[] near = new IntList[rows.length];
    Arrays.setAll(near, i -> new IntList());
    try (BlockProduct.Rows vectors = Products.unit(nodes, doubtful)) {
      for (int b = 0; b < nodes.blocks(); b++) {
        VectorBlock block = nodes.block(b);
        try (BlockProduct.Rows others = Products.unit(block)) {
          int start = block.start();
          Products.forEachPiece(
              vectors,
              doubtful.length,
              others,
              block.count(),
              false,
              piece -> collect(piece, start, doubtful, least, near));
        }
      }
    }
    List<List<Neighbour>> again =
        best(nodes, doubtful, k, Arrays.stream(near).map(IntList::toArray).toArray(int[][]::new));
    for (int i = 0; i < rows.length; i++) {
      best.set(rows[i], again.get(i));
    }
  }

  private static void collect(
      Products.Piece piece, int start, int[] own, double[] least, IntList[] near) {
    for (int i = 0; i < piece.height(); i++) {
      int row = piece.row() + i;
      for (int j = 0, at = i * piece.width(); j < piece.width(); j++, at++) {
        int node = start + piece.column() + j;
        if (piece.cosines()[at] >= least[row] && node != own[row]) {
          near[row].add(node);
        }
      }
    }
  }

  /**
   * The k best candidates of each node by their cosines in double; blocks are asked for in order.
   */
  private static List<List<Neighbour>> best(
      NodeBlocks nodes, int[] own, int k, int[][] candidates) {
    Best[] best = new Best[own.length];
    for (int row = 0; row < own.length; row++) {
      Arrays.sort(candidates[row]);
      best[row] = new Best(Math.min(k, candidates[row].length));
    }
    int[] next = new int[own.length];
    for (int b = 0; b < nodes.blocks(); b++) {
      VectorBlock other = null;
      VectorBlock mine = null;
      for (int row = 0; row < own.length; row++) {
        int[] ids = candidates[row];
        while (next[row] < ids.length && ids[next[row]] < nodes.end(b)) {
          if (other == null) {
            other = nodes.block(b);
          }
          if (mine == null || own[row] < mine.start() || own[row] >= mine.end()) {
            mine = nodes.block(nodes.blockOf(own[row]));
          }
          int id = ids[next[row]++];
          best[row].offer(id, VectorBlock.cosine(mine, own[row], other, id));
        }
      }
    }
    List<List<Neighbour>> sorted = new ArrayList<>(own.length);
    for (int row = 0; row < own.length; row++) {
      sorted.add(best[row].neighbours(own[row]));
    }
    return sorted;
  }

  /** The k best of those that are offered in ascending order of their numbers, sorted. */
  private static final class Best {
    private final int[] ids;
    private final double[] cosines;
    private int size;

    Best(int k) {
      ids = new int[k];
      cosines = new double[k];
    }

    void offer(int id, double cosine) {
      int place = size < ids.length ? size++ : ids.length;
      for (; place > 0 && cosine > cosines[place - 1]; place--) {
        if (place < ids.length) {
          ids[place] = ids[place - 1];
          cosines[place] = cosines[place - 1];
        }
      }
      if (place < ids.length) {
        ids[place] = id;
        cosines[place] = cosine;
      }
    }

    List<Neighbour> neighbours(int node) {
      return IntStream.range(0, size)
          .mapToObj(i -> new Neighbour(node, ids[i], cosines[i]))
          .toList();
    }
  }

  /** A list of ints that grows. */
  private static final class IntList {
    private int[] values = new int[64];
    private int size;

    void add(int value) {
      if (size == values.length) {
        values = Arrays.copyOf(values, 2 * size);
      }
      values[size++] = value;
    }

    int[] toArray() {
      return Arrays.copyOf(values, size);
    }
  }
}
