package io.github.lsgspark.lsg;

import io.github.lsgspark.torch.Collective;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * Numbers of one step by name: each replica's contributions added up over its parts, then over the
 * replicas in one vector. What decides about the step is the same everywhere. The names are
 * declared by the terms of the loss and by what is counted beside it.
 *
 * <p>Numbers that a device computes may stay there until one is asked for: asking waits for the
 * device, and a step that does not ask lets the host go on to the next.
 */
public final class StepMetrics {
  private final Map<String, Integer> places = new LinkedHashMap<>();
  private final boolean late;
  private final List<Part> parts = new ArrayList<>();
  private double[] values;
  private Runnable arrival = () -> {};
  private Tensor vector;

  /** A number that is still a tensor. */
  private record Part(int place, Tensor scalar, double factor) {}

  /** All numbers at 0; tensors are read when they are added. */
  public StepMetrics(Collection<String> names) {
    this(names, false);
  }

  /**
   * All numbers at 0.
   *
   * @param names the same on every replica, in the same order; one that comes twice is one number
   * @param late whether tensors are read when a number is asked for, and not when they are added
   */
  public StepMetrics(Collection<String> names, boolean late) {
    names.forEach(name -> places.putIfAbsent(name, places.size()));
    values = new double[places.size()];
    this.late = late;
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

  /** Adds a scalar times a factor to a number. */
  public void add(String name, Tensor scalar, double factor) {
    int place = place(name);
    if (late) {
      parts.add(new Part(place, TensorScope.detached(scalar.detach().reshape(1)), factor));
    } else {
      values[place] += factor * Tensors.item(scalar.detach());
    }
  }

  /** The number so far; after {@link #reduce} that of all replicas. May wait for the device. */
  public double of(String name) {
    int place = place(name);
    read();
    return values[place];
  }

  /** Adds the other replicas' numbers. All replicas call it together. */
  public void reduce(Collective collective, ComputeDevice device, String what) {
    if (collective.worldSize() == 1 && parts.isEmpty()) {
      return;
    }
    try (TensorScope scope = new TensorScope()) {
      Tensor all = onto(device);
      values = new double[values.length];
      if (collective.worldSize() > 1) {
        collective.startAllReduceSum(all, what).await();
        arrival = () -> collective.settle(what);
      }
      vector = scope.keep(all);
    }
    if (!late) {
      read();
    }
  }

  /** All numbers as a vector on the device. */
  private Tensor onto(ComputeDevice device) {
    Tensor own = Tensors.to(Tensors.of(values, values.length), Dtype.FLOAT64, device);
    if (parts.isEmpty()) {
      return own;
    }
    double[] factors = parts.stream().mapToDouble(Part::factor).toArray();
    long[] targets = parts.stream().mapToLong(Part::place).toArray();
    Tensor[] scalars =
        parts.stream().map(part -> Tensors.to(part.scalar(), Dtype.FLOAT64)).toArray(Tensor[]::new);
    Tensor weighted =
        Ops.mul(Ops.cat(0, scalars), Tensors.onto(Tensors.of(factors, factors.length), device));
    Tensor sum =
        Ops.indexAdd(own, 0, Tensors.onto(Tensors.of(targets, targets.length), device), weighted);
    parts.forEach(part -> part.scalar().close());
    parts.clear();
    return sum;
  }

  private void read() {
    if (vector != null) {
      arrival.run();
      double[] arrived = Tensors.doubles(vector);
      for (int i = 0; i < values.length; i++) {
        values[i] += arrived[i];
      }
      vector.close();
      vector = null;
    }
    // Those of after the sum.
    parts.forEach(
        part -> {
          values[part.place()] += part.factor() * Tensors.item(part.scalar());
          part.scalar().close();
        });
    parts.clear();
  }
}
