package io.github.lsgspark.embedding;

import io.github.lsgspark.storage.FolderContent;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Vectors of prompts that one model has already computed, as Parquet folders below one folder: each
 * run adds one, moved into place when it is whole. Runs may share it at the same time.
 */
final class VectorCache {
  /** The key, and cut int: tokens of the label beyond the model's maximum. */
  static final StructType CUT_PROMPT =
      new StructType()
          .add("prompt", DataTypes.StringType, false)
          .add("label_start", DataTypes.IntegerType, false)
          .add("label_end", DataTypes.IntegerType, false)
          .add("cut", DataTypes.IntegerType, false);

  /** {@link #CUT_PROMPT}, and vector array of float of unit length. */
  static final StructType SCHEMA =
      CUT_PROMPT.add("vector", DataTypes.createArrayType(DataTypes.FloatType, false), false);

  private static final Logger LOG = LoggerFactory.getLogger(VectorCache.class);

  /** What a folder holds, beside the files; Spark passes over its name. */
  private static final String CONTENT = "_content.json";

  private final SparkSession spark;
  private final HadoopFiles files;
  private final String folder;

  /**
   * @param folder of this model, pooling and element type
   */
  VectorCache(SparkSession spark, String folder) {
    this.spark = spark;
    this.files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    this.folder = folder;
  }

  /** The columns that name a prompt, for joins. */
  static String[] key() {
    return new String[] {"prompt", "label_start", "label_end"};
  }

  /** Everything in the cache: one row per prompt. */
  Dataset<Row> read() {
    String[] parts = parts();
    if (parts.length == 0) {
      return spark.createDataFrame(List.of(), SCHEMA);
    }
    // Two runs at the same time may have computed the same prompt.
    return spark.read().schema(SCHEMA).parquet(parts).dropDuplicates(key());
  }

  private String[] parts() {
    List<String> parts = new ArrayList<>();
    if (files.exists(folder)) {
      try {
        for (FileStatus status : files.fileSystem(folder).listStatus(new Path(folder))) {
          String part = status.getPath().toString();
          if (status.isDirectory()
              && !status.getPath().getName().startsWith("_")
              && isWhole(part)) {
            parts.add(part);
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(folder + ": " + e.getMessage(), e);
      }
    }
    return parts.stream().sorted().toArray(String[]::new);
  }

  /** One that is not as it was written is removed: its vectors are computed again. */
  private boolean isWhole(String part) {
    Optional<FolderContent> content = FolderContent.read(files, HadoopFiles.path(part, CONTENT));
    if (content.isEmpty() && files.isObjectStore(part)) {
      return false; // another run may be moving it into place
    }
    Optional<String> damage =
        content.isEmpty()
            ? Optional.of(CONTENT + " is missing or damaged")
            : content.get().difference(files, part);
    if (damage.isPresent()) {
      LOG.warn("{} is damaged, its vectors are computed again: {}", part, damage.get());
      files.delete(part);
    }
    return damage.isEmpty();
  }

  /** Computes vectors and keeps them. */
  void add(Dataset<Row> vectors) {
    String name = UUID.randomUUID().toString();
    String staging = HadoopFiles.path(folder, "_" + name);
    FileSystem fileSystem = files.fileSystem(folder);
    try {
      vectors.write().parquet(staging);
      Json.write(files, HadoopFiles.path(staging, CONTENT), FolderContent.of(files, staging));
      if (!fileSystem.rename(new Path(staging), new Path(HadoopFiles.path(folder, name)))) {
        throw new IOException("cannot be moved into place");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(staging + ": " + e.getMessage(), e);
    } finally {
      files.delete(staging);
    }
  }
}
