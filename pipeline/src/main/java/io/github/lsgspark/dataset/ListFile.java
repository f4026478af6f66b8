package io.github.lsgspark.dataset;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.RelativePath;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A list of "path label" lines. The label is what follows the TAB, or the last word if there is no
 * TAB; paths may hold spaces. Windows line ends, a byte order mark and empty lines are tolerated.
 * Paths are relative to the root and may not leave it.
 */
final class ListFile {
  private final Configuration hadoop;
  private final String root;

  ListFile(Configuration hadoop, String root) {
    this.hadoop = hadoop;
    this.root = root;
  }

  List<SourceEntry> read(String list, String split) {
    Path base = root.isEmpty() ? new Path(list).getParent() : new Path(root);
    List<SourceEntry> entries = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    String[] lines = text(list).split("\r?\n", -1);
    for (int i = 0; i < lines.length; i++) {
      String line = lines[i].strip();
      if (line.isEmpty()) {
        continue;
      }
      String where = list + ":" + (i + 1);
      int cut = line.indexOf('\t') >= 0 ? line.lastIndexOf('\t') : line.lastIndexOf(' ');
      if (cut <= 0) {
        throw LsgException.input(where + ": needs \"path label\", but was: " + line);
      }
      String relative = line.substring(0, cut).strip();
      String label = line.substring(cut + 1).strip();
      String normal = inside(relative, where);
      if (!seen.add(normal)) {
        throw LsgException.input(where + ": " + normal + " is listed twice");
      }
      entries.add(SourceEntry.file(normal, label, split, base + "/" + normal));
    }
    return entries;
  }

  private String text(String list) {
    byte[] content = new HadoopFiles(hadoop).read(list);
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw LsgException.input(list + ": is not a UTF-8 text of \"path label\" lines", e);
    }
  }

  private static String inside(String path, String where) {
    if (path.contains(":")) {
      throw LsgException.input(where + ": " + path + " leaves the root of the list");
    }
    return RelativePath.inside(path, where);
  }
}
