package io.github.lsgspark.lsg;

import io.github.lsgspark.torch.Collective;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.Tensors;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * Numbers of one step by name: each replica's contributions added up over its parts, then over the
 * replicas in one vector. What decides about the step is the same everywhere. The names are
 * declared by the terms of the loss and by what is counted beside it.
 */
public final class StepMetrics {
  private final Map<String, Integer> places = new LinkedHashMap<>();
  private double[] values;

  /**
   * All numbers at 0.
   *
   * @param names the same on every replica, in the same order; one that comes twice is one number
   */
  public StepMetrics(Collection<String> names) {
    names.forEach(name -> places.putIfAbsent(name, places.size()));
    values = new double[places.size()];
  }

  private int place(String name) {
    Integer place = places.get(name);
    if (place == null) {
      throw new IllegalArgumentException(
          "no term has declared the number " + name + ", only " + places.keySet());
    }
    return place;
  }

  /** Adds to a number. */
  public void add(String name, double value) {
    values[place(name)] += value;
  }

  /** The number so far; after {@link #reduce} that of all replicas. */
  public double of(String name) {
    return values[place(name)];
  }

  /** Adds the other replicas' numbers. All replicas call it together. */
  public void reduce(Collective collective, ComputeDevice device, String what) {
    if (collective.worldSize() > 1) {
      Tensor all = Tensors.to(Tensors.of(values, values.length), Dtype.FLOAT64, device);
      collective.allReduceSum(all, what);
      values = Tensors.doubles(all);
    }
  }
}
