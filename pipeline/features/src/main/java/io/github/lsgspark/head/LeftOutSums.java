package io.github.lsgspark.head;

import io.github.lsgspark.torch.LinearAlgebra;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * Sums over left-out samples, for each value of a parameter.
 *
 * @param hits [p], samples whose largest score is that of their label
 * @param crossEntropy [p t], at each temperature
 * @param samples number of samples
 */
record LeftOutSums(double[] hits, double[] crossEntropy, long samples) implements Serializable {

  /** The pass over labelled rows. */
  record Pass(LeftOutScorer scorer, Temperatures temperatures, int parameters)
      implements BlockSum<LeftOutSums> {

    @Override
    public LeftOutSums over(Iterator<Block> blocks) {
      int t = temperatures.values().length;
      double[] hits = new double[parameters];
      double[] entropy = new double[parameters * t];
      long samples = 0;
      while (blocks.hasNext()) {
        Block block = blocks.next();
        if (block.count() == 0) {
          continue;
        }
        try (TensorScope scope = new TensorScope()) {
          int[] first = block.firstRows();
          Tensor labels =
              Tensors.of(
                  Arrays.stream(first).mapToLong(r -> block.labels()[r]).toArray(), first.length);
          List<Tensor> scores = scorer.scores(block);
          for (int p = 0; p < parameters; p++) {
            hits[p] += Ops.hits(scores.get(p), labels);
            for (int i = 0; i < t; i++) {
              entropy[p * t + i] += entropy(scores.get(p), labels, temperatures.values()[i]);
            }
          }
          samples += first.length;
        }
      }
      return new LeftOutSums(hits, entropy, samples);
    }

    @Override
    public LeftOutSums add(LeftOutSums a, LeftOutSums b) {
      return new LeftOutSums(
          Rows.add(a.hits, b.hits),
          Rows.add(a.crossEntropy, b.crossEntropy),
          a.samples + b.samples);
    }
  }

  /** Σ −log softmax(scores / T) at the labels. */
  static double entropy(Tensor scores, Tensor labels, double temperature) {
    try (TensorScope scope = new TensorScope()) {
      Tensor scaled = Ops.div(scores, temperature);
      return Tensors.item(
          Ops.sum(Ops.sub(LinearAlgebra.logSumExp(scaled), LinearAlgebra.at(scaled, labels))));
    }
  }

  /** What they say of a value of the parameter. */
  HeadChoice choice(LayerSet layers, double parameter, int index, Temperatures temperatures) {
    int t = temperatures.values().length;
    double[] heights = Arrays.copyOfRange(crossEntropy, index * t, (index + 1) * t);
    for (int i = 0; i < t; i++) {
      heights[i] /= samples;
    }
    Temperatures.Lowest lowest = temperatures.lowest(heights);
    return new HeadChoice(
        layers, parameter, lowest.temperature(), hits[index] / samples, lowest.crossEntropy());
  }
}
