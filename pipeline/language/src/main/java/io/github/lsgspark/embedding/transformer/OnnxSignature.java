package io.github.lsgspark.embedding.transformer;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.github.lsgspark.config.LsgException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The inputs and the output of a graph, as far as they are those of a text encoder.
 *
 * @param inputs element types by name
 * @param batch number of prompts that the graph takes at once; 0: any
 * @param length number of tokens that it takes; 0: any
 * @param output with the hidden states [n, length, D]
 */
record OnnxSignature(Map<String, OnnxJavaType> inputs, int batch, int length, String output) {
  static final String IDS = "input_ids";
  static final String MASK = "attention_mask";
  static final String SEGMENTS = "token_type_ids";
  static final String POSITIONS = "position_ids";

  private static final List<String> HIDDEN =
      List.of("last_hidden_state", "token_embeddings", "hidden_states");
  private static final Set<OnnxJavaType> WHOLE = Set.of(OnnxJavaType.INT64, OnnxJavaType.INT32);
  private static final Set<OnnxJavaType> FLOATS =
      Set.of(OnnxJavaType.FLOAT, OnnxJavaType.DOUBLE, OnnxJavaType.FLOAT16, OnnxJavaType.BFLOAT16);

  /** Dimensions of hidden states. */
  private static final int HIDDEN_RANK = 3;

  /**
   * @param file for errors
   * @throws LsgException exit 3 that names an input or output that does not suit
   */
  static OnnxSignature of(OrtSession session, Path file) throws OrtException {
    Map<String, OnnxJavaType> types = new LinkedHashMap<>();
    int batch = 0;
    int length = 0;
    requireKnown(session.getInputNames(), file);
    for (Map.Entry<String, NodeInfo> input : session.getInputInfo().entrySet()) {
      String name = input.getKey();
      TensorInfo info = tensor(input.getValue(), file);
      boolean mask = name.equals(MASK);
      boolean suits =
          WHOLE.contains(info.type)
              || (mask && (info.type == OnnxJavaType.FLOAT || info.type == OnnxJavaType.BOOL));
      if (!suits) {
        throw LsgException.input(
            file
                + ": input "
                + name
                + " is of type "
                + info.type
                + ", but must be int64 or int32"
                + (mask ? ", float or bool" : ""));
      }
      long[] shape = info.getShape();
      if (shape.length != 2) {
        throw LsgException.input(
            file
                + ": input "
                + name
                + " must be [batch, length], but is "
                + Arrays.toString(shape));
      }
      batch = agreed(batch, shape[0], name, "batch", file);
      length = agreed(length, shape[1], name, "length", file);
      types.put(name, info.type);
    }
    return new OnnxSignature(types, batch, length, output(session, file));
  }

  private static void requireKnown(Set<String> names, Path file) {
    Set<String> known = Set.of(IDS, MASK, SEGMENTS, POSITIONS);
    if (!names.contains(IDS) || !known.containsAll(names)) {
      throw LsgException.input(
          file
              + ": the graph's inputs are "
              + names
              + ", but they must be input_ids and may be attention_mask, token_type_ids and"
              + " position_ids; export the text encoder alone (task feature-extraction)");
    }
  }

  private static TensorInfo tensor(NodeInfo node, Path file) {
    if (node.getInfo() instanceof TensorInfo info) {
      return info;
    }
    throw LsgException.input(file + ": " + node.getName() + " is no tensor, but " + node.getInfo());
  }

  private static int agreed(int before, long size, String input, String what, Path file) {
    if (size <= 0) {
      return before;
    }
    if (before > 0 && before != size) {
      throw LsgException.input(
          file + ": input " + input + " has " + what + " " + size + ", but another has " + before);
    }
    return Math.toIntExact(size);
  }

  /** By its name; else the first that can hold hidden states. */
  private static String output(OrtSession session, Path file) throws OrtException {
    Map<String, NodeInfo> outputs = session.getOutputInfo();
    Optional<String> named = HIDDEN.stream().filter(outputs::containsKey).findFirst();
    String name =
        named
            .or(() -> outputs.keySet().stream().filter(key -> suits(outputs.get(key))).findFirst())
            .orElse(outputs.keySet().iterator().next());
    if (name.equals("logits")) {
      throw LsgException.input(
          file
              + ": its output is logits, the scores of a task, not hidden states; export the model"
              + " without its head (task feature-extraction)");
    }
    TensorInfo info = tensor(outputs.get(name), file);
    long[] shape = info.getShape();
    if (shape.length != HIDDEN_RANK) {
      throw LsgException.input(
          String.format(
              "%s: output %s must hold hidden states [n, length, D], but is %s%s; the outputs are %s",
              file,
              name,
              Arrays.toString(shape),
              shape.length == 2 ? ", one vector for each prompt" : "",
              outputs.keySet()));
    }
    if (!FLOATS.contains(info.type)) {
      throw LsgException.input(
          file
              + ": output "
              + name
              + " is of type "
              + info.type
              + ", but must be float, double, float16 or bfloat16");
    }
    return name;
  }

  private static boolean suits(NodeInfo node) {
    return node.getInfo() instanceof TensorInfo info
        && info.getShape().length == HIDDEN_RANK
        && FLOATS.contains(info.type);
  }
}
