package io.github.lsgspark.backbone;

import io.github.lsgspark.torch.Activation;
import io.github.lsgspark.torch.ArrayOps;
import io.github.lsgspark.torch.ConstantTensor;
import java.util.Arrays;

/** Writes the operations on arrays down as TorchScript. */
abstract class ScriptArrays implements ArrayLayers<String> {

  /** A new variable with the value of an expression; its name. */
  abstract String let(String expression);

  /** The attribute of the module that holds numbers that are not learned. */
  abstract String held(ConstantTensor values);

  @Override
  public String constant(ConstantTensor values, String like) {
    return held(values);
  }

  /** Notes the name of a linear layer. */
  abstract void noteLinear(String name);

  @Override
  public String linear(String x, String name, boolean biased) {
    noteLinear(name);
    String weight = parameter(name + ".weight");
    return biased
        ? linear(x, weight, parameter(name + ".bias"))
        : let("torch.linear(" + x + ", " + weight + ")");
  }

  @Override
  public String linear(String x, String weight, String bias) {
    return let("torch.linear(" + x + ", " + weight + ", " + bias + ")");
  }

  @Override
  public String multiply(String a, String b) {
    return let("torch.mul(" + a + ", " + b + ")");
  }

  @Override
  public String activate(String x, Activation function) {
    return let(function.script(x));
  }

  @Override
  public String conv(String x, String name, Convolution form) {
    return let(
        "torch.conv2d(%s, %s, %s, %s, %s, [1, 1], %d)"
            .formatted(
                x,
                parameter(name + ".weight"),
                form.biased() ? parameter(name + ".bias") : "None",
                pair(form.stride()),
                pair(form.padding()),
                form.groups()));
  }

  static String pair(int value) {
    return "[" + value + ", " + value + "]";
  }

  @Override
  public String conv(
      String x, String weight, String bias, int[] stride, int[] padding, int groups) {
    return let(
        "torch.conv2d(%s, %s, %s, %s, %s, [1, 1], %d)"
            .formatted(x, weight, bias, Arrays.toString(stride), Arrays.toString(padding), groups)
            .replace("null", "None"));
  }

  @Override
  public String channelNorm(String x, String name, int channels, double epsilon) {
    return let(
        "torch.group_norm(%s, %d, %s, %s, %s, False)"
            .formatted(
                x, channels, parameter(name + ".weight"), parameter(name + ".bias"), epsilon));
  }

  @Override
  public String plainNorm(String x, int width, double epsilon) {
    return let("torch.layer_norm(%s, [%d], None, None, %s, False)".formatted(x, width, epsilon));
  }

  @Override
  public String weightNorm(String direction, String gain) {
    String length =
        let("torch.sqrt(torch.sum(torch.mul(%1$s, %1$s), [0, 1], True))".formatted(direction));
    return let("torch.mul(%s, torch.div(%s, %s))".formatted(direction, gain, length));
  }

  @Override
  public String stretched(String x, int rows, int columns) {
    return let(
        "torch.upsample_bicubic2d(%s, [%d, %d], True, None, None)".formatted(x, rows, columns));
  }

  @Override
  public String sounding(String samples, ConstantTensor ends) {
    String backwards = let("torch.flip(torch.abs(torch.flatten(%s, 1)), [1])".formatted(samples));
    String behind = let("torch.flip(torch.cumsum(%s, 1), [1])".formatted(backwards));
    String found = let("torch.gt(torch.index_select(%s, 1, %s), 0)".formatted(behind, held(ends)));
    return let("torch.unsqueeze(%s.type_as(%s), 2)".formatted(found, samples));
  }

  @Override
  public String withoutPadding(String x, String sounding) {
    String own = let("torch.mul(%s, %s)".formatted(x, sounding));
    String count = let("torch.clamp_min(torch.sum(%s, [1], True), 1)".formatted(sounding));
    String mean = let("torch.div(torch.sum(%s, [1], True), %s)".formatted(own, count));
    return let("torch.add(%s, torch.mul(torch.rsub(%s, 1), %s))".formatted(own, sounding, mean));
  }

  @Override
  public String narrow(String x, int dimension, int from, int length) {
    return let("torch.narrow(%s, %d, %d, %d)".formatted(x, dimension, from, length));
  }

  @Override
  public String select(String x, int dimension, ConstantTensor places) {
    return let("torch.index_select(%s, %d, %s)".formatted(x, dimension, held(places)));
  }

  @Override
  public String reshape(String x, int... shape) {
    return let("torch.reshape(%s, %s)".formatted(x, Arrays.toString(shape)));
  }

  @Override
  public String permute(String x, int... order) {
    return let("torch.permute(%s, %s)".formatted(x, Arrays.toString(order)));
  }

  @Override
  public String prepend(String tokens, String x) {
    return let("torch.cat([" + tokens + ".expand(" + x + ".size(0), -1, -1), " + x + "], 1)");
  }

  @Override
  public String padPlaces(String x, int rows, int columns) {
    return let("torch.constant_pad_nd(%s, [0, 0, 0, %d, 0, %d])".formatted(x, columns, rows));
  }

  @Override
  public String rollPlaces(String x, int rows, int columns) {
    return let("torch.roll(%s, [%d, %d], [1, 2])".formatted(x, -rows, -columns));
  }

  @Override
  public String attention(String query, String key, String value, int heads, String bias) {
    String attended =
        let(
            "torch.scaled_dot_product_attention(%s, %s, %s%s)"
                .formatted(
                    split(query, heads),
                    split(key, heads),
                    split(value, heads),
                    bias == null ? "" : ", " + bias));
    return let(attended + ".transpose(1, 2).flatten(2)");
  }

  private String split(String x, int heads) {
    return let(
        x + ".reshape([" + x + ".size(0), " + x + ".size(1), " + heads + ", -1]).transpose(1, 2)");
  }

  @Override
  public String rotate(
      String x, ConstantTensor cosines, ConstantTensor sines, ConstantTensor places) {
    String mixed = let("torch.index_select(%s, 2, %s)".formatted(x, held(places)));
    return let(
        "torch.add(torch.mul(%s, %s), torch.mul(%s, %s))"
            .formatted(x, held(cosines), mixed, held(sines)));
  }

  @Override
  public String responseNorm(String x, String weight, String bias) {
    String sizes = let("torch.sqrt(torch.sum(torch.mul(%1$s, %1$s), [1, 2], True))".formatted(x));
    String shares =
        let(
            "torch.div(%1$s, torch.add(torch.mean(%1$s, [-1], True), %2$s))"
                .formatted(sizes, ArrayOps.LEAST_RESPONSE));
    String scaled = let("torch.mul(torch.mul(%s, %s), %s)".formatted(x, shares, weight));
    return let("torch.add(torch.add(%s, %s), %s)".formatted(scaled, bias, x));
  }
}
