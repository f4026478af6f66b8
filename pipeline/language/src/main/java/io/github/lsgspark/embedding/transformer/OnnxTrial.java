package io.github.lsgspark.embedding.transformer;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import io.github.lsgspark.config.LsgException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Tries a graph before prompts go through it: its file says neither how many tokens it takes nor
 * which ids it knows, and nothing of whether the tokens that fill up a fixed length have a part in
 * the vectors of the others.
 */
final class OnnxTrial {
  /** Prompts and tokens of the smallest trial: different, so that swapped ones are found. */
  private static final int ROWS = 2;

  private static final int SHORTEST = 3;
  private static final double TOLERANCE = 1e-4;

  private final Path file;
  private final OnnxModel model;
  private String failure = "";

  private OnnxTrial(Path file, OnnxModel model) {
    this.file = file;
    this.model = model;
  }

  /**
   * @param longest tokens that a prompt may have
   * @param largestId of the tokenizer
   * @param firstPosition from which the architecture counts positions
   * @throws LsgException exit 3 that names the file if the graph cannot be run, or would give
   *     vectors that hang on the filling
   */
  static ModelLimits of(Path file, int longest, int largestId, int firstPosition) {
    try (OnnxModel model = OnnxModel.open(file, 1)) {
      if (firstPosition > 0 && model.signature().inputs().containsKey(OnnxSignature.POSITIONS)) {
        throw LsgException.input(
            file
                + ": has the input position_ids, which must count from "
                + firstPosition
                + " in a model of this kind, and padding apart; export it without that input");
      }
      return new OnnxTrial(file, model).limits(longest, largestId);
    }
  }

  private ModelLimits limits(int longest, int largestId) {
    int fixed = model.signature().length();
    int shortest = fixed > 0 ? Math.min(SHORTEST, fixed) : SHORTEST;
    if (!runs(ROWS, 0, shortest)) {
      throw LsgException.input(file + ": cannot be run: " + failure);
    }
    int maxTokens = fixed > 0 ? fixed : largest(shortest, longest, length -> runs(1, 0, length));
    int vocabulary = 1 + largest(0, largestId, id -> runs(1, id, shortest));
    if (fixed > shortest) {
      requireFillingWithoutPart(shortest, Math.min(vocabulary - 1, 1));
    }
    return new ModelLimits(
        vocabulary > largestId ? Integer.MAX_VALUE : vocabulary, Math.min(maxTokens, longest));
  }

  private boolean runs(int rows, int lastId, int length) {
    try {
      states(rows, lastId, length, 0);
      return true;
    } catch (OrtException e) {
      failure = NativeFailure.line(e);
      return false;
    }
  }

  private float[] states(int rows, int lastId, int length, int filling) throws OrtException {
    long[] prompt = new long[length];
    prompt[length - 1] = lastId;
    List<long[]> prompts = Collections.nCopies(rows, prompt);
    return model.hidden(prompts, filling, OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
  }

  /** The largest number that passes, of which the first does. */
  private static int largest(int passes, int limit, IntPredicate test) {
    if (passes >= limit || test.test(limit)) {
      return limit;
    }
    int low = passes;
    int high = limit;
    while (high - low > 1) {
      int middle = low + (high - low) / 2;
      if (test.test(middle)) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Two fillings, the same vectors: else the graph does not mask them. */
  private void requireFillingWithoutPart(int length, int other) {
    float[] one;
    float[] two;
    try {
      one = states(1, 0, length, 0);
      two = states(1, 0, length, other);
    } catch (OrtException e) {
      throw NativeFailure.of(file.toString(), e);
    }
    double scale = 1e-6;
    double difference = 0;
    for (int i = 0; i < one.length; i++) {
      scale = Math.max(scale, Math.abs(one[i]));
      difference = Math.max(difference, Math.abs(one[i] - two[i]));
    }
    if (!(difference <= TOLERANCE * scale)) {
      throw LsgException.input(
          file
              + ": its input is fixed to "
              + Arrays.toString(new int[] {model.signature().batch(), model.signature().length()})
                  .replace("[0,", "[any,")
              + " tokens, and those that fill it up behind a prompt change the prompt's vectors"
              + (model.signature().inputs().containsKey(OnnxSignature.MASK)
                  ? " in spite of attention_mask"
                  : "; it has no attention_mask")
              + "; export it with a length that is not fixed");
    }
  }
}
