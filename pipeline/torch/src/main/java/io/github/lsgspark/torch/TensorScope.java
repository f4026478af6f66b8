package io.github.lsgspark.torch;

import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * Frees all tensors made by this thread between its creation and {@link #close()}, except the kept
 * ones. Needed around every step: the garbage collector does not see native memory.
 */
public final class TensorScope implements AutoCloseable {
  private final PointerScope enclosing = PointerScope.getInnerScope();
  private final PointerScope scope = new PointerScope();

  /** Takes a tensor out of the innermost scope: its owner must close it. */
  public static Tensor detached(Tensor tensor) {
    PointerScope innermost = PointerScope.getInnerScope();
    if (innermost != null) {
      tensor.retainReference();
      innermost.detach(tensor);
    }
    return tensor;
  }

  /** Gives a tensor that another thread kept to the innermost scope of this one, which frees it. */
  static void adopt(Tensor tensor) {
    PointerScope innermost = PointerScope.getInnerScope();
    if (innermost != null) {
      innermost.attach(tensor);
      // What kept it was one reference, the scope's own is another.
      tensor.releaseReference();
    }
  }

  /** Lets a tensor, or a hook, outlive this and all enclosing scopes: its owner must close it. */
  public <P extends Pointer> P keep(P tensor) {
    tensor.retainReference();
    scope.detach(tensor);
    return tensor;
  }

  /** Lets a tensor outlive this scope; the enclosing one frees it. Without one, its owner must. */
  public Tensor passOn(Tensor tensor) {
    if (enclosing == null) {
      return keep(tensor);
    }
    enclosing.attach(tensor);
    scope.detach(tensor);
    return tensor;
  }

  @Override
  public void close() {
    scope.close();
  }
}
