package io.github.lsgspark.training;

import io.github.lsgspark.torch.FlatParameters;
import io.github.lsgspark.torch.Ops;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.bytedeco.pytorch.Tensor;

/**
 * Neighbouring flat parameters that share a factor.
 *
 * @param start of the first one in the flat order
 * @param length elements of all of them
 */
record ParameterGroup(long start, long length, double factor) {

  /**
   * Groups of all parameters, as long as neighbours agree.
   *
   * @param factor of a parameter by its name
   */
  static List<ParameterGroup> of(FlatParameters parameters, ToDoubleFunction<String> factor) {
    List<ParameterGroup> groups = new ArrayList<>();
    for (String name : parameters.names()) {
      double own = factor.applyAsDouble(name);
      int last = groups.size() - 1;
      if (last >= 0 && groups.get(last).factor() == own) {
        ParameterGroup before = groups.get(last);
        long length = before.length() + parameters.size(name);
        groups.set(last, new ParameterGroup(before.start(), length, own));
      } else {
        groups.add(new ParameterGroup(parameters.offset(name), parameters.size(name), own));
      }
    }
    return groups;
  }

  /** This group's part of a tensor in the flat order; memory is shared. */
  Tensor in(Tensor flat) {
    return Ops.narrow(flat, 0, start, length);
  }
}
