package io.github.lsgspark.backbone;

import io.github.lsgspark.torch.ConstantTensor;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.NeuralOps;
import io.github.lsgspark.torch.ScriptModule;
import java.util.Arrays;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Writes a network down as TorchScript, for evaluation: batch normalisation uses its running
 * statistics. What stands for a tensor is the name of a local variable.
 */
public final class ScriptLayers extends ScriptArrays implements Layers<String> {
  /** The variable that holds the images. */
  public static final String IMAGES = "images";

  private final ScriptText script;
  private final String prefix;

  /** An empty script. */
  public ScriptLayers() {
    this(new ScriptText(), "");
  }

  private ScriptLayers(ScriptText script, String prefix) {
    this.script = script;
    this.prefix = prefix;
  }

  @Override
  public Layers<String> within(String inner) {
    return new ScriptLayers(script, prefix + inner);
  }

  /** The method that takes images and returns a variable. */
  public String forward(String result) {
    return script.forward(IMAGES, result);
  }

  /** The user's modules that the code calls, by the name it knows them by. */
  public Map<String, ScriptModule> modules() {
    return script.modules();
  }

  /** The numbers that the code finds under names of their own, which are not learned. */
  public Map<String, HostArray> constants() {
    return script.constants();
  }

  @Override
  String held(ConstantTensor values) {
    return ScriptModule.reference(script.held(values));
  }

  @Override
  String let(String expression) {
    return script.let(expression);
  }

  private String call(String function, Object... arguments) {
    return let(
        function
            + Arrays.stream(arguments)
                .map(String::valueOf)
                .collect(Collectors.joining(", ", "(", ")")));
  }

  @Override
  public String parameter(String name) {
    return ScriptModule.reference(prefix + name);
  }

  private String weight(String name) {
    return parameter(name + ".weight");
  }

  private String bias(String name) {
    return parameter(name + ".bias");
  }

  private static String truth(boolean value) {
    return value ? "True" : "False";
  }

  @Override
  public String conv3d(String x, String name, int[] stride, int[] padding) {
    return call(
        "torch.conv3d", x, weight(name), "None", Arrays.toString(stride), Arrays.toString(padding));
  }

  @Override
  public String batchNorm(String x, String name) {
    return call(
        "torch.batch_norm",
        x,
        weight(name),
        bias(name),
        parameter(name + ".running_mean"),
        parameter(name + ".running_var"),
        truth(false),
        0.0,
        NeuralOps.BATCH_NORM_EPSILON,
        truth(false));
  }

  @Override
  public String layerNorm(String x, String name, double epsilon) {
    return call(
        "torch.layer_norm",
        x,
        "[" + x + ".size(-1)]",
        weight(name),
        bias(name),
        epsilon,
        truth(false));
  }

  @Override
  void noteLinear(String name) {
    script.noteLinear(prefix + name);
  }

  @Override
  public String segment(String x, UnaryOperator<String> part) {
    script.noteSegment();
    return part.apply(x);
  }

  /** What was written and noted. */
  ScriptText text() {
    return script;
  }

  @Override
  public String relu(String x) {
    return call("torch.relu", x);
  }

  @Override
  public String gelu(String x) {
    return call("torch.gelu", x);
  }

  @Override
  public String add(String a, String b) {
    return call("torch.add", a, b);
  }

  @Override
  public String scale(String x, double factor) {
    return call("torch.mul", x, factor);
  }

  @Override
  public String addParameter(String x, String name) {
    return add(x, parameter(name));
  }

  @Override
  public String maxPool(String x, int window, int stride, int padding, boolean ceil) {
    return call(
        "torch.max_pool2d", x, pair(window), pair(stride), pair(padding), pair(1), truth(ceil));
  }

  @Override
  public String globalAveragePool(String x) {
    return let("torch.flatten(torch.adaptive_avg_pool2d(" + x + ", [1, 1]), 1)");
  }

  @Override
  public String averagePool(String x, int window) {
    return call("torch.avg_pool2d", x, pair(window));
  }

