package io.github.lsgspark.torch;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;

/**
 * Gradient checkpointing (Chen et al., "Training Deep Nets with Sublinear Memory Cost", 2016):
 * parts of a network keep their input alone, and are computed again, last first, for their
 * gradients. Gradients are those of the network computed once. For one thread.
 */
public final class Recompute {
  private final Deque<Part> parts = new ArrayDeque<>();

  private record Part(Tensor input, Tensor output, UnaryOperator<Tensor> function) {}

  /**
   * A part's output. Its inner results are freed at once, unless nothing before it has a gradient:
   * then whether it has one is seen by computing it.
   */
  public Tensor of(Tensor input, UnaryOperator<Tensor> function) {
    if (!GradMode.is_enabled() || !input.requires_grad()) {
      return scoped(input, function);
    }
    Tensor output;
    try (ModeGuard none = Autograd.noGrad()) {
      output = scoped(input, function);
    }
    output.set_requires_grad(true);
    parts.push(new Part(input, output, function));
    return output;
  }

  /** A part's output, which alone outlives it; its gradients keep what they need. */
  public static Tensor scoped(Tensor input, UnaryOperator<Tensor> function) {
    try (TensorScope scope = new TensorScope()) {
      return scope.passOn(function.apply(input));
    }
  }

  /**
   * Goes on with a backward pass that ended at the parts' outputs, to all leaves before them.
   *
   * @param mode in which parts were computed
   */
  public void backward(Supplier<ModeGuard> mode) {
    while (!parts.isEmpty()) {
      Part part = parts.pop();
      try (TensorScope scope = new TensorScope()) {
        Tensor gradient = Autograd.grad(part.output());
        if (gradient.defined()) {
          backward(part, gradient, mode);
        }
      }
    }
  }

  private static void backward(Part part, Tensor gradient, Supplier<ModeGuard> mode) {
    Tensor input = Autograd.leaf(part.input());
    Tensor output;
    try (ModeGuard same = mode.get()) {
      output = part.function().apply(input);
    }
    backward(output, gradient);
    part.output().mutable_grad().reset();
    Tensor before = Autograd.grad(input);
    if (before.defined()) {
      backward(part.input(), before);
    }
  }

  private static void backward(Tensor result, Tensor gradient) {
    result.backward(gradient, new BoolOptional(), false, new TensorArrayRefOptional());
  }
}
