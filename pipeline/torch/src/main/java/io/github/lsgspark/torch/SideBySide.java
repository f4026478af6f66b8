package io.github.lsgspark.torch;

import io.github.lsgspark.storage.ParallelCalls;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleFunction;
import org.bytedeco.pytorch.Tensor;

/**
 * Computations that do not need each other, on threads of their own: decompositions by one thread
 * of OpenBLAS, as the launcher sets it, leave the other cores idle.
 */
public final class SideBySide {
  private SideBySide() {}

  /**
   * What is computed of each number, in their order.
   *
   * @param threads at most; 1: the caller's own
   * @param compute makes one tensor; whatever else it makes is freed
   * @return tensors of the caller's innermost scope
   */
  public static List<Tensor> map(double[] numbers, int threads, DoubleFunction<Tensor> compute) {
    List<Double> boxed = Arrays.stream(numbers).boxed().toList();
    List<Tensor> found =
        ParallelCalls.map(
            boxed,
            threads,
            "lsg-algebra",
            number -> {
              try (TensorScope scope = new TensorScope()) {
                return scope.keep(compute.apply(number));
              }
            });
    found.forEach(TensorScope::adopt);
    return found;
  }
}
