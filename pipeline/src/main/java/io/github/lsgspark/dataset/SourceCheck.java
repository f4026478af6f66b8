package io.github.lsgspark.dataset;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.text.LabelSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/**
 * What can be known of a source without listing its samples and without Spark: whether a table has
 * the columns it needs, an archive is one, drawn samples are ones that there are.
 */
public final class SourceCheck {
  private static final List<String> PICTURES = List.of("bytes", "content", "image");
  private static final List<String> PATHS = List.of("reference", "path");

  private SourceCheck() {}

  /**
   * Looks at a source that exists.
   *
   * @param key the setting that names it
   * @throws LsgException exit 3 if its table or archive cannot be used, exit 2 if there are no such
   *     drawn samples
   */
  public static void require(DataSettings data, String key, String source, Configuration hadoop) {
    if (source.startsWith(DrawnSource.SCHEME)) {
      new DrawnSource(data).requireKnown(source);
      return;
    }
    Path path = new Path(source);
    try {
      FileSystem files = path.getFileSystem(hadoop);
      if (ParquetSource.isTable(files, path)) {
        columns(key, source, first(files, path), hadoop);
      } else if (source.toLowerCase(Locale.ROOT).endsWith(".zip")
          && files instanceof LocalFileSystem local
          && files.getFileStatus(path).isFile()) {
        archive(key, source, local, path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(key + ": " + source + ": " + e.getMessage(), e);
    }
  }

  /**
   * Holds the classes without labels against all.
   *
   * @throws LsgException exit 3 if there is no such class, exit 2 if none would be left
   */
  public static void requireUnseen(DataSettings data, LabelSet labels, Configuration hadoop) {
    UnseenClasses.of(data.unseenClasses(), labels, hadoop);
  }

  private static void archive(String key, String source, LocalFileSystem local, Path path)
      throws IOException {
    try (ZipFile archive = new ZipFile(local.pathToFile(path))) {
      if (archive.size() == 0) {
        throw LsgException.input(key + ": " + source + ": an empty zip file");
      }
    } catch (ZipException e) {
      throw LsgException.input(key + ": " + source + ": not a zip file: " + e.getMessage(), e);
    }
  }

  private static Path first(FileSystem files, Path path) throws IOException {
    if (files.getFileStatus(path).isFile()) {
      return path;
    }
    return Arrays.stream(files.listStatus(path))
        .filter(FileStatus::isFile)
        .map(FileStatus::getPath)
        .filter(file -> file.getName().toLowerCase(Locale.ROOT).endsWith(".parquet"))
        .min(Comparator.naturalOrder())
        .orElse(path);
  }

  private static void columns(String key, String source, Path file, Configuration hadoop)
      throws IOException {
    if (file.getFileSystem(hadoop).getFileStatus(file).isDirectory()) {
      // Partitioned further down: Spark knows its layout.
      return;
    }
    MessageType schema;
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(file, hadoop))) {
      schema = reader.getFileMetaData().getSchema();
    } catch (RuntimeException e) {
      throw LsgException.input(
          key + ": " + source + ": cannot be read as Parquet: " + e.getMessage(), e);
    }
    if (!hasPicture(schema) && PATHS.stream().noneMatch(name -> isBinary(schema, name))) {
      throw LsgException.input(
          key
              + ": "
              + source
              + ": needs a column bytes, content or image with the sample, or path with its place,"
              + " but has "
              + schema.getFields().stream().map(Type::getName).toList());
    }
  }

  private static boolean hasPicture(MessageType schema) {
    for (String name : PICTURES) {
      if (isBinary(schema, name)
          || (schema.containsField(name)
              && !schema.getType(name).isPrimitive()
              && schema.getType(name).asGroupType().containsField("bytes"))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isBinary(MessageType schema, String name) {
    return schema.containsField(name)
        && schema.getType(name).isPrimitive()
        && schema.getType(name).asPrimitiveType().getPrimitiveTypeName()
            == PrimitiveTypeName.BINARY;
  }
}
