package io.github.lsgspark.embedding.transformer;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.text.TokenizedText;
import io.github.lsgspark.text.Tokenizer;
import io.github.lsgspark.torch.ComputeDevice;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model directory in use by this JVM: its tokenizer, and its weights from the first prompt on.
 * Shared by the JVM's tasks, see {@link OpenedModels}.
 */
public final class OpenedModel {
  private static final Logger LOG = LoggerFactory.getLogger(OpenedModel.class);

  private final ModelSpec spec;
  private final ComputeDevice device;
  private final ModelDirectory directory;
  private final Path folder;
  private final Tokenizer tokenizer;
  private final PromptTokenizer prompts;
  private PromptModel model;

  OpenedModel(ModelSpec spec, ComputeDevice device) {
    this.spec = spec;
    // ONNX Runtime is the CPU build, whatever the scheduler gave.
    this.device = spec.onnx() ? ComputeDevice.cpu() : device;
    this.directory = spec.directory();
    this.folder = spec.sameFolder();
    this.tokenizer = Tokenizer.open(folder.resolve(ModelDirectory.TOKENIZER));
    this.prompts = new PromptTokenizer(tokenizer, spec.format(directory));
  }

  /**
   * A prompt as the model reads it.
   *
   * @param start first UTF-16 index of the label in the prompt
   * @param end index after its last
   */
  public PromptTokens tokenize(String prompt, int start, int end) {
    try {
      int shift = spec.prefix().length();
      return prompts.tokenize(spec.prefix() + prompt, start + shift, end + shift);
    } catch (RuntimeException e) {
      throw NativeFailure.of(directory.file(ModelDirectory.TOKENIZER), e);
    }
  }

  /** All tokens of a prompt, for people to look at. */
  public TokenizedText tokens(String prompt) {
    return prompts.text(spec.prefix() + prompt);
  }

  /** Places of those tokens that make the vector. */
  public int[] pooled(TokenizedText tokens, String prompt, int start, int end) {
    int shift = spec.prefix().length();
    return prompts.wanted(tokens, spec.prefix() + prompt, start + shift, end + shift);
  }

  /**
   * The mean of each prompt's pooled hidden states, of any length.
   *
   * @param batch prompts of equal numbers of tokens
   */
  public float[][] encode(List<PromptTokens> batch) {
    float[][] vectors;
    try {
      vectors = model().encode(batch);
    } catch (RuntimeException e) {
      throw NativeFailure.of(spec.path(), e);
    }
    for (float[] vector : vectors) {
      boolean zero = true;
      for (float value : vector) {
        zero &= value == 0;
        if (!Float.isFinite(value)) {
          throw LsgException.input(
              spec.path() + ": gives a vector with " + value + " in it; are its weights sound?");
        }
      }
      if (zero) {
        throw LsgException.input(
            spec.path()
                + ": gives a vector of zeros, which has no direction; are its weights sound?");
      }
    }
    return vectors;
  }

  private synchronized PromptModel model() {
    if (model == null) {
      long start = System.nanoTime();
      model =
          spec.onnx()
              ? OnnxModel.open(folder.resolve(ModelDirectory.ONNX), 1)
              : TorchModel.open(
                  directory.config(),
                  folder,
                  directory.weightFiles(),
                  spec.pooling(),
                  spec.dtype(),
                  device);
      LOG.info(
          "Opened {} on {} in {} s",
          spec.path(),
          device,
          String.format("%.1f", (System.nanoTime() - start) / 1e9));
    }
    return model;
  }

  synchronized void close() {
    tokenizer.close();
    if (model != null) {
      model.close();
      model = null;
    }
  }
}
