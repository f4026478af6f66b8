package io.github.lsgspark.text;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.HadoopFiles;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/**
 * Lines of small text files people write by hand, in UTF-8, or in UTF-16 where a byte order mark
 * says so: that mark and CRLF are tolerated.
 */
public final class TextLines {
  private TextLines() {}

  /**
   * All lines of a file on any Hadoop file system, without line ends and byte order mark.
   *
   * @throws LsgException exit 3 if the file is missing, unreadable or not UTF-8
   */
  public static List<String> read(String file, Configuration hadoop) {
    return split(new HadoopFiles(hadoop).read(file), file);
  }

  /**
   * The lines of a file in UTF-8.
   *
   * @param name what to call the content in errors
   * @throws LsgException exit 3 if the content is not UTF-8
   */
  public static List<String> split(byte[] content, String name) {
    return text(content, name).lines().toList();
  }

  /**
   * The whole text, without byte order mark.
   *
   * @param name what to call the content in errors
   * @throws LsgException exit 3 if the content is not UTF-8
   */
  public static String text(byte[] content, String name) {
    try {
      String text = encoding(content).newDecoder().decode(ByteBuffer.wrap(content)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw LsgException.input(name + ": is not UTF-8 text", e);
    }
  }

  private static Charset encoding(byte[] content) {
    boolean marked =
        content.length >= 2
            && ((content[0] == (byte) 0xFF && content[1] == (byte) 0xFE)
                || (content[0] == (byte) 0xFE && content[1] == (byte) 0xFF));
    return marked ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8;
  }
}
