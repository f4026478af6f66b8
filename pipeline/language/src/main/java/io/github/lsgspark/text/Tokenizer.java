package io.github.lsgspark.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.PrivateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A tokenizer as the Hub serves it in {@code tokenizer.json}. Texts are neither padded nor cut,
 * whatever the file says. Safe for use by several threads.
 */
public final class Tokenizer implements AutoCloseable {
  private final HuggingFaceTokenizer tokenizer;

  private Tokenizer(HuggingFaceTokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /**
   * Opens the tokenizer of a model.
   *
   * @param file a local tokenizer.json
   * @throws LsgException exit 3 if it is missing or not sound, exit 4 if the native library cannot
   *     be loaded
   */
  public static Tokenizer open(Path file) {
    if (!Files.isRegularFile(file)) {
      throw LsgException.input(file + ": no such file; a tokenizer.json is needed");
    }
    keepLocal();
    try {
      return new Tokenizer(
          HuggingFaceTokenizer.builder()
              .optTokenizerPath(file)
              .optPadding(false)
              .optTruncation(false)
              .build());
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      throw LsgException.environment(
          "the tokenizer library cannot be loaded: " + e.getMessage(), e);
    } catch (IOException | RuntimeException e) {
      throw LsgException.input(file + ": not a sound tokenizer.json: " + e.getMessage(), e);
    }
  }

  /**
   * The library must not look for a CUDA build of itself on the network, nor need a home folder.
   */
  private static void keepLocal() {
    setDefault("RUST_FLAVOR", "cpu");
    setDefault("ai.djl.offline", "true");
    if (!Files.isWritable(Path.of(System.getProperty("user.home", "/")))) {
      setDefault("DJL_CACHE_DIR", PrivateFolder.of("tokenizer").toString());
    }
  }

  private static void setDefault(String property, String value) {
    if (System.getProperty(property) == null && System.getenv(property) == null) {
      System.setProperty(property, value);
    }
  }

  /**
   * Ids and places of a text's tokens.
   *
   * @param special whether the tokenizer adds its special tokens, such as [CLS]
   */
  public TokenizedText tokenize(String text, boolean special) {
    Encoding encoding = tokenizer.encode(text, special, false);
    CharSpan[] spans = encoding.getCharTokenSpans();
    long[] mask = encoding.getSpecialTokenMask();
    int length = spans.length;
    int[] starts = new int[length];
    int[] ends = new int[length];
    boolean[] added = new boolean[length];
    int[] utf16 = utf16OfCodePoints(text);
    for (int i = 0; i < length; i++) {
      added[i] = mask[i] == 1;
      // An added token has no place in the text: its span is null.
      if (spans[i] != null) {
        starts[i] = utf16[spans[i].getStart()];
        ends[i] = utf16[spans[i].getEnd()];
      }
    }
    return new TokenizedText(encoding.getIds(), encoding.getTokens(), starts, ends, added);
  }

  /** UTF-16 index of each code point, and of the end: spans count code points. */
  private static int[] utf16OfCodePoints(String text) {
    int[] indexes = new int[text.codePointCount(0, text.length()) + 1];
    for (int i = 1; i < indexes.length; i++) {
      indexes[i] = text.offsetByCodePoints(indexes[i - 1], 1);
    }
    return indexes;
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
