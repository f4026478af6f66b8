package io.github.lsgspark.head;

import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.LinearAlgebra;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;

/**
 * Exact leave-one-out scores of least squares. With rows scaled by the square roots of their
 * weights, scores are F = H Y, where H = R D Rᵀ and F = R D Q with Q = Rᵀ Y. The residuals that the
 * rows g of one sample have without it are (I − H_gg)⁻¹ (Y − F)_g; weights of the others stay as
 * they are.
 */
final class HatMatrix {
  private final Block block;
  private final Tensor rows;
  private final Tensor coefficients;
  private final Tensor targets;
  private final Tensor rootWeights;
  private final int[] first;

  /**
   * @param rows R [n,r]
   * @param coefficients Q [r,C]
   * @param rootWeights [n,1]
   */
  HatMatrix(Block block, Tensor rows, Tensor coefficients, Tensor rootWeights) {
    this.block = block;
    this.rows = rows;
    this.coefficients = coefficients;
    this.rootWeights = rootWeights;
    this.targets =
        Ops.mul(LinearAlgebra.oneHot(block.labelTensor(), coefficients.size(1)), rootWeights);
    this.first = block.firstRows();
  }

  /**
   * The scores that the first row of each sample has without the sample.
   *
   * @param factors diagonal D [1,r]
   * @return [m,C]
   */
  Tensor leftOut(Tensor factors) {
    Tensor scaled = Ops.mul(rows, factors);
    Tensor residuals = Ops.sub(targets, Ops.matmul(scaled, coefficients));
    if (first.length == block.count()) {
      Tensor rest = Ops.add(Ops.mul(Ops.rowDots(scaled, rows), -1), 1);
      return Ops.div(Ops.sub(targets, Ops.div(residuals, rest)), rootWeights);
    }
    return grouped(scaled, residuals);
  }

  /** Samples with as many views are solved for together. */
  private Tensor grouped(Tensor scaled, Tensor residuals) {
    TreeMap<Integer, List<Integer>> bySize = new TreeMap<>();
    for (int i = 0; i < first.length; i++) {
      int end = i + 1 < first.length ? first[i + 1] : block.count();
      bySize.computeIfAbsent(end - first[i], size -> new ArrayList<>()).add(i);
    }
    Tensor out =
        Tensors.zeros(Dtype.FLOAT64, ComputeDevice.cpu(), first.length, coefficients.size(1));
    for (var entry : bySize.entrySet()) {
      int k = entry.getKey();
      int m = entry.getValue().size();
      long[] samples = entry.getValue().stream().mapToLong(i -> i).toArray();
      long[] members = new long[m * k];
      long[] firsts = new long[m];
      for (int i = 0; i < m; i++) {
        firsts[i] = first[(int) samples[i]];
        for (int j = 0; j < k; j++) {
          members[i * k + j] = firsts[i] + j;
        }
      }
      Tensor index = Tensors.of(members, members.length);
      long r = rows.size(1);
      Tensor own = LinearAlgebra.shaped(Ops.indexSelect(rows, 0, index), m, k, r);
      Tensor times = LinearAlgebra.shaped(Ops.indexSelect(scaled, 0, index), m, k, r);
      Tensor rest = Ops.mul(Ops.batchedMatmul(times, Ops.transpose(own, 1, 2)), -1);
      Tensor identity = LinearAlgebra.oneHot(Tensors.of(range(k), k), k);
      Tensor errors =
          LinearAlgebra.shaped(Ops.indexSelect(residuals, 0, index), m, k, coefficients.size(1));
      Tensor solved = LinearAlgebra.solve(Ops.add(rest, identity), errors);
      Tensor firstRow = Tensors.of(firsts, m);
      Tensor scores =
          Ops.div(
              Ops.sub(
                  Ops.indexSelect(targets, 0, firstRow),
                  LinearAlgebra.shaped(Ops.narrow(solved, 1, 0, 1), m, coefficients.size(1))),
              Ops.indexSelect(rootWeights, 0, firstRow));
      out = Ops.indexAdd(out, 0, Tensors.of(samples, m), scores);
    }
    return out;
  }

  private static long[] range(int count) {
    long[] range = new long[count];
    for (int i = 0; i < count; i++) {
      range[i] = i;
    }
    return range;
  }
}
