package io.github.lsgspark.graph;

import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;
import org.bytedeco.pytorch.Tensor;
import scala.Tuple2;

/**
 * The k most similar other nodes of every node by cosine, exactly; ties go to the smaller number.
 *
 * <p>Blocks of the similarity matrix are screened in float32: every node keeps the best k + {@value
 * #SPARE} it met. These are then scored in double, and the result is proven: float32 cosines are
 * wrong by less than a bound that depends on the dimension alone, so if the k-th best is better
 * than the worst kept one by more than the bound, nobody turned away could be among the k best. A
 * node for which that does not hold is searched again in double. Each pair of blocks is computed
 * once; a task holds one block of the matrix.
 */
final class ExactSearch implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int SPARE = 16;
  private static final int TASKS_PER_SLOT = 4;

  private final Broadcast<NodeVectors> vectors;
  private final Broadcast<float[]> screening;
  private final LongAccumulator searchedAgain;
  private final int k;
  private final int blockRows;
  private final int blocks;

  /** One neighbour of a node. */
  record Neighbour(int node, int neighbour, double cosine) implements Serializable {}

  ExactSearch(JavaSparkContext spark, Broadcast<NodeVectors> vectors, int k, int largestBlock) {
    NodeVectors nodes = vectors.value();
    this.vectors = vectors;
    this.screening = spark.broadcast(nodes.floats());
    this.searchedAgain = spark.sc().longAccumulator("nodes searched again in double");
    this.k = k;
    int wantedBlocks = 2 * TASKS_PER_SLOT * spark.defaultParallelism();
    this.blockRows =
        Math.max(16, Math.min(largestBlock, (nodes.count() + wantedBlocks - 1) / wantedBlocks));
    this.blocks = (nodes.count() + blockRows - 1) / blockRows;
  }

  /** Nodes whose result float32 could not prove; known when the result has been computed. */
  LongAccumulator searchedAgain() {
    return searchedAgain;
  }

  /** The neighbours of all nodes, best first for each node. */
  JavaRDD<Neighbour> neighbours(JavaSparkContext spark) {
    // A strip of blocks becomes shorter towards the end: the first goes with the last.
    List<int[]> strips =
        IntStream.range(0, (blocks + 1) / 2)
            .mapToObj(a -> a == blocks - 1 - a ? new int[] {a} : new int[] {a, blocks - 1 - a})
            .toList();
    JavaPairRDD<Integer, TopCandidates> found =
        spark
            .parallelize(strips, Math.max(1, strips.size()))
            .flatMapToPair(
                pair ->
                    Arrays.stream(pair)
                        .boxed()
                        .flatMap(strip -> screen(strip).stream())
                        .iterator());
    return found.reduceByKey(TopCandidates::merge).flatMap(block -> exact(block._1(), block._2()));
  }

  private int start(int block) {
    return block * blockRows;
  }

  private int end(int block) {
    return Math.min(vectors.value().count(), (block + 1) * blockRows);
  }

  /** Blocks (a, a), (a, a+1) … of the matrix, which serve the rows of both sides. */
  private List<Tuple2<Integer, TopCandidates>> screen(int a) {
    int capacity = k + SPARE;
    TopCandidates own = new TopCandidates(end(a) - start(a), capacity);
    List<Tuple2<Integer, TopCandidates>> found = new ArrayList<>();
    found.add(new Tuple2<>(a, own));
    try (TensorScope scope = new TensorScope()) {
      Tensor rows = rows(a);
      for (int b = a; b < blocks; b++) {
        float[] cosines = cosines(rows, b);
        if (b == a) {
          scanDiagonal(cosines, a, own);
        } else {
          TopCandidates other = new TopCandidates(end(b) - start(b), capacity);
          scan(cosines, a, b, own, other);
          found.add(new Tuple2<>(b, other));
        }
      }
    }
    return found;
  }

  private Tensor rows(int block) {
    int d = vectors.value().dimension();
    return Tensors.of(
        Arrays.copyOfRange(screening.value(), start(block) * d, end(block) * d),
        end(block) - start(block),
        d);
  }

  private float[] cosines(Tensor rows, int b) {
    try (TensorScope scope = new TensorScope()) {
      return Tensors.floats(Ops.matmul(rows, Ops.transpose(rows(b), 0, 1)));
    }
  }

  private void scanDiagonal(float[] cosines, int a, TopCandidates own) {
    int first = start(a);
    int width = end(a) - first;
    for (int i = 0; i < width; i++) {
      for (int j = 0; j < width; j++) {
        if (i != j && cosines[i * width + j] > own.bar(i)) {
          own.offer(i, first + j, cosines[i * width + j]);
        }
      }
    }
  }

  private void scan(float[] cosines, int a, int b, TopCandidates own, TopCandidates other) {
    int rowStart = start(a);
    int columnStart = start(b);
    int height = end(a) - rowStart;
    int width = end(b) - columnStart;
    float[] bars = new float[width];
    Arrays.fill(bars, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < height; i++) {
      float bar = own.bar(i);
      for (int j = 0, at = i * width; j < width; j++, at++) {
        float cosine = cosines[at];
        if (cosine > bar) {
          own.offer(i, columnStart + j, cosine);
          bar = own.bar(i);
        }
        if (cosine > bars[j]) {
          other.offer(j, rowStart + i, cosine);
          bars[j] = other.bar(j);
        }
      }
    }
  }

  private Iterator<Neighbour> exact(int block, TopCandidates candidates) {
    NodeVectors nodes = vectors.value();
    List<Neighbour> found = new ArrayList<>(candidates.rows() * k);
    // Rounding to float and summing D products, each wrong by half a unit in the last place.
    double bound = 1.01 * (nodes.dimension() + 3) * 0x1p-24;
    for (int row = 0; row < candidates.rows(); row++) {
      int node = start(block) + row;
      List<Neighbour> best = best(nodes, node, Arrays.stream(candidates.candidates(row)));
      boolean proven =
          !candidates.isFull(row) || best.get(best.size() - 1).cosine > candidates.bar(row) + bound;
      if (!proven) {
        searchedAgain.add(1);
        best = best(nodes, node, IntStream.range(0, nodes.count()).filter(j -> j != node));
      }
      found.addAll(best);
    }
    return found.iterator();
  }

  private List<Neighbour> best(NodeVectors nodes, int node, IntStream candidates) {
    return candidates
        .mapToObj(j -> new Neighbour(node, j, nodes.cosine(node, j)))
        .sorted(
            Comparator.comparingDouble(Neighbour::cosine)
                .reversed()
                .thenComparingInt(Neighbour::neighbour))
        .limit(k)
        .toList();
  }
}
