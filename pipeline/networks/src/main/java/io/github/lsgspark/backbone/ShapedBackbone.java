package io.github.lsgspark.backbone;

import io.github.lsgspark.torch.HostArray;
import java.util.Map;

/** A network whose tensors are listed while it is made. */
public abstract class ShapedBackbone implements Backbone {
  /** The shapes of its tensors, in the order of the public state dict. */
  protected final TensorShapes shapes = new TensorShapes();

  @Override
  public final Map<String, long[]> parameterShapes() {
    return shapes.parameters;
  }

  @Override
  public final Map<String, long[]> bufferShapes() {
    return shapes.buffers;
  }

  /** Whether an array of a file is a parameter [1, n, width] with another n. */
  final boolean hasOtherLength(String name, HostArray array) {
    long[] wanted = shapes.parameters.get(name);
    long[] shape = array.shape();
    return shape.length == 3 && shape[2] == wanted[2] && shape[1] != wanted[1];
  }
}
