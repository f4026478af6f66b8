package io.github.lsgspark.embedding;

import io.github.lsgspark.embedding.models.ModelCache;
import io.github.lsgspark.embedding.transformer.ModelSpec;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a model of this machine's cache to executors on others, by Spark's archives. A folder that
 * the user named is read where it lies, as it always was.
 */
final class ModelShipment {
  private static final String NAME = "lsg-model-";
  private static final int DIGITS = 16;
  private static final Logger LOG = LoggerFactory.getLogger(ModelShipment.class);

  private ModelShipment() {}

  /** The model as executors find it. */
  static ModelSpec of(SparkSession spark, ModelSpec spec) {
    SparkContext context = spark.sparkContext();
    URI place = URI.create(spec.path());
    if (context.isLocal()
        || !"file".equals(place.getScheme())
        || !ModelCache.here().contains(Path.of(place))) {
      return spec;
    }
    String name = NAME + spec.fingerprint().substring(0, DIGITS);
    synchronized (ModelShipment.class) {
      if (context.listArchives().forall(archive -> !archive.endsWith("#" + name))) {
        Path archive = archive(spec.localFiles());
        LOG.info("Executors get the model {} by Spark, as they may not see this folder", place);
        context.addArchive(archive.toUri() + "#" + name);
      }
    }
    return spec.shippedAs(name);
  }

  /** Stored, not deflated: weights do not shrink. It is served until this JVM ends. */
  private static Path archive(Map<String, Path> files) {
    try {
      Path archive = Files.createTempFile("lsg-model", ".zip");
      archive.toFile().deleteOnExit();
      try (OutputStream out = Files.newOutputStream(archive);
          ZipOutputStream zip = new ZipOutputStream(out)) {
        zip.setLevel(Deflater.NO_COMPRESSION);
        for (Map.Entry<String, Path> file : files.entrySet()) {
          zip.putNextEntry(new ZipEntry(file.getKey()));
          Files.copy(file.getValue(), zip);
          zip.closeEntry();
        }
      }
      return archive;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "a model cannot be packed for executors: " + e.getMessage(), e);
    }
  }
}
