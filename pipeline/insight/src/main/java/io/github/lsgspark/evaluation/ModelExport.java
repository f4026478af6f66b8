package io.github.lsgspark.evaluation;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.xxhash64;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Setting;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.dataset.SampleSource;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.training.ModelFacts;
import io.github.lsgspark.training.OnnxCheck;
import io.github.lsgspark.training.OnnxFile;
import io.github.lsgspark.training.PreprocessorFile;
import io.github.lsgspark.training.TrainedModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model as a folder that other programs open: the ONNX file, held against the model on samples of
 * the user's, how samples are prepared for it, its classes, a card, the files that this program
 * made, and the SHA-256 of each.
 */
public final class ModelExport {
  /** The name of the ONNX file. */
  public static final String ONNX = "model.onnx";

  private static final Logger LOG = LoggerFactory.getLogger(ModelExport.class);
  private static final String SETTINGS = "settings.json";
  private static final int SAMPLES = 32;

  private ModelExport() {}

  /**
   * Where everything is that goes into a folder.
   *
   * @param prepareDir output of the prepare stage, on whose test samples, or else training samples,
   *     the file is checked
   * @param modelDir output of the stage that made the model
   * @param evaluateDir output of the evaluate stage
   */
  public record Sources(String prepareDir, String modelDir, String evaluateDir) {}

  /**
   * What was written.
   *
   * @param files by name
   * @param samples that the ONNX file was checked on
   * @param difference the largest of two logits
   */
  public record Exported(List<String> files, int samples, double difference) {}

  /**
   * Writes the folder.
   *
   * @param licence of the model, as its owner says
   * @param folder on any file system of Hadoop's; new or empty
   * @throws LsgException exit 2 if the folder holds something, exit 3 if the network cannot be
   *     written as ONNX, exit 4 if ONNX Runtime cannot be loaded
   */
  public static Exported run(
      SparkSession spark, Settings settings, Sources sources, String licence, String folder) {
    HadoopFiles files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    requireEmpty(files, folder);
    try {
      return written(spark, settings, sources, licence, folder);
    } catch (RuntimeException | Error e) {
      undo(files, folder, e);
      throw e;
    }
  }

  private static Exported written(
      SparkSession spark, Settings settings, Sources sources, String licence, String folder) {
    HadoopFiles files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    List<String> written = new ArrayList<>(List.of(ONNX));
    String onnx = HadoopFiles.path(folder, ONNX);
    Exported checked;
    try (TrainedModel model =
        TrainedModel.load(
            files,
            sources.modelDir(),
            TrainedModel.LAST,
            settings.prepare(),
            ComputeDevice.cpu())) {
      OnnxFile.write(files, sources.modelDir(), model.modality(), onnx);
      checked = checked(spark, sources.prepareDir(), model, onnx, written);
    }
    for (String name : ModelFacts.of(files, sources.modelDir()).files()) {
      files.copy(HadoopFiles.path(sources.modelDir(), name), HadoopFiles.path(folder, name));
      written.add(name);
    }
    int cropped = settings.prepare().cropBottom();
    Map<String, Object> reading = new TreeMap<>();
    reading.put("data.modality", Setting.text(settings.data().modality()));
    reading.put("prepare.crop-bottom", cropped);
    Json.write(files, HadoopFiles.path(folder, SETTINGS), reading);
    written.add(SETTINGS);
    Optional<Map<String, Object>> preparation =
        cropped > 0 ? Optional.empty() : PreprocessorFile.of(files, sources.modelDir());
    preparation.ifPresent(
        content -> {
          Json.write(files, HadoopFiles.path(folder, PreprocessorFile.NAME), content);
          written.add(PreprocessorFile.NAME);
        });
    files.writeText(
        HadoopFiles.path(folder, ModelCard.NAME),
        ModelCard.of(files, settings, sources, licence, checked));
    written.add(ModelCard.NAME);
    written.add(Checksums.write(files, folder));
    return checked;
  }

  /** So that the same command can be given again. */
  private static void undo(HadoopFiles files, String folder, Throwable e) {
    try {
      files.delete(folder);
    } catch (RuntimeException after) {
      e.addSuppressed(after);
    }
  }

  /**
   * Copies such a folder, once its files are what their sums say, and reads them again there.
   *
   * @return how many files it has
   * @throws LsgException exit 2 if the target holds something, exit 3 if a file is not what its sum
   *     says
   */
  public static int push(HadoopFiles files, String from, String to) {
    requireEmpty(files, to);
    List<String> names = new ArrayList<>(Checksums.verify(files, from));
    names.add(Checksums.NAME);
    try {
      names.forEach(name -> files.copy(HadoopFiles.path(from, name), HadoopFiles.path(to, name)));
      Checksums.verify(files, to);
    } catch (RuntimeException | Error e) {
      undo(files, to, e);
      throw e;
    }
    return names.size();
  }

  /**
   * The settings that samples must be read by, wherever such a folder lies; its files are what
   * their sums say.
   *
   * @return values by key
   * @throws LsgException exit 3 if a file is not
   */
  public static Map<String, String> settings(HadoopFiles files, String folder) {
    Checksums.verify(files, folder);
    Map<String, String> settings = new LinkedHashMap<>();
    Json.read(files, HadoopFiles.path(folder, SETTINGS))
        .properties()
        .forEach(entry -> settings.put(entry.getKey(), entry.getValue().asText()));
    return settings;
  }

  /**
   * Refuses a folder that holds something, and what is none.
   *
   * @throws LsgException exit 2 if that is so
   */
  public static void requireEmpty(HadoopFiles files, String folder) {
    if (!files.list(folder).isEmpty()) {
      throw LsgException.usage(folder + " is no empty folder, and nothing is overwritten");
    }
  }

  /** Of the test samples, or else training samples: some, one after the other. */
  private static Exported checked(
      SparkSession spark,
      String prepareDir,
      TrainedModel model,
      String onnx,
      List<String> written) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    Path local = local(new HadoopFiles(hadoop), onnx);
    try (OnnxCheck check = new OnnxCheck(local, onnx, model);
        SampleSource source = new SampleSource(hadoop, model.modality())) {
      for (String split : List.of(SampleTable.TEST, SampleTable.TRAIN)) {
        if (check.samples() > 0) {
          break;
        }
        for (Row row :
            SampleTable.read(spark, prepareDir)
                .where(col("split").equalTo(split))
                .orderBy(xxhash64(col("id")), col("id"))
                .limit(SAMPLES)
                .select("id", "label_id", "reference")
                .collectAsList()) {
          Sample sample = new Sample(row.getString(0), row.getInt(1), row.getString(2));
          check.sample(model.views(source.decode(sample)));
        }
      }
      return new Exported(written, check.samples(), check.difference());
    } finally {
      delete(local);
    }
  }

  /** ONNX Runtime reads files of this machine. */
  private static Path local(HadoopFiles files, String onnx) {
    try {
      Path local = Files.createTempFile("lsg-", ".onnx");
      files.copy(onnx, local.toUri().toString());
      return local;
    } catch (IOException e) {
      throw new UncheckedIOException(onnx + ": " + e.getMessage(), e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("{} cannot be removed: {}", file, e.getMessage());
    }
  }
}
