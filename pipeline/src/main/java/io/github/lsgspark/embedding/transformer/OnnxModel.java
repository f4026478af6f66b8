package io.github.lsgspark.embedding.transformer;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.github.lsgspark.config.LsgException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Any text encoder as an ONNX graph, run by ONNX Runtime on the CPU: inputs {@code input_ids} and,
 * where the graph has them, {@code attention_mask} and {@code token_type_ids}, all int64 [n,
 * length]; output {@code last_hidden_state} (or the first) float [n, length, D]. Safe for use by
 * several threads.
 */
final class OnnxModel implements PromptModel {
  private static final String IDS = "input_ids";
  private static final String MASK = "attention_mask";
  private static final String SEGMENTS = "token_type_ids";
  private static final String HIDDEN = "last_hidden_state";

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final String output;

  private OnnxModel(OrtEnvironment environment, OrtSession session, String output) {
    this.environment = environment;
    this.session = session;
    this.output = output;
  }

  /**
   * @param threads of one call
   * @throws LsgException exit 3 if the graph is damaged or wants or gives something else, exit 4 if
   *     the native library cannot be loaded
   */
  static OnnxModel open(Path file, int threads) {
    try {
      OrtEnvironment environment =
          OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING);
      OrtSession session;
      try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
        options.setIntraOpNumThreads(threads);
        session = environment.createSession(file.toString(), options);
      }
      try {
        return new OnnxModel(environment, session, output(session, file));
      } catch (RuntimeException | OrtException e) {
        session.close();
        throw e;
      }
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      throw LsgException.environment("ONNX Runtime cannot be loaded: " + e.getMessage(), e);
    } catch (OrtException e) {
      throw LsgException.input(file + ": " + e.getMessage(), e);
    }
  }

  private static String output(OrtSession session, Path file) throws OrtException {
    Set<String> unknown = new TreeSet<>(session.getInputNames());
    unknown.removeAll(Set.of(IDS, MASK, SEGMENTS));
    if (!session.getInputNames().contains(IDS) || !unknown.isEmpty()) {
      throw LsgException.input(
          file
              + ": the graph's inputs are "
              + session.getInputNames()
              + ", but they must be input_ids and may be attention_mask and token_type_ids");
    }
    Map<String, NodeInfo> outputs = session.getOutputInfo();
    String name = outputs.containsKey(HIDDEN) ? HIDDEN : outputs.keySet().iterator().next();
    if (!(outputs.get(name).getInfo() instanceof TensorInfo info) || info.getShape().length != 3) {
      throw LsgException.input(
          file
              + ": output "
              + name
              + " must hold hidden states [n, length, D], but is "
              + outputs.get(name).getInfo());
    }
    return name;
  }

  @Override
  public float[][] encode(List<PromptTokens> batch) {
    int length = batch.get(0).ids().length;
    float[] hidden = hidden(batch.stream().map(PromptTokens::ids).toList());
    int width = hidden.length / (batch.size() * length);
    float[][] vectors = new float[batch.size()][width];
    for (int row = 0; row < batch.size(); row++) {
      int[] tokens = batch.get(row).pooled();
      double[] sum = new double[width];
      for (int token : tokens) {
        int from = (row * length + token) * width;
        for (int d = 0; d < width; d++) {
          sum[d] += hidden[from + d];
        }
      }
      for (int d = 0; d < width; d++) {
        vectors[row][d] = (float) (sum[d] / tokens.length);
      }
    }
    return vectors;
  }

  /** The last hidden states [n, length, D], row-major, of prompts of equal length. */
  float[] hidden(List<long[]> ids) {
    long[] shape = {ids.size(), ids.get(0).length};
    long[] flat = ids.stream().flatMapToLong(Arrays::stream).toArray();
    long[] ones = new long[flat.length];
    Arrays.fill(ones, 1);
    Map<String, OnnxTensor> inputs = new HashMap<>();
    try {
      for (String name : session.getInputNames()) {
        long[] values =
            switch (name) {
              case IDS -> flat;
              case MASK -> ones;
              default -> new long[flat.length];
            };
        inputs.put(name, OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape));
      }
      try (OrtSession.Result result = session.run(inputs, Set.of(output))) {
        FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer();
        float[] hidden = new float[values.remaining()];
        values.get(hidden);
        return hidden;
      }
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime: " + e.getMessage(), e);
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime: " + e.getMessage(), e);
    }
  }
}
