package io.github.lsgspark.onnx;

import io.github.lsgspark.backbone.ArrayLayers;
import io.github.lsgspark.backbone.Convolution;
import io.github.lsgspark.torch.Activation;
import io.github.lsgspark.torch.ArrayOps;
import io.github.lsgspark.torch.ConstantTensor;
import io.github.lsgspark.torch.HostArray;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Writes the operations on arrays down as ONNX. */
abstract class OnnxArrays extends OnnxOps implements ArrayLayers<OnnxValue> {
  private static final double CUBIC = -0.75;
  private static final double QUICK = 1.702;
  private static final double TANH_CUBE = 0.044715;

  @Override
  public OnnxValue constant(ConstantTensor values, OnnxValue like) {
    return held(values);
  }

  /** Numbers that are not learned, once for all who take them. */
  abstract OnnxValue held(ConstantTensor values);

  @Override
  public OnnxValue linear(OnnxValue x, String name, boolean biased) {
    return linear(x, parameter(name + ".weight"), biased ? parameter(name + ".bias") : null);
  }

  @Override
  public OnnxValue linear(OnnxValue x, OnnxValue weight, OnnxValue bias) {
    OnnxValue product = op("MatMul", x, permute(weight, 1, 0));
    return bias == null ? product : op("Add", product, bias);
  }

  @Override
  public OnnxValue segment(OnnxValue x, UnaryOperator<OnnxValue> part) {
    return part.apply(x);
  }

  @Override
  public OnnxValue multiply(OnnxValue a, OnnxValue b) {
    return broadcast("Mul", a, b);
  }

  @Override
  public OnnxValue activate(OnnxValue x, Activation function) {
    return switch (function) {
      case GELU -> errorGelu(x);
      case GELU_TANH -> {
        OnnxValue cube = op("Mul", op("Mul", x, x), op("Mul", x, scalar(TANH_CUBE)));
        OnnxValue inner = op("Mul", op("Add", x, cube), scalar(Math.sqrt(2 / Math.PI)));
        yield half(x, op("Tanh", inner));
      }
      case QUICK_GELU -> op("Mul", x, op("Sigmoid", op("Mul", x, scalar(QUICK))));
      case SILU -> op("Mul", x, op("Sigmoid", x));
      case RELU -> op("Relu", x);
      case HARD_SWISH -> op("HardSwish", x);
      case HARD_SIGMOID -> op(x.rank(), "HardSigmoid", Map.of("alpha", 1.0 / 6, "beta", 0.5), x);
      case SIGMOID -> op("Sigmoid", x);
      case TANH -> op("Tanh", x);
    };
  }

  @Override
  public OnnxValue conv(OnnxValue x, String name, Convolution form) {
    return conv(
        x,
        parameter(name + ".weight"),
        form.biased() ? parameter(name + ".bias") : null,
        new int[] {form.stride(), form.stride()},
        new int[] {form.padding(), form.padding()},
        form.groups());
  }

