package io.github.lsgspark.tower;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.torch.Activation;

/** Functions as transformers calls them. */
final class Activations {
  private Activations() {}

  /**
   * A file's function.
   *
   * @throws LsgException exit 3 for one that is not known here
   */
  static Activation of(TowerConfig config, String key, String otherwise) {
    String name = config.text(key, otherwise);
    return switch (name) {
      case "gelu" -> Activation.GELU;
      case "gelu_pytorch_tanh", "gelu_new" -> Activation.GELU_TANH;
      case "quick_gelu" -> Activation.QUICK_GELU;
      case "silu", "swish" -> Activation.SILU;
      case "relu" -> Activation.RELU;
      default ->
          throw LsgException.input(
              config.source()
                  + ": "
                  + key
                  + " must be gelu, gelu_pytorch_tanh, quick_gelu, silu or relu, but is: "
                  + name);
    };
  }
}
