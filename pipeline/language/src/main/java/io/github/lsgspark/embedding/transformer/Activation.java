package io.github.lsgspark.embedding.transformer;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.torch.NeuralOps;
import io.github.lsgspark.torch.Ops;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;

/**
 * The non-linearity between the two products of a feed-forward block, by its name in config.json.
 */
enum Activation {
  GELU(NeuralOps::gelu, "gelu"),
  GELU_TANH(NeuralOps::geluTanh, "gelu_new", "gelu_pytorch_tanh", "gelu_fast"),
  QUICK_GELU(NeuralOps::quickGelu, "quick_gelu"),
  RELU(Ops::relu, "relu");

  private final UnaryOperator<Tensor> function;
  private final List<String> names;

  Activation(UnaryOperator<Tensor> function, String... names) {
    this.function = function;
    this.names = List.of(names);
  }

  Tensor apply(Tensor x) {
    return function.apply(x);
  }

  /**
   * @throws LsgException exit 3 for a function that is not here
   */
  static Activation of(String name, String file) {
    return Arrays.stream(values())
        .filter(activation -> activation.names.contains(name))
        .findFirst()
        .orElseThrow(
            () -> LsgException.input(file + ": activation \"" + name + "\" is not supported"));
  }
}
