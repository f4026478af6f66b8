package io.github.lsgspark.tower;

import io.github.lsgspark.config.LsgException;
import java.util.Arrays;
import java.util.List;

/** Files of weights that lie in a directory where safetensors should, and what to do with them. */
enum OtherFormat {
  PICKLE(
      List.of(".bin", ".pt", ".pth", ".ckpt"),
      "a Python pickle, which runs code when it is opened: take the safetensors that most models"
          + " of the Hub have, or write them with transformers' save_pretrained"),
  GGUF(
      List.of(".gguf"),
      "GGUF, whose weights are rounded for inference: take the model's safetensors"),
  ONNX(
      List.of(".onnx"),
      "an ONNX graph, which cannot be trained here: take the model's safetensors"),
  TENSORFLOW(
      List.of(".h5", ".msgpack"), "weights of TensorFlow or Flax: take the model's safetensors");

  private final List<String> endings;
  private final String what;

  OtherFormat(List<String> endings, String what) {
    this.endings = endings;
    this.what = what;
  }

  /** The error for a directory without what is wanted. */
  static LsgException instead(String path, List<String> names, String wanted) {
    String nothing = path + ": holds neither " + wanted + ", but: ";
    for (OtherFormat format : values()) {
      for (String name : names) {
        if (format.endings.stream().anyMatch(name::endsWith)) {
          return LsgException.input(nothing + name + ", " + format.what);
        }
      }
    }
    return LsgException.input(
        nothing + (names.isEmpty() ? "nothing" : Arrays.toString(names.toArray())));
  }
}
