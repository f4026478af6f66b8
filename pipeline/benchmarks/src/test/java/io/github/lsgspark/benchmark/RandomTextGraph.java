package io.github.lsgspark.benchmark;

import io.github.lsgspark.graph.CsrMatrix;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * A text graph of the sizes that matter, with drawn vectors: P = 20 unit vectors of length D = 1024
 * around each class's centre, edges by the global ratio 0.003 of docs/method.md, section 2.
 *
 * @param classes C
 * @param embeddings X [C P, D], row-major
 * @param guiding A of gen_A2
 * @param training A of gen_A2Plus
 */
public record RandomTextGraph(
    int classes, float[] embeddings, CsrMatrix guiding, CsrMatrix training) {
  public static final int PROMPTS = 20;
  public static final int DIMENSION = 1024;
  private static final double EDGE_RATIO = 0.003;
  private static final double PROMPT_NOISE = 0.7;

  /** Draws a graph; the same seed gives the same one. */
  public static RandomTextGraph draw(int classes, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] embeddings = new float[classes * PROMPTS * DIMENSION];
    for (int c = 0; c < classes; c++) {
      double[] centre = gaussian(random);
      for (int p = 0; p < PROMPTS; p++) {
        double[] own = gaussian(random);
        double[] vector = new double[DIMENSION];
        Arrays.setAll(vector, d -> centre[d] + PROMPT_NOISE * own[d]);
        double length = Math.sqrt(Arrays.stream(vector).map(v -> v * v).sum());
        int row = (c * PROMPTS + p) * DIMENSION;
        for (int d = 0; d < DIMENSION; d++) {
          embeddings[row + d] = (float) (vector[d] / length);
        }
      }
    }
    float[] cosines = cosines(embeddings, classes * PROMPTS);
    return new RandomTextGraph(
        classes, embeddings, select(cosines, classes, false), select(cosines, classes, true));
  }

  private static double[] gaussian(SplittableRandom random) {
    double[] values = new double[DIMENSION];
    Arrays.setAll(values, d -> random.nextGaussian());
    return values;
  }

  private static float[] cosines(float[] embeddings, int nodes) {
    try (TensorScope scope = new TensorScope()) {
      Tensor x = Tensors.of(embeddings, nodes, DIMENSION);
      return Tensors.floats(Ops.matmul(x, x.t()));
    }
  }

  private static CsrMatrix select(float[] cosines, int classes, boolean forceSameClass) {
    int nodes = classes * PROMPTS;
    float[] ranked = cosines.clone();
    if (forceSameClass) {
      for (int i = 0; i < ranked.length; i++) {
        ranked[i] = sameClass(i, nodes) ? 0 : ranked[i];
      }
    }
    Arrays.parallelSort(ranked);
    float threshold = ranked[(int) ((1 - EDGE_RATIO) * ranked.length) - 1];
    int[] kept =
        IntStream.range(0, cosines.length)
            .filter(i -> cosines[i] >= threshold || (forceSameClass && sameClass(i, nodes)))
            .toArray();
    return CsrMatrix.of(
        nodes,
        Arrays.stream(kept).map(i -> i / nodes).toArray(),
        Arrays.stream(kept).map(i -> i % nodes).toArray(),
        Arrays.stream(kept).mapToDouble(i -> cosines[i]).toArray());
  }

  private static boolean sameClass(int pair, int nodes) {
    return pair / nodes / PROMPTS == pair % nodes / PROMPTS;
  }

  /** A matrix as a dense tensor [N,N]. */
  public static Tensor dense(CsrMatrix matrix) {
    float[] cells = new float[matrix.size() * matrix.size()];
    for (int i = 0; i < matrix.size(); i++) {
      for (int e = matrix.rowOffsets()[i]; e < matrix.rowOffsets()[i + 1]; e++) {
        cells[i * matrix.size() + matrix.columns()[e]] = (float) matrix.values()[e];
      }
    }
    return Tensors.of(cells, matrix.size(), matrix.size());
  }

  /** X as a tensor [N,D]. */
  public Tensor texts() {
    return Tensors.of(embeddings, (long) classes * PROMPTS, DIMENSION);
  }

  /** Uniform weights in ±1/sqrt(columns), [rows, columns]. */
  public static HostArray weights(int rows, int columns, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((2 * random.nextDouble() - 1) / Math.sqrt(columns));
    }
    return HostArray.of(values, rows, columns);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RandomTextGraph that && Arrays.equals(embeddings, that.embeddings);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(embeddings);
  }

  @Override
  public String toString() {
    return "RandomTextGraph[" + classes + " classes, " + guiding + "]";
  }
}
