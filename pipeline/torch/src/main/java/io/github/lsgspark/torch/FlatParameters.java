package io.github.lsgspark.torch;

import io.github.lsgspark.config.LsgException;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;

/**
 * Named float tensors that lie one behind the other in a single flat tensor, and their gradients
 * likewise, so that the optimiser and the all-reduce work on one buffer. Every named tensor is a
 * view; gradients are zeroed, never dropped. Lives until {@link #close()}.
 */
public final class FlatParameters implements AutoCloseable {
  private final Map<String, long[]> shapes;
  private final Map<String, Long> offsets = new LinkedHashMap<>();
  private final Map<String, Tensor> parameters = new LinkedHashMap<>();
  private final boolean channelsLast;
  private final Tensor values;
  private final Tensor gradients;

  private FlatParameters(
      Map<String, long[]> shapes,
      Set<String> frozen,
      Dtype dtype,
      ComputeDevice device,
      boolean channelsLast) {
    this.channelsLast = channelsLast;
    this.shapes = Collections.unmodifiableMap(new LinkedHashMap<>(shapes));
    long size = 0;
    for (Map.Entry<String, long[]> entry : shapes.entrySet()) {
      offsets.put(entry.getKey(), size);
      size += elements(entry.getValue());
    }
    try (TensorScope scope = new TensorScope()) {
      values = scope.keep(Tensors.zeros(dtype, device, size));
      boolean learns = !frozen.containsAll(shapes.keySet());
      gradients = scope.keep(Tensors.zeros(dtype, device, learns ? size : 0));
      for (Map.Entry<String, long[]> entry : shapes.entrySet()) {
        String name = entry.getKey();
        Tensor parameter = view(values, name).detach();
        if (!frozen.contains(name)) {
          parameter.set_requires_grad(true);
          parameter.mutable_grad().put(view(gradients, name));
        }
        parameters.put(name, scope.keep(parameter));
      }
    }
  }

  /**
   * Zeros of the given shapes, in their order.
   *
   * @param frozen names that need no gradient
   */
  public static FlatParameters allocate(
      Map<String, long[]> shapes, Set<String> frozen, Dtype dtype, ComputeDevice device) {
    return new FlatParameters(shapes, frozen, dtype, device, false);
  }

  /**
   * The same with the input channels of convolutions innermost in memory, as convolutions of images
   * in that order want them; {@link #load} and {@link #export} do not show it.
   */
  public static FlatParameters allocateChannelsLast(
      Map<String, long[]> shapes, Set<String> frozen, Dtype dtype, ComputeDevice device) {
    return new FlatParameters(shapes, frozen, dtype, device, true);
  }

  /**
   * The part of a flat tensor, laid out like {@link #values}, that belongs to one parameter, in the
   * parameter's shape.
   */
  public Tensor view(Tensor flat, String name) {
    long[] shape = shapes.get(name);
    Tensor part = flat.narrow(0, offsets.get(name), elements(shape));
    if (channelsLast && shape.length == 4) {
      return part.view(shape[0], shape[2], shape[3], shape[1]).permute(0, 3, 1, 2);
    }
    return channelsLast && shape.length == 5
        ? part.view(shape[0], shape[2], shape[3], shape[4], shape[1]).permute(0, 4, 1, 2, 3)
        : part.view(shape);
  }

  private static long elements(long[] shape) {
    long product = 1;
    for (long dimension : shape) {
      product *= dimension;
    }
    return product;
  }

  /** The view of one parameter. */
  public Tensor parameter(String name) {
    Tensor parameter = parameters.get(name);
    if (parameter == null) {
      throw new IllegalArgumentException("no parameter named " + name);
    }
    return parameter;
  }

  /** All values, one after the other. */
  public Tensor values() {
    return values;
  }

  /** All gradients, at the same places as the values; nothing where all are frozen. */
  public Tensor gradients() {
    return gradients;
  }

  /** Names in flat order. */
  public Set<String> names() {
    return shapes.keySet();
  }

  /** Where a parameter begins in the flat order. */
  public long offset(String name) {
    return offsets.get(name);
  }

  /** Number of elements of one parameter. */
  public long size(String name) {
    return elements(shapes.get(name));
  }

  /** Number of elements of all parameters. */
  public long size() {
    return values.numel();
  }

  /** Shape of one parameter. */
  public long[] shape(String name) {
    return shapes.get(name).clone();
  }

  /**
   * Copies the arrays that are named like parameters into them; others are not touched.
   *
   * @throws LsgException if a shape differs; the message names the tensor
   */
  public void load(Map<String, HostArray> arrays) {
    for (String name : shapes.keySet()) {
      HostArray array = arrays.get(name);
      if (array == null) {
        continue;
      }
      if (!Arrays.equals(array.shape(), shapes.get(name))) {
        throw LsgException.input(
            "tensor "
                + name
                + " has shape "
                + Arrays.toString(array.shape())
                + ", but "
                + Arrays.toString(shapes.get(name))
                + " is needed");
      }
      try (TensorScope scope = new TensorScope()) {
        parameters.get(name).detach().copy_(array.tensor());
      }
    }
  }

  /** Copies of all parameters in this JVM's memory, as float, in flat order. */
  public LinkedHashMap<String, HostArray> export() {
    LinkedHashMap<String, HostArray> arrays = new LinkedHashMap<>();
    for (String name : shapes.keySet()) {
      arrays.put(name, HostArray.of(Tensors.floats(parameters.get(name)), shapes.get(name)));
    }
    return arrays;
  }

  /** Sets all gradients to zero. */
  public void zeroGradients() {
    gradients.zero_();
  }

  @Override
  public void close() {
    parameters.values().forEach(Tensor::close);
    gradients.close();
    values.close();
  }
}
