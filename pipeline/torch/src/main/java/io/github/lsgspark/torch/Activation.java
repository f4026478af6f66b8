package io.github.lsgspark.torch;

import java.util.Locale;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Functions of each number that networks have between their layers. */
public enum Activation {
  /** x Φ(x). */
  GELU("torch.gelu(%s)", NeuralOps::gelu),
  /** GELU by the tanh formula. */
  GELU_TANH("torch.gelu(%s, approximate=\"tanh\")", NeuralOps::geluTanh),
  /** x sigmoid(1.702 x). */
  QUICK_GELU("torch.mul(%1$s, torch.sigmoid(torch.mul(%1$s, 1.702)))", NeuralOps::quickGelu),
  /** x sigmoid(x). */
  SILU("torch.silu(%s)", torch::silu),
  /** max(x, 0). */
  RELU("torch.relu(%s)", Ops::relu),
  /** x min(max(x + 3, 0), 6) / 6. */
  HARD_SWISH("torch.hardswish(%s)", torch::hardswish),
  /** min(max(x + 3, 0), 6) / 6. */
  HARD_SIGMOID("torch.hardsigmoid(%s)", torch::hardsigmoid),
  /** 1 / (1 + e⁻ˣ). */
  SIGMOID("torch.sigmoid(%s)", torch::sigmoid);

  private final String script;
  private final UnaryOperator<Tensor> function;

  Activation(String script, UnaryOperator<Tensor> function) {
    this.script = script;
    this.function = function;
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