  @Override
  public OnnxValue conv(
      OnnxValue x, OnnxValue weight, OnnxValue bias, int[] stride, int[] padding, int groups) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("strides", longs(stride));
    attributes.put("pads", bothEnds(padding));
    attributes.put("group", (long) groups);
    return bias == null
        ? op(x.rank(), "Conv", attributes, x, weight)
        : op(x.rank(), "Conv", attributes, x, weight, bias);
  }

  @Override
  public OnnxValue channelNorm(OnnxValue x, String name, int channels, double epsilon) {
    return op(
        x.rank(),
        "InstanceNormalization",
        Map.of("epsilon", epsilon),
        x,
        parameter(name + ".weight"),
        parameter(name + ".bias"));
  }

  @Override
  public OnnxValue plainNorm(OnnxValue x, int width, double epsilon) {
    float[] ones = new float[width];
    Arrays.fill(ones, 1);
    OnnxValue gain = graph().held("ones." + width, HostArray.of(ones, width));
    return layerNorm(x, gain, null, epsilon);
  }

  @Override
  public OnnxValue weightNorm(OnnxValue direction, OnnxValue gain) {
    OnnxValue length = reduced("ReduceL2", direction, true, 0, 1);
    return op("Mul", direction, op(gain.rank(), "Div", Map.of(), gain, length));
  }

  @Override
  public OnnxValue stretched(OnnxValue x, int rows, int columns) {
    OnnxValue sizes = joined(0, lengths(x, 0, 2), integers(rows, columns));
    Map<String, Object> attributes =
        Map.of(
            "mode", "cubic",
            "cubic_coeff_a", CUBIC,
            "coordinate_transformation_mode", "align_corners");
    return op(x.rank(), "Resize", attributes, x, null, null, sizes);
  }

  @Override
  public OnnxValue sounding(OnnxValue samples, ConstantTensor ends) {
    OnnxValue sizes = op("Abs", reshape(samples, 0, -1).ranked(2));
    OnnxValue behind = op(2, "CumSum", Map.of("reverse", 1L), sizes, graph().integer(1));
    OnnxValue found = op("Greater", select(behind, 1, ends), scalar(0));
    OnnxValue numbers = op(2, "Cast", Map.of("to", (long) OnnxTensor.FLOAT), found);
    return op(3, "Unsqueeze", Map.of(), numbers, integers(2));
  }

  @Override
  public OnnxValue withoutPadding(OnnxValue x, OnnxValue sounding) {
    OnnxValue own = op("Mul", x, sounding);
    OnnxValue count = op("Max", sum(sounding, 1), scalar(1));
    OnnxValue mean = op("Div", sum(own, 1), count);
    OnnxValue padding = op(sounding.rank(), "Sub", Map.of(), scalar(1), sounding);
    return op("Add", own, op("Mul", padding, mean));
  }

  @Override
  public OnnxValue narrow(OnnxValue x, int dimension, int from, int length) {
    return slice(x, dimension, from, from + length, 1);
  }

  @Override
  public OnnxValue select(OnnxValue x, int dimension, ConstantTensor places) {
    return op(x.rank(), "Gather", Map.of("axis", (long) dimension), x, held(places));
  }

  @Override
  public OnnxValue reshape(OnnxValue x, int... shape) {
    return reshaped(x, shape);
  }

  @Override
  public OnnxValue permute(OnnxValue x, int... order) {
    return permuted(x, order);
  }

  @Override
  public OnnxValue prepend(OnnxValue tokens, OnnxValue x) {
    OnnxValue shape = joined(0, lengths(x, 0, 1), integers(1, 1));
    return joined(1, op("Expand", tokens, shape), x);
  }

  @Override
  public OnnxValue padPlaces(OnnxValue x, int rows, int columns) {
    return op("Pad", x, integers(0, 0, 0, 0, 0, rows, columns, 0));
  }

  @Override
  public OnnxValue rollPlaces(OnnxValue x, int rows, int columns) {
    return rolled(rolled(x, 1, rows), 2, columns);
  }

  @Override
  public OnnxValue attention(
      OnnxValue query, OnnxValue key, OnnxValue value, int heads, OnnxValue bias) {
    return together(attended(split(query, heads), split(key, heads), split(value, heads), bias));
  }

  private OnnxValue split(OnnxValue x, int heads) {
    return permute(reshape(x, 0, 0, heads, -1), 0, 2, 1, 3);
  }

  @Override
  public OnnxValue rotate(
      OnnxValue x, ConstantTensor cosines, ConstantTensor sines, ConstantTensor places) {
    OnnxValue mixed = select(x, 2, places);
    return op("Add", op("Mul", x, held(cosines)), op("Mul", mixed, held(sines)));
  }

  @Override
  public OnnxValue responseNorm(OnnxValue x, OnnxValue weight, OnnxValue bias) {
    OnnxValue sizes = reduced("ReduceL2", x, true, 1, 2);
    OnnxValue mean = reduced("ReduceMean", sizes, true, -1);
    OnnxValue shares = op("Div", sizes, op("Add", mean, scalar(ArrayOps.LEAST_RESPONSE)));
    OnnxValue scaled = op("Mul", op("Mul", x, shares), weight);
    return op("Add", op("Add", scaled, bias), x);
  }
}
