package io.github.lsgspark.onnx;

/**
 * What stands for a tensor while a graph is written.
 *
 * @param name within the graph
 * @param rank how many dimensions it has
 */
public record OnnxValue(String name, int rank) {

  /** The same name with another number of dimensions. */
  OnnxValue ranked(int other) {
    return new OnnxValue(name, other);
  }
}
