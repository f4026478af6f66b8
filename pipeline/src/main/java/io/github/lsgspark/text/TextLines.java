package io.github.lsgspark.text;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.HadoopFiles;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** Lines of small UTF-8 files people write by hand: byte order mark and CRLF are tolerated. */
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
   * @param name what to call the content in errors
   * @throws LsgException exit 3 if the content is not UTF-8
   */
  public static List<String> split(byte[] content, String name) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    } catch (CharacterCodingException e) {
      throw LsgException.input(name + ": is not UTF-8 text", e);
    }
    return (text.startsWith("\uFEFF") ? text.substring(1) : text).lines().toList();
  }
}
