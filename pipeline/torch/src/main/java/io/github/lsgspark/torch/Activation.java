package io.github.lsgspark.torch;

import io.github.lsgspark.config.LsgException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Functions of each number that networks have between their layers. */
public enum Activation {
  /** x Φ(x). */
  GELU("torch.gelu(%s)", NeuralOps::gelu, "gelu"),
  /** GELU by the tanh formula. */
  GELU_TANH(
      "torch.gelu(%s, approximate=\"tanh\")",
      NeuralOps::geluTanh, "gelu_new", "gelu_pytorch_tanh", "gelu_fast"),
  /** x sigmoid(1.702 x). */
  QUICK_GELU(
      "torch.mul(%1$s, torch.sigmoid(torch.mul(%1$s, 1.702)))", NeuralOps::quickGelu, "quick_gelu"),
  /** x sigmoid(x). */
  SILU("torch.silu(%s)", torch::silu, "silu", "swish"),
  /** max(x, 0). */
  RELU("torch.relu(%s)", Ops::relu, "relu"),
  /** x min(max(x + 3, 0), 6) / 6. */
  HARD_SWISH("torch.hardswish(%s)", torch::hardswish),
  /** min(max(x + 3, 0), 6) / 6. */
  HARD_SIGMOID("torch.hardsigmoid(%s)", torch::hardsigmoid),
  /** 1 / (1 + e⁻ˣ). */
  SIGMOID("torch.sigmoid(%s)", torch::sigmoid),
  /** The hyperbolic tangent. */
  TANH("torch.tanh(%s)", torch::tanh);

  private final String script;
  private final UnaryOperator<Tensor> function;
  private final List<String> names;

  Activation(String script, UnaryOperator<Tensor> function, String... names) {
    this.script = script;
    this.function = function;
    this.names = List.of(names);
  }

  /**
   * A function as transformers' config.json names it.
   *
   * @param file and key that name it, for the error
   * @throws LsgException exit 3 for one that is not here; the message lists all
   */
  public static Activation of(String name, String file, String key) {
    return Arrays.stream(values())
        .filter(function -> function.names.contains(name))
        .findFirst()
        .orElseThrow(
            () ->
                LsgException.input(
                    file
                        + ": "
                        + key
                        + " must be one of "
                        + Arrays.stream(values())
                            .flatMap(function -> function.names.stream())
                            .collect(Collectors.joining(", "))
                        + ", but is: "
                        + name));
  }

  /** The function of a tensor's numbers. */
  public Tensor of(Tensor x) {
    return function.apply(x);
  }

  /** The same as an expression of TorchScript. */
  public String script(String x) {
    return String.format(Locale.ROOT, script, x);
  }
}
