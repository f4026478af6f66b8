package io.github.lsgspark.torch;

import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.TensorTensorHook;

/** Gradients by libtorch. */
public final class Autograd {
  private Autograd() {}

  /** While open, results are not differentiable. */
  public static ModeGuard noGrad() {
    NoGradGuard guard = new NoGradGuard();
    return guard::close;
  }

  /** The same values as the start of a new graph, with a gradient. */
  public static Tensor leaf(Tensor a) {
    return a.detach().set_requires_grad(true);
  }

  /** Fills the gradients of all leaves that {@code loss}, a scalar, depends on. */
  public static void backward(Tensor loss) {
    loss.backward();
  }

  /**
   * Replaces the gradient of a result, in a backward pass within the present {@link TensorScope}.
   * On a GPU that pass runs in a thread of autograd's, which has no scope: what it makes is freed
   * with the present one.
   */
  public static void onGradient(Tensor result, UnaryOperator<Tensor> change) {
    PointerScope present = PointerScope.getInnerScope();
    result.register_hook(
        new TensorTensorHook() {
          @Override
          public TensorBase call(TensorBase gradient) {
            try (PointerScope own = new PointerScope()) {
              Tensor changed = change.apply(new Tensor(gradient));
              if (present == null) {
                changed.retainReference();
              } else {
                present.attach(changed);
              }
              own.detach(changed);
              return changed;
            } finally {
              gradient.close();
            }
          }
        });
  }

  /** The gradient of a leaf after {@link #backward}. */
  public static Tensor grad(Tensor leaf) {
    return leaf.grad();
  }
}
