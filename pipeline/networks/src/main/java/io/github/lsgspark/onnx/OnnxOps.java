package io.github.lsgspark.onnx;

import io.github.lsgspark.torch.HostArray;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;

/** The operators that others are written with. */
abstract class OnnxOps {

  /** The graph that is written. */
  abstract OnnxGraph graph();

  /** An operation without attributes; the value has as many dimensions as the first input. */
  OnnxValue op(String operator, OnnxValue... inputs) {
    return graph().node(inputs[0].rank(), operator, Map.of(), inputs);
  }

  OnnxValue op(int rank, String operator, Map<String, Object> attributes, OnnxValue... inputs) {
    return graph().node(rank, operator, attributes, inputs);
  }

  OnnxValue scalar(double value) {
    return graph().scalar(value);
  }

  OnnxValue integers(long... values) {
    return graph().integers(values);
  }

  static long[] longs(int... values) {
    return Arrays.stream(values).asLongStream().toArray();
  }

  OnnxValue broadcast(String operator, OnnxValue a, OnnxValue b) {
    return op(Math.max(a.rank(), b.rank()), operator, Map.of(), a, b);
  }

  /** x Φ(x), by the error function. */
  OnnxValue errorGelu(OnnxValue x) {
    return half(x, op("Erf", op("Mul", x, scalar(Math.sqrt(0.5)))));
  }

  /** x (1 + y) / 2. */
  OnnxValue half(OnnxValue x, OnnxValue y) {
    return op("Mul", op("Mul", x, scalar(0.5)), op("Add", y, scalar(1)));
  }

  /** What ONNX calls pads: those at the beginnings, then those at the ends. */
  static long[] bothEnds(int... padding) {
    return IntStream.concat(Arrays.stream(padding), Arrays.stream(padding))
        .asLongStream()
        .toArray();
  }

  OnnxValue layerNorm(OnnxValue x, OnnxValue gain, OnnxValue bias, double epsilon) {
    Map<String, Object> attributes = Map.of("axis", -1L, "epsilon", epsilon);
    return bias == null
        ? op(x.rank(), "LayerNormalization", attributes, x, gain)
        : op(x.rank(), "LayerNormalization", attributes, x, gain, bias);
  }

  /** A figure over dimensions, which stay with length 1 or go away. */
  OnnxValue reduced(String operator, OnnxValue x, boolean stay, int... dimensions) {
    return op(
        stay ? x.rank() : x.rank() - dimensions.length,
        operator,
        Map.of("axes", longs(dimensions), "keepdims", stay ? 1L : 0L),
        x);
  }

  /** The sum over a dimension, which stays with length 1. */
  OnnxValue sum(OnnxValue x, int dimension) {
    return op(x.rank(), "ReduceSum", Map.of("keepdims", 1L), x, integers(dimension));
  }

  /** Lengths of dimensions, which may depend on what comes in. */
  OnnxValue lengths(OnnxValue x, int from, int to) {
    return op(1, "Shape", Map.of("start", (long) from, "end", (long) to), x);
  }

  OnnxValue joined(int dimension, OnnxValue... parts) {
    return op(parts[0].rank(), "Concat", Map.of("axis", (long) dimension), parts);
  }

  /** Every step-th element of part of a dimension; below 0 counts from its end. */
  OnnxValue slice(OnnxValue x, int dimension, long from, long to, long step) {
    return op(
        x.rank(),
        "Slice",
        Map.of(),
        x,
        integers(from),
        integers(to),
        integers(dimension),
        integers(step));
  }

  /** Moved towards the beginning of a dimension, around its edge. */
  OnnxValue rolled(OnnxValue x, int dimension, int by) {
    return by == 0
        ? x
        : joined(
            dimension, slice(x, dimension, by, Long.MAX_VALUE, 1), slice(x, dimension, 0, by, 1));
  }

  /** Heads side by side again: [n, heads, length, d] to [n, length, heads · d]. */
  OnnxValue together(OnnxValue x) {
    return reshaped(permuted(x, 0, 2, 1, 3), 0, 0, -1);
  }

  /** softmax(QKᵀ/√d + bias) V of [n, heads, length, d]. */
  OnnxValue attended(OnnxValue query, OnnxValue key, OnnxValue value, OnnxValue bias) {
    OnnxValue width = op(1, "Cast", Map.of("to", (long) OnnxTensor.FLOAT), lengths(query, 3, 4));
    OnnxValue scores = op("Div", op("MatMul", query, permuted(key, 0, 1, 3, 2)), op("Sqrt", width));
    if (bias != null) {
      scores = op("Add", scores, bias);
    }
    return op("MatMul", op(4, "Softmax", Map.of("axis", -1L), scores), value);
  }

  OnnxValue reshaped(OnnxValue x, int... shape) {
    return op(shape.length, "Reshape", Map.of(), x, integers(longs(shape)));
  }

  OnnxValue permuted(OnnxValue x, int... order) {
    return op(x.rank(), "Transpose", Map.of("perm", longs(order)), x);
  }

  /**
   * Colours as a network expects them: (x - mean) · factor.
   *
   * @param x [n, 3, ...]: red, green and blue
   * @param means of each colour, as are factors
   * @param blueFirst whether the network has blue as its first channel
   */
  public OnnxValue scaled(OnnxValue x, float[] means, float[] factors, boolean blueFirst) {
    long[] shape = new long[x.rank()];
    Arrays.fill(shape, 1);
    shape[1] = means.length;
    OnnxValue mean = graph().held("pixels.mean", HostArray.of(means, shape));
    OnnxValue factor = graph().held("pixels.factor", HostArray.of(factors, shape));
    OnnxValue scaled = op("Mul", op("Sub", x, mean), factor);
    return blueFirst
        ? op(x.rank(), "Gather", Map.of("axis", 1L), scaled, integers(2, 1, 0))
        : scaled;
  }
}
