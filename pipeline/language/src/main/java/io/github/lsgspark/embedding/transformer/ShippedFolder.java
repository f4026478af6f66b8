package io.github.lsgspark.embedding.transformer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.SparkFiles;

/**
 * Where a task finds an archive that Spark brought and unpacked. Spark 3.5 puts it beside the other
 * files of the application; Spark 4 into a folder of the session that the job came from, where
 * {@link SparkFiles#get} does not look.
 */
public final class ShippedFolder {
  /** The last file of an archive: a folder that has it is unpacked whole. */
  public static final String LAST = "unpacked-whole";

  private ShippedFolder() {}

  /**
   * The unpacked folder.
   *
   * @param archive the name that it has among Spark's files
   * @throws IllegalStateException if Spark brought none
   */
  static Path find(String archive) {
    return find(Path.of(SparkFiles.getRootDirectory()), archive);
  }

  static Path find(Path root, String archive) {
    return Stream.concat(Stream.of(root), folders(root).stream())
        .map(folder -> folder.resolve(archive))
        .filter(folder -> Files.exists(folder.resolve(LAST)))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "Spark brought no archive " + archive + " to this executor, under " + root));
  }

  private static List<Path> folders(Path root) {
    try (Stream<Path> files = Files.list(root)) {
      return files.filter(Files::isDirectory).sorted().toList();
    } catch (IOException e) {
      throw new IllegalStateException(
          "the folder of Spark's files cannot be listed: " + root + ": " + e.getMessage(), e);
    }
  }
}
