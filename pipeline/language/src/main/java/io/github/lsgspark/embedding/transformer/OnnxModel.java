package io.github.lsgspark.embedding.transformer;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import io.github.lsgspark.config.LsgException;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Any text encoder as an ONNX graph, run by ONNX Runtime on the CPU. What the graph takes, {@link
 * OnnxSignature} says: where it wants int32, ids are cast; where its batch or its length is fixed,
 * prompts go through in such batches, filled up behind their end and masked there. Safe for use by
 * several threads.
 */
final class OnnxModel implements PromptModel {
  private final Path file;
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final OnnxSignature signature;

  private OnnxModel(
      Path file, OrtEnvironment environment, OrtSession session, OnnxSignature signature) {
    this.file = file;
    this.environment = environment;
    this.session = session;
    this.signature = signature;
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
        return new OnnxModel(file, environment, session, OnnxSignature.of(session, file));
      } catch (RuntimeException | OrtException e) {
        session.close();
        throw e;
      }
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      throw LsgException.environment("ONNX Runtime cannot be loaded: " + e.getMessage(), e);
    } catch (OrtException e) {
      throw LsgException.input(file + ": " + NativeFailure.line(e), e);
    }
  }

  OnnxSignature signature() {
    return signature;
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

  /**
   * The last hidden states [n, length, D], row-major, of prompts of equal length.
   *
   * @throws LsgException exit 3 that names the file if the graph fails
   */
  float[] hidden(List<long[]> ids) {
    try {
      return hidden(ids, 0, OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING);
    } catch (OrtException e) {
      throw NativeFailure.of(file.toString(), e);
    }
  }

  /**
   * The same, with what fills up a fixed length.
   *
   * @param filling id of the tokens behind the end
   */
  float[] hidden(List<long[]> ids, long filling, OrtLoggingLevel level) throws OrtException {
    int length = ids.get(0).length;
    int rows = signature.batch() > 0 ? signature.batch() : ids.size();
    int columns = signature.length() > 0 ? signature.length() : length;
    if (length > columns) {
      throw LsgException.input(file + ": takes " + columns + " tokens, but a prompt has " + length);
    }
    float[] all = null;
    for (int from = 0; from < ids.size(); from += rows) {
      List<long[]> part = ids.subList(from, Math.min(ids.size(), from + rows));
      float[] states = run(part, rows, columns, filling, level);
      int width = states.length / (rows * columns);
      if (all == null) {
        all = new float[Math.multiplyExact(ids.size() * length, width)];
      }
      for (int row = 0; row < part.size(); row++) {
        System.arraycopy(
            states, row * columns * width, all, (from + row) * length * width, length * width);
      }
    }
    return all;
  }

  private float[] run(List<long[]> ids, int rows, int columns, long filling, OrtLoggingLevel level)
      throws OrtException {
    Map<String, OnnxTensor> inputs = new HashMap<>();
    try (OrtSession.RunOptions options = new OrtSession.RunOptions()) {
      options.setLogLevel(level);
      for (String name : signature.inputs().keySet()) {
        long[] values = values(name, ids, rows, columns, filling);
        inputs.put(name, tensor(signature.inputs().get(name), values, rows, columns));
      }
      try (OrtSession.Result result = session.run(inputs, Set.of(signature.output()), options)) {
        return floats((OnnxTensor) result.get(0), rows, columns);
      }
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private static long[] values(
      String input, List<long[]> ids, int rows, int columns, long filling) {
    long[] values = new long[Math.multiplyExact(rows, columns)];
    for (int row = 0; row < rows; row++) {
      // Rows that nobody asked for repeat the first.
      long[] prompt = ids.get(row < ids.size() ? row : 0);
      for (int column = 0; column < columns; column++) {
        boolean inside = column < prompt.length;
        values[row * columns + column] =
            switch (input) {
              case OnnxSignature.IDS -> inside ? prompt[column] : filling;
              case OnnxSignature.MASK -> inside ? 1 : 0;
              case OnnxSignature.POSITIONS -> column;
              default -> 0;
            };
      }
    }
    return values;
  }

  private OnnxTensor tensor(OnnxJavaType type, long[] values, int rows, int columns)
      throws OrtException {
    long[] shape = {rows, columns};
    return switch (type) {
      case INT32 ->
          OnnxTensor.createTensor(
              environment,
              IntBuffer.wrap(Arrays.stream(values).mapToInt(Math::toIntExact).toArray()),
              shape);
      case FLOAT -> {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
          floats[i] = values[i];
        }
        yield OnnxTensor.createTensor(environment, FloatBuffer.wrap(floats), shape);
      }
      case BOOL -> {
        ByteBuffer bytes = ByteBuffer.allocateDirect(values.length);
        for (long value : values) {
          bytes.put((byte) value);
        }
        yield OnnxTensor.createTensor(environment, bytes.flip(), shape, OnnxJavaType.BOOL);
      }
      default -> OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape);
    };
  }

  private float[] floats(OnnxTensor states, int rows, int columns) {
    long[] shape = states.getInfo().getShape();
    if (shape.length != 3 || shape[0] != rows || shape[1] != columns) {
      throw LsgException.input(
          String.format(
              "%s: output %s must be [n, length, D], but of %d prompts of %d tokens it is %s",
              file, signature.output(), rows, columns, Arrays.toString(shape)));
    }
    if (states.getInfo().type == OnnxJavaType.DOUBLE) {
      DoubleBuffer wide = states.getDoubleBuffer();
      float[] floats = new float[wide.remaining()];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = (float) wide.get(i);
      }
      return floats;
    }
    FloatBuffer values = states.getFloatBuffer();
    float[] floats = new float[values.remaining()];
    values.get(floats);
    return floats;
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
