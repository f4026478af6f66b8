package io.github.lsgspark.text;

import io.github.lsgspark.config.LsgException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Lines of small UTF-8 files people write by hand: byte order mark and CRLF are tolerated. */
public final class TextLines {
  private TextLines() {}

  /**
   * All lines of a file on any Hadoop file system, without line ends and byte order mark.
   *
   * @throws LsgException exit 3 if the file is missing, unreadable or not UTF-8
   */
  public static List<String> read(String file, Configuration hadoop) {
    Path path = new Path(file);
    try (InputStream in = path.getFileSystem(hadoop).open(path)) {
      return split(in.readAllBytes(), file);
    } catch (FileNotFoundException e) {
      throw LsgException.input(file + ": no such file", e);
    } catch (IOException e) {
      throw LsgException.input(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * @param name what to call the content in errors
   */
  static List<String> split(byte[] content, String name) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    } catch (CharacterCodingException e) {
      throw LsgException.input(name + ": is not UTF-8 text", e);
    }
    return (text.startsWith("\uFEFF") ? text.substring(1) : text).lines().toList();
  }
}
