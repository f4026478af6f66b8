package io.github.lsgspark.storage;

import io.github.lsgspark.config.LsgException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * What people have in place of weights, models and tables when a download or a copy went wrong, by
 * a file's first bytes.
 */
public final class MistakenFile {
  /** First bytes that are looked at. */
  public static final int BYTES = 512;

  private MistakenFile() {}

  /**
   * What a file is, with what to do about it; empty for all that may be what it should be.
   *
   * @param start first bytes of the file, or all
   * @param length of the whole file
   */
  public static Optional<String> of(byte[] start, long length) {
    if (length == 0) {
      return Optional.of("is empty: it has 0 bytes");
    }
    String text = new String(start, 0, Math.min(start.length, BYTES), StandardCharsets.ISO_8859_1);
    if (text.startsWith("version https://git-lfs")) {
      return Optional.of("is a Git LFS pointer, not the content; run `git lfs pull` in its folder");
    }
    String lower = text.stripLeading().toLowerCase(Locale.ROOT);
    if (lower.startsWith("<!doctype html") || lower.startsWith("<html")) {
      return Optional.of(
          "is an HTML page, not the content; a download that was answered by a page of the site");
    }
    if (text.startsWith("<?xml")) {
      return Optional.of(
          "is XML, not the content; stores answer so where a file is missing or not public");
    }
    if (text.startsWith("PK\u0003\u0004") || text.startsWith("PK\u0005\u0006")) {
      return Optional.of("is a zip archive, as PyTorch's .pt, .pth and .bin files and .npz are");
    }
    if (text.matches("(?s)\\x80[\\x02-\\x05].*")) {
      return Optional.of("is a Python pickle, which runs code when it is opened");
    }
    if (text.startsWith("\u001f\u008b")) {
      return Optional.of("is compressed by gzip; unpack it first");
    }
    if (text.startsWith("\u0089HDF\r\n")) {
      return Optional.of("is an HDF5 file, as Keras writes them");
    }
    if (text.startsWith("GGUF")) {
      return Optional.of("is GGUF, whose weights are rounded for inference");
    }
    return Optional.empty();
  }

  /**
   * Refuses a file that is something else.
   *
   * @param name what to call it in the message
   * @param wanted what is read instead, such as "a safetensors file is needed"
   * @throws LsgException exit 3
   */
  public static void refuse(byte[] start, long length, String name, String wanted) {
    of(start, length)
        .ifPresent(
            what -> {
              throw LsgException.input(name + ": " + what + "; " + wanted);
            });
  }

  /**
   * The same where weights are needed, and a graph of ONNX is something else, too.
   *
   * @throws LsgException exit 3
   */
  public static void refuseGraph(byte[] start, long length, String name, String wanted) {
    // Protocol buffers: the version of the format, then who wrote it, or the graph.
    String text = new String(start, 0, Math.min(start.length, 3), StandardCharsets.ISO_8859_1);
    if (text.matches("(?s)\\x08[\\x03-\\x20][\\x12:]")) {
      throw LsgException.input(
          name + ": is an ONNX graph, which cannot be trained here; " + wanted);
    }
    refuse(start, length, name, wanted);
  }
}
