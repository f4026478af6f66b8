package io.github.lsgspark.embedding;

import io.github.lsgspark.embedding.models.ModelCache;
import io.github.lsgspark.embedding.transformer.ModelSpec;
import io.github.lsgspark.embedding.transformer.ShippedFolder;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
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

  /** Archives of this JVM, which outlive its sessions. */
  private static final Map<String, Path> PACKED = new HashMap<>();

  private static final Map<SparkSession, Set<String>> SENT = new WeakHashMap<>();

  private ModelShipment() {}

  /** The model as executors find it. */
  static ModelSpec of(SparkSession spark, ModelSpec spec) {
    URI place = URI.create(spec.path());
    if (spark.sparkContext().isLocal()
        || !"file".equals(place.getScheme())
        || !ModelCache.here().contains(Path.of(place))) {
      return spec;
    }
    String name = NAME + spec.fingerprint().substring(0, DIGITS);
    synchronized (ModelShipment.class) {
      if (SENT.computeIfAbsent(spark, any -> new HashSet<>()).add(name)) {
        Path archive = PACKED.computeIfAbsent(name, any -> archive(spec.localFiles()));
        LOG.info("Executors get the model {} by Spark, as they may not see this folder", place);
        // By SQL: what the context is given itself does not reach a session's tasks in Spark 4.
        spark.sql("ADD ARCHIVE '" + quoted(archive.toUri() + "#" + name) + "'");
      }
    }
    return spec.shippedAs(name);
  }

  /** An address between SQL's quotes. */
  private static String quoted(String address) {
    return address.replace("'", "%27");
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
        zip.putNextEntry(new ZipEntry(ShippedFolder.LAST));
        zip.closeEntry();
      }
      return archive;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "a model cannot be packed for executors: " + e.getMessage(), e);
    }
  }
}
