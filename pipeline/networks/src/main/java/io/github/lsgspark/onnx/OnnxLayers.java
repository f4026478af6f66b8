package io.github.lsgspark.onnx;

import io.github.lsgspark.backbone.Layers;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.torch.Activation;
import io.github.lsgspark.torch.ConstantTensor;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.NeuralOps;
import io.github.lsgspark.torch.ScriptModule;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Writes a network down as ONNX, for evaluation: batch normalisation uses its running statistics.
 * Parameters keep their public names; what is computed is in 32-bit floats. Every network that is
 * made of {@link Layers} can be written, a TorchScript module cannot.
 *
 * @see <a href="https://onnx.ai/onnx/operators/">ONNX's operators</a>
 */
public final class OnnxLayers extends OnnxArrays implements Layers<OnnxValue> {
  /** What goes in. */
  public static final String VIEWS = "views";

  private final OnnxGraph graph;
  private final String prefix;
  private final Map<ConstantTensor, OnnxValue> constants;

  /**
   * An empty graph.
   *
   * @param tensors of the network by public name, with their values
   */
  public OnnxLayers(Map<String, HostArray> tensors) {
    this(new OnnxGraph(tensors), "", new IdentityHashMap<>());
  }

  private OnnxLayers(OnnxGraph graph, String prefix, Map<ConstantTensor, OnnxValue> constants) {
    this.graph = graph;
    this.prefix = prefix;
    this.constants = constants;
  }

  /**
   * What goes in.
   *
   * @param shape without the first dimension, which is any number n
   */
  public static OnnxValue views(long[] shape) {
    return new OnnxValue(VIEWS, shape.length + 1);
  }

  /**
   * Writes the file.
   *
   * @param shape of what goes in, as {@link #views} has it
   * @param results values by the names they come out under
   * @param widths of the results, which are [n, width]
   * @param metadata that readers pass over
   * @throws LsgException exit 3 for two gigabytes or more, which such a file cannot hold
   */
  public void write(
      OutputStream to,
      long[] shape,
      Map<String, OnnxValue> results,
      Map<String, Long> widths,
      Map<String, String> metadata)
      throws IOException {
    List<OnnxModel.Port> outputs = new ArrayList<>();
    results.forEach(
        (name, value) -> {
          graph.name(value, name);
          outputs.add(new OnnxModel.Port(name, new long[] {widths.get(name)}));
        });
    OnnxModel.write(to, graph, new OnnxModel.Port(VIEWS, shape), outputs, metadata);
  }

  @Override
  OnnxGraph graph() {
    return graph;
  }

  @Override
  OnnxValue held(ConstantTensor values) {
    return constants.computeIfAbsent(
        values, unused -> graph.held("constant." + constants.size(), values.values()));
  }

  @Override
  public Layers<OnnxValue> within(String inner) {
    return new OnnxLayers(graph, prefix + inner, constants);
  }

  @Override
  public OnnxValue parameter(String name) {
    return graph.parameter(prefix + name);
  }

  @Override
  public OnnxValue conv3d(OnnxValue x, String name, int[] stride, int[] padding) {
    return conv(x, parameter(name + ".weight"), null, stride, padding, 1);
  }

  @Override
  public OnnxValue batchNorm(OnnxValue x, String name) {
    return op(
        x.rank(),
        "BatchNormalization",
        Map.of("epsilon", NeuralOps.BATCH_NORM_EPSILON),
        x,
        parameter(name + ".weight"),
        parameter(name + ".bias"),
        parameter(name + ".running_mean"),
        parameter(name + ".running_var"));
  }

  @Override
  public OnnxValue layerNorm(OnnxValue x, String name, double epsilon) {
    return layerNorm(x, parameter(name + ".weight"), parameter(name + ".bias"), epsilon);
  }

  @Override
  public OnnxValue relu(OnnxValue x) {
    return op("Relu", x);
  }

  @Override
  public OnnxValue gelu(OnnxValue x) {
    return activate(x, Activation.GELU);
  }

  @Override
  public OnnxValue add(OnnxValue a, OnnxValue b) {
    return broadcast("Add", a, b);
  }

  @Override
  public OnnxValue scale(OnnxValue x, double factor) {
    return op("Mul", x, scalar(factor));
  }

  @Override
  public OnnxValue addParameter(OnnxValue x, String name) {
    return add(x, parameter(name));
  }

