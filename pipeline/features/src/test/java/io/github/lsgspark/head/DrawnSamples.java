package io.github.lsgspark.head;

import io.github.lsgspark.config.HeadSettings;
import io.github.lsgspark.config.HeadSettings.ClassWeights;
import io.github.lsgspark.features.FeatureSlice;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * Drawn samples, most of them of the first classes.
 *
 * @param views rows of each sample
 * @param balanced whether classes count alike, whatever their sizes
 * @param distributed whether heads get the rows in parts
 */
record DrawnSamples(
    int seed, int samples, int views, int d, int classes, boolean balanced, boolean distributed) {

  RowBlock block() {
    Random random = new Random(seed);
    String[] ids = new String[samples];
    int[] labels = new int[samples];
    float[] values = new float[samples * views * d];
    float[][] centres = new float[classes][d];
    for (float[] centre : centres) {
      for (int i = 0; i < d; i++) {
        centre[i] = (float) random.nextGaussian();
      }
    }
    for (int i = 0; i < samples; i++) {
      ids[i] = "s" + i;
      // Every class has one, and the first ones have most.
      labels[i] = i < classes ? i : Math.min(random.nextInt(classes), random.nextInt(classes));
      for (int v = 0; v < views; v++) {
        for (int j = 0; j < d; j++) {
          values[(i * views + v) * d + j] =
              (float) (centres[labels[i]][j] + 1.5 * random.nextGaussian());
        }
      }
    }
    return new RowBlock(ids, labels, values);
  }

  FeatureTransform transform() {
    double[] mean = new double[d];
    Arrays.fill(mean, 0.1);
    return new FeatureTransform(
        true, List.of(new FeatureSlice("a", "a", 0, d)), d, mean, new double[0], new double[0]);
  }

  /** The classes of the samples, as the head counts them. */
  ClassCounts counts() {
    long[] counts = new long[classes];
    Arrays.stream(block().labels()).forEach(label -> counts[label]++);
    return ClassCounts.of(
        IntStream.range(0, classes).mapToObj(c -> "c" + c).toList(),
        counts,
        balanced ? ClassWeights.BALANCED : ClassWeights.NONE);
  }

  /** The transformed rows. */
  double[][] rows() {
    try (TensorScope scope = new TensorScope()) {
      double[] flat = Tensors.doubles(transform().apply(block().values()));
      double[][] rows = new double[flat.length / d][];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = Arrays.copyOfRange(flat, i * d, (i + 1) * d);
      }
      return rows;
    }
  }

  /** Fits a head to the rows, which are in memory or in parts. */
  HeadKind.Fitted fit(HeadKind kind, HeadSettings settings) {
    RowBlock block = block();
    ClassCounts counts = counts();
    if (distributed) {
      return kind.fit(new Parts(block, this, counts), settings);
    }
    try (MemoryRows rows = new MemoryRows(block, transform(), counts, views)) {
      return kind.fit(rows, settings);
    }
  }

  /** The rows in parts, as executors have them. */
  private record Parts(RowBlock block, DrawnSamples one, ClassCounts classes)
      implements LabelledRows {
    @Override
    public int views() {
      return one.views();
    }

    @Override
    public int dimension() {
      return one.d();
    }

    @Override
    public double[] sum(Term term) {
      double[] sum = null;
      int length = one.views() * one.d();
      for (int from = 0; from < block.samples(); from += 3) {
        int to = Math.min(block.samples(), from + 3);
        try (TensorScope scope = new TensorScope()) {
          Tensor x =
              one.transform().apply(Arrays.copyOfRange(block.values(), from * length, to * length));
          double[] part = term.of(x, Arrays.copyOfRange(block.labels(), from, to));
          for (int i = 0; sum != null && i < part.length; i++) {
            part[i] += sum[i];
          }
          sum = part;
        }
      }
      return sum;
    }

    @Override
    public Tensor dual() {
      return null;
    }

    @Override
    public int[] dualLabels() {
      return new int[0];
    }
  }
}
