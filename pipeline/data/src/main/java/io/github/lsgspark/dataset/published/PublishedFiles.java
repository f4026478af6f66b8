package io.github.lsgspark.dataset.published;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.RelativePath;
import io.github.lsgspark.text.TextLines;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a benchmark by their paths within it, whether they lie in a folder or in archives.
 * Archives in the folder are unpacked into scratch space unless what they unpack to lies beside
 * them.
 */
public final class PublishedFiles {
  private static final Logger LOG = LoggerFactory.getLogger(PublishedFiles.class);

  private final Layout layout;
  private final String root;
  private final HadoopFiles files;
  private final Scratch scratch;
  private final Map<String, String> pieces = new HashMap<>();
  private String folder = "";

  private PublishedFiles(Layout layout, String root, Configuration hadoop, Scratch scratch) {
    this.layout = layout;
    this.root = root;
    this.files = new HadoopFiles(hadoop);
    this.scratch = scratch;
  }

  /**
   * @param root folder of the benchmark, folder with its archives, or the one archive
   * @throws LsgException exit 3 if there is nothing at root, or an archive cannot be read
   */
  static PublishedFiles open(Layout layout, String root, Configuration hadoop, Scratch scratch) {
    PublishedFiles opened = new PublishedFiles(layout, root, hadoop, scratch);
    opened.find();
    return opened;
  }

  private void find() {
    if (!files.exists(root)) {
      throw LsgException.input(root + ": no such file or folder; " + expected());
    }
    if (Archives.isNamed(root)) {
      unpack(root);
    } else {
      layout
          .archives()
          .forEach(
              (archive, target) -> {
                String path = HadoopFiles.path(root, archive);
                if (!files.exists(HadoopFiles.path(root, target)) && files.exists(path)) {
                  unpack(path);
                }
              });
    }
    for (String candidate : layout.folders()) {
      if (pieces.keySet().stream().anyMatch(name -> name.startsWith(candidate))
          || files.exists(HadoopFiles.path(root, candidate))) {
        folder = candidate;
        return;
      }
    }
  }

  private void unpack(String archive) {
    LOG.info("prepare: unpack {}, {} bytes", archive, files.length(archive));
    pieces.putAll(Archives.unpack(archive, files, scratch));
  }

  private String expected() {
    return layout.name() + " as published has " + layout.contents();
  }

  /** A file as people find it. */
  public String path(String name) {
    return HadoopFiles.path(root, folder + name);
  }

  public boolean exists(String name) {
    return pieces.containsKey(folder + name)
        || (!Archives.isNamed(root) && files.exists(path(name)));
  }

  /**
   * Fails for a file that is not there.
   *
   * @param hint what to do about it; may be empty
   */
  public LsgException missing(String name, String hint) {
    return LsgException.input(
        path(name) + " is missing; " + expected() + (hint.isEmpty() ? "" : ". " + hint));
  }

  /**
   * Opens a file; the caller closes it.
   *
   * @throws LsgException exit 3 if it is missing
   */
  public InputStream open(String name) throws IOException {
    if (!exists(name)) {
      throw missing(name, "");
    }
    String piece = pieces.get(folder + name);
    return piece == null ? files.open(path(name)) : scratch.open(piece);
  }

  /**
   * All bytes of a file.
   *
   * @throws LsgException exit 3 if it is missing
   */
  public byte[] bytes(String name) {
    try (InputStream in = open(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(path(name) + ": " + e.getMessage(), e);
    }
  }

  /**
   * The lines of a text that are not blank.
   *
   * @throws LsgException exit 3 if it is missing, holds no line or is not UTF-8
   */
  public List<TextRow> rows(String name) {
    List<TextRow> rows = new ArrayList<>();
    List<String> lines = TextLines.split(bytes(name), path(name));
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        rows.add(new TextRow(path(name), i + 1, lines.get(i).strip()));
      }
    }
    if (rows.isEmpty()) {
      throw LsgException.input(path(name) + ": is empty");
    }
    return rows;
  }

  /**
   * A sample that a list names; whether its file is there is seen when it is read.
   *
   * @throws LsgException exit 3 if the name leads out of the benchmark
   */
  public PublishedSample sample(String listed, String label, String split) {
    String name = RelativePath.inside(listed, root);
    String piece = pieces.get(folder + name);
    PublishedSample.Place place;
    if (piece != null) {
      place = new PublishedSample.InScratch(piece);
    } else if (Archives.isNamed(root)) {
      place = new PublishedSample.Missing(path(name));
    } else {
      place = new PublishedSample.InFile(path(name));
    }
    return new PublishedSample(name, label, split, place);
  }

  /**
   * Names of all files below a folder of the benchmark, in order.
   *
   * @param below such as "audio/"; empty: all
   */
  public List<String> names(String below) {
    TreeSet<String> names = new TreeSet<>();
    pieces.keySet().stream()
        .filter(name -> name.startsWith(folder + below))
        .forEach(name -> names.add(name.substring(folder.length())));
    if (!Archives.isNamed(root) && files.exists(path(below))) {
      files.below(path(below)).forEach(name -> names.add(below + name));
    }
    return List.copyOf(names);
  }

  /**
   * A file wherever it lies.
   *
   * @param names of all files
   * @param pattern of its name, without folders
   * @param called what to call it where it is missing
   * @param hint what to do then; may be empty
   * @throws LsgException exit 3 if there is none
   */
  String find(List<String> names, String pattern, String called, String hint) {
    return names.stream()
        .filter(name -> name.matches("(?:.*/)?" + pattern))
        .findFirst()
        .orElseThrow(() -> missing(called, hint));
  }

  /** Space for pictures that are made from what a file holds. */
  public Scratch scratch() {
    return scratch;
  }
}
