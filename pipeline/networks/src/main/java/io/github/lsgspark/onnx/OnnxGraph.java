package io.github.lsgspark.onnx;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.torch.HostArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Operations and the numbers they take, while a graph is written. */
final class OnnxGraph {
  private final Map<String, HostArray> parameters;
  private final List<OnnxNode> nodes = new ArrayList<>();
  private final Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
  private int values;

  /**
   * @param parameters and buffers by public name
   */
  OnnxGraph(Map<String, HostArray> parameters) {
    this.parameters = parameters;
  }

  /** The value of an operation. */
  OnnxValue node(int rank, String operator, Map<String, Object> attributes, OnnxValue... inputs) {
    OnnxValue value = new OnnxValue("v" + ++values, rank);
    nodes.add(
        new OnnxNode(
            operator,
            Arrays.stream(inputs).map(input -> input == null ? "" : input.name()).toList(),
            value.name(),
            attributes));
    return value;
  }

  /**
   * A parameter or buffer.
   *
   * @throws LsgException exit 3 if the model has none of this name
   */
  OnnxValue parameter(String name) {
    HostArray array = parameters.get(name);
    if (array == null) {
      throw LsgException.input("the model has no tensor " + name);
    }
    return held(name, array);
  }

  /** Numbers of which the network knows the values, under a name of their own. */
  OnnxValue held(String name, HostArray array) {
    tensors.computeIfAbsent(name, unused -> OnnxTensor.of(name, array));
    return new OnnxValue(name, array.shape().length);
  }

  /** A number. */
  OnnxValue scalar(double value) {
    return held("number." + (float) value, HostArray.of(new float[] {(float) value}));
  }

  /** A list of whole numbers. */
  OnnxValue integers(long... values) {
    return held("list." + Arrays.toString(values), OnnxTensor.integers(values, values.length));
  }

  /** A whole number. */
  OnnxValue integer(long value) {
    return held("integer." + value, OnnxTensor.integers(new long[] {value}));
  }

  /** Lets a value come out under a name, which is none of another's. */
  void name(OnnxValue value, String name) {
    nodes.add(new OnnxNode("Identity", List.of(value.name()), name, Map.of()));
  }

  List<OnnxNode> nodes() {
    return nodes;
  }

  Collection<OnnxTensor> tensors() {
    return tensors.values();
  }
}
