package io.github.lsgspark.backbone;

import java.util.Map;

/** A network whose tensors are listed while it is made. */
abstract class ShapedBackbone implements Backbone {
  final TensorShapes shapes = new TensorShapes();

  @Override
  public final Map<String, long[]> parameterShapes() {
    return shapes.parameters;
  }

  @Override
  public final Map<String, long[]> bufferShapes() {
    return shapes.buffers;
  }
}
