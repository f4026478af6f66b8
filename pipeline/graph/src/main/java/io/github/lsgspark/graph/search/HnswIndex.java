package io.github.lsgspark.graph.search;

import io.github.jbellis.jvector.graph.GraphIndexBuilder;
import io.github.jbellis.jvector.graph.GraphSearcher;
import io.github.jbellis.jvector.graph.ImmutableGraphIndex;
import io.github.jbellis.jvector.graph.RandomAccessVectorValues;
import io.github.jbellis.jvector.graph.SearchResult;
import io.github.jbellis.jvector.graph.similarity.BuildScoreProvider;
import io.github.jbellis.jvector.graph.similarity.DefaultSearchScoreProvider;
import io.github.jbellis.jvector.util.Bits;
import io.github.jbellis.jvector.vector.VectorSimilarityFunction;
import io.github.jbellis.jvector.vector.VectorizationProvider;
import io.github.jbellis.jvector.vector.types.VectorFloat;
import io.github.jbellis.jvector.vector.types.VectorTypeSupport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.concurrent.ForkJoinPool;

/**
 * A hierarchical navigable small world graph (Malkov and Yashunin 2016) of JVector over unit
 * vectors. It is built by one thread, node after node, so that equal vectors give an equal index.
 */
final class HnswIndex implements AutoCloseable {
  /** Links of a node at most. */
  private static final int DEGREE = 32;

  /** Candidates that are looked at when a node is added. */
  private static final int BUILD_WIDTH = 100;

  private static final float OVERFLOW = 1.2f;
  private static final float DIVERSITY = 1.2f;
  private static final VectorSimilarityFunction COSINE = VectorSimilarityFunction.DOT_PRODUCT;

  private final Rows rows;
  private final GraphIndexBuilder builder;
  private final GraphSearcher searcher;
  private final ForkJoinPool oneThread = new ForkJoinPool(1);

  /**
   * @param vectors unit vectors, row-major [n, D]; kept, not copied
   */
  HnswIndex(float[] vectors, int dimension) {
    rows = new Rows(vectors, dimension, vectors.length / dimension);
    builder =
        new GraphIndexBuilder(
            BuildScoreProvider.randomAccessScoreProvider(rows, COSINE),
            dimension,
            DEGREE,
            BUILD_WIDTH,
            OVERFLOW,
            DIVERSITY,
            true,
            true,
            oneThread,
            oneThread);
    for (int row = 0; row < rows.size; row++) {
      builder.addGraphNode(row, rows);
    }
    builder.cleanup();
    ImmutableGraphIndex graph = builder.getGraph();
    searcher = new GraphSearcher(graph);
  }

  /** Receives a row of the index and its float32 cosine with what was asked for. */
  interface Hit {
    void accept(int row, float cosine);
  }

  /**
   * Shows the rows most similar to a unit vector.
   *
   * @param width how many are followed on the way
   */
  void search(float[] vector, int width, Hit hit) {
    SearchResult found =
        searcher.search(
            DefaultSearchScoreProvider.exact(Rows.TYPES.createFloatVector(vector), COSINE, rows),
            Math.min(width, rows.size),
            Bits.ALL);
    for (SearchResult.NodeScore one : found.getNodes()) {
      // JVector scores dot products as (1 + a b) / 2.
      hit.accept(one.node, 2 * one.score - 1);
    }
  }

  @Override
  public void close() {
    try {
      searcher.close();
      builder.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    oneThread.shutdown();
  }

  /** Rows of a matrix as JVector wants them. */
  private record Rows(VectorFloat<?>[] vectors, int dimension, int size)
      implements RandomAccessVectorValues {
    static final VectorTypeSupport TYPES =
        VectorizationProvider.getInstance().getVectorTypeSupport();

    Rows(float[] values, int dimension, int size) {
      this(split(values, dimension, size), dimension, size);
    }

    private static VectorFloat<?>[] split(float[] values, int dimension, int size) {
      VectorFloat<?>[] vectors = new VectorFloat<?>[size];
      Arrays.setAll(
          vectors,
          row ->
              TYPES.createFloatVector(
                  Arrays.copyOfRange(values, row * dimension, (row + 1) * dimension)));
      return vectors;
    }

    @Override
    public VectorFloat<?> getVector(int row) {
      return vectors[row];
    }

    @Override
    public boolean isValueShared() {
      return false;
    }

    @Override
    public RandomAccessVectorValues copy() {
      return this;
    }
  }
}