  @Override
  public String transpose(String x, int first, int second) {
    return call("torch.transpose", x, first, second);
  }

  @Override
  public String mean(String x, int dimension) {
    return call("torch.mean", x, "[" + dimension + "]");
  }

  @Override
  public String largest(String x, int dimension) {
    return call("torch.amax", x, "[" + dimension + "]");
  }

  @Override
  public String globalAveragePool3d(String x) {
    return let("torch.flatten(torch.adaptive_avg_pool3d(" + x + ", [1, 1, 1]), 1)");
  }

  @Override
  public String framesAsImages(String clips) {
    return let("torch.flatten(torch.transpose(" + clips + ", 1, 2), 0, 1)");
  }

  @Override
  public String meanOverFrames(String vectors, int frames) {
    return let(
        "torch.mean(" + vectors + ".reshape([-1, " + frames + ", " + vectors + ".size(1)]), [1])");
  }

  @Override
  public String attendedOverFrames(String vectors, int frames, String rows, double temperature) {
    String best = call("torch.amax", call("torch.linear", vectors, parameter(rows)), "[1]");
    String shares =
        let(
            "torch.softmax(torch.div("
                + best
                + ", "
                + temperature
                + ").reshape([-1, 1, "
                + frames
                + "]), 2)");
    return let(
        "torch.squeeze(torch.bmm("
            + shares
            + ", "
            + vectors
            + ".reshape([-1, "
            + frames
            + ", "
            + vectors
            + ".size(1)])), 1)");
  }

  @Override
  public String catChannels(String a, String b) {
    return let("torch.cat([" + a + ", " + b + "], 1)");
  }

  @Override
  public String padChannels(String x, int front, int back) {
    return call("torch.constant_pad_nd", x, "[0, 0, 0, 0, " + front + ", " + back + "]");
  }

  @Override
  public String subsample(String x, int step) {
    return let(x + "[:, :, ::" + step + ", ::" + step + "]");
  }

  @Override
  public String places(String x) {
    return let("torch.transpose(torch.flatten(" + x + ", 2), 1, 2)");
  }

  @Override
  public String prependToken(String x, String name) {
    return let(
        "torch.cat([" + parameter(name) + ".expand(" + x + ".size(0), -1, -1), " + x + "], 1)");
  }

  @Override
  public String token(String x, int index) {
    return call("torch.select", x, 1, index);
  }

  @Override
  public String withoutFirst(String x, int count) {
    return let(x + "[:, " + count + ":]");
  }

  @Override
  public String signedRoot(String x) {
    String size = call("torch.clamp_min", "torch.abs(" + x + ")", NeuralOps.STEEPEST_ROOT);
    return call("torch.div", x, "torch.sqrt(" + size + ")");
  }

  @Override
  public String unitNorm(String x) {
    String squares = let("torch.sum(torch.mul(" + x + ", " + x + "), [1], True)");
    return call(
        "torch.div",
        x,
        "torch.clamp_min(torch.sqrt(" + squares + "), " + NeuralOps.LEAST_NORM + ")");
  }

  @Override
  public String vectors(String x) {
    return x;
  }

  @Override
  public String attention(String queryKeyValue, int heads) {
    String size = queryKeyValue + ".size(0), " + queryKeyValue + ".size(1)";
    String parts =
        let(
            queryKeyValue
                + ".reshape(["
                + size
                + ", 3, "
                + heads
                + ", -1]).permute([2, 0, 3, 1, 4])");
    String attended =
        call("torch.scaled_dot_product_attention", parts + "[0]", parts + "[1]", parts + "[2]");
    return let(attended + ".transpose(1, 2).reshape([" + size + ", -1])");
  }

  @Override
  public String attention(String query, String key, String value, int heads) {
    return attention(query, key, value, heads, null);
  }

  @Override
  public String module(String images, ScriptModule module) {
    script.modules().put(ScriptBackbone.CHILD, module);
    return let("self." + ScriptBackbone.CHILD + ".forward(" + images + ")");
  }
}