  @Override
  public OnnxValue maxPool(OnnxValue x, int window, int stride, int padding, boolean ceil) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("kernel_shape", new long[] {window, window});
    attributes.put("strides", new long[] {stride, stride});
    attributes.put("pads", bothEnds(padding, padding));
    attributes.put("ceil_mode", ceil ? 1L : 0L);
    return op(x.rank(), "MaxPool", attributes, x);
  }

  @Override
  public OnnxValue globalAveragePool(OnnxValue x) {
    return op(2, "Flatten", Map.of("axis", 1L), op("GlobalAveragePool", x));
  }

  @Override
  public OnnxValue averagePool(OnnxValue x, int window) {
    long[] side = {window, window};
    return op(x.rank(), "AveragePool", Map.of("kernel_shape", side, "strides", side), x);
  }

  @Override
  public OnnxValue transpose(OnnxValue x, int first, int second) {
    int[] order = IntStream.range(0, x.rank()).toArray();
    order[first] = second;
    order[second] = first;
    return permute(x, order);
  }

  @Override
  public OnnxValue mean(OnnxValue x, int dimension) {
    return reduced("ReduceMean", x, false, dimension);
  }

  @Override
  public OnnxValue largest(OnnxValue x, int dimension) {
    return reduced("ReduceMax", x, false, dimension);
  }

  @Override
  public OnnxValue globalAveragePool3d(OnnxValue x) {
    return globalAveragePool(x);
  }

  @Override
  public OnnxValue framesAsImages(OnnxValue clips) {
    OnnxValue frames = transpose(clips, 1, 2);
    OnnxValue shape = joined(0, integers(-1), lengths(frames, 2, 5));
    return op(4, "Reshape", Map.of(), frames, shape);
  }

  @Override
  public OnnxValue meanOverFrames(OnnxValue vectors, int frames) {
    OnnxValue shape = joined(0, integers(-1, frames), lengths(vectors, 1, 2));
    return mean(op(3, "Reshape", Map.of(), vectors, shape), 1);
  }

  @Override
  public OnnxValue attendedOverFrames(
      OnnxValue vectors, int frames, String rows, double temperature) {
    OnnxValue products = op("MatMul", vectors, transpose(parameter(rows), 0, 1));
    OnnxValue best = op("Div", largest(products, 1), scalar(temperature));
    OnnxValue shares =
        op(
            3,
            "Softmax",
            Map.of("axis", 2L),
            op(3, "Reshape", Map.of(), best, integers(-1, 1, frames)));
    OnnxValue length = lengths(vectors, 1, 2);
    OnnxValue groups = op(3, "Reshape", Map.of(), vectors, joined(0, integers(-1, frames), length));
    OnnxValue sums = op("MatMul", shares, groups);
    return op(2, "Reshape", Map.of(), sums, joined(0, integers(-1), length));
  }

  @Override
  public OnnxValue catChannels(OnnxValue a, OnnxValue b) {
    return joined(1, a, b);
  }

  @Override
  public OnnxValue padChannels(OnnxValue x, int front, int back) {
    return op("Pad", x, integers(0, front, 0, 0, 0, back, 0, 0));
  }

  @Override
  public OnnxValue subsample(OnnxValue x, int step) {
    return slice(slice(x, 2, 0, Long.MAX_VALUE, step), 3, 0, Long.MAX_VALUE, step);
  }

  @Override
  public OnnxValue places(OnnxValue x) {
    return permute(reshape(x, 0, 0, -1), 0, 2, 1);
  }

  @Override
  public OnnxValue prependToken(OnnxValue x, String name) {
    return prepend(parameter(name), x);
  }

  @Override
  public OnnxValue token(OnnxValue x, int index) {
    return op(x.rank() - 1, "Gather", Map.of("axis", 1L), x, graph.integer(index));
  }

  @Override
  public OnnxValue withoutFirst(OnnxValue x, int count) {
    return slice(x, 1, count, Long.MAX_VALUE, 1);
  }

  @Override
  public OnnxValue signedRoot(OnnxValue x) {
    OnnxValue size = op("Max", op("Abs", x), scalar(NeuralOps.STEEPEST_ROOT));
    return op("Div", x, op("Sqrt", size));
  }

  @Override
  public OnnxValue unitNorm(OnnxValue x) {
    OnnxValue norm = op("Sqrt", sum(op("Mul", x, x), 1));
    return op("Div", x, op("Max", norm, scalar(NeuralOps.LEAST_NORM)));
  }

  @Override
  public OnnxValue attention(OnnxValue queryKeyValue, int heads) {
    OnnxValue parts = permute(reshape(queryKeyValue, 0, 0, 3, heads, -1), 2, 0, 3, 1, 4);
    OnnxValue[] each = new OnnxValue[3];
    for (int part = 0; part < each.length; part++) {
      each[part] = op(4, "Gather", Map.of("axis", 0L), parts, graph.integer(part));
    }
    return together(attended(each[0], each[1], each[2], null));
  }

  @Override
  public OnnxValue attention(OnnxValue query, OnnxValue key, OnnxValue value, int heads) {
    return attention(query, key, value, heads, null);
  }

  @Override
  public OnnxValue vectors(OnnxValue x) {
    return x;
  }

  /**
   * Refused: nothing is known of what such a module computes.
   *
   * @throws LsgException exit 3
   */
  @Override
  public OnnxValue module(OnnxValue images, ScriptModule module) {
    throw LsgException.input(
        "a TorchScript backbone cannot be written as ONNX; the model's TorchScript file holds it");
  }
}
