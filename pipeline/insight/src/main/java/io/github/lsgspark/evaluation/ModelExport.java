package io.github.lsgspark.evaluation;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.xxhash64;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.dataset.SampleSource;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.training.ModelFacts;
import io.github.lsgspark.training.OnnxFile;
import io.github.lsgspark.training.PreprocessorFile;
import io.github.lsgspark.training.TrainedModel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A model as a folder that other programs open: the ONNX file, held against the model on samples of
 * the user's, how samples are prepared for it, its classes, a card, the files that this program
 * made, and the SHA-256 of each.
 */
public final class ModelExport {
  /** The name of the ONNX file. */
  public static final String ONNX = "model.onnx";

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
    List<String> written = new ArrayList<>();
    for (String name : ModelFacts.of(files, sources.modelDir()).files()) {
      copy(files, HadoopFiles.path(sources.modelDir(), name), HadoopFiles.path(folder, name));
      written.add(name);
    }
    Exported checked;
    try (TrainedModel model =
        TrainedModel.load(
            files,
            sources.modelDir(),
            TrainedModel.LAST,
            settings.prepare(),
            ComputeDevice.cpu())) {
      String onnx = HadoopFiles.path(folder, ONNX);
      OnnxFile.write(files, sources.modelDir(), model.modality(), onnx);
      written.add(ONNX);
      List<float[]> samples = samples(spark, sources.prepareDir(), model);
      double difference = check(files, onnx, model, samples);
      checked = new Exported(written, samples.size(), difference);
    }
    PreprocessorFile.of(files, sources.modelDir())
        .ifPresent(
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
    names.forEach(name -> copy(files, HadoopFiles.path(from, name), HadoopFiles.path(to, name)));
    Checksums.verify(files, to);
    return names.size();
  }

  private static void requireEmpty(HadoopFiles files, String folder) {
    if (files.exists(folder) && !files.below(folder).isEmpty()) {
      throw LsgException.usage(folder + " is not empty, and nothing is overwritten");
    }
  }

  private static List<float[]> samples(SparkSession spark, String prepareDir, TrainedModel model) {
    List<float[]> views = new ArrayList<>();
    for (String split : List.of(SampleTable.TEST, SampleTable.TRAIN)) {
      if (!views.isEmpty()) {
        break;
      }
      try (SampleSource source =
          new SampleSource(spark.sparkContext().hadoopConfiguration(), model.modality())) {
        for (Row row :
            SampleTable.read(spark, prepareDir)
                .where(col("split").equalTo(split))
                .orderBy(xxhash64(col("id")), col("id"))
                .limit(SAMPLES)
                .select("id", "label_id", "reference")
                .collectAsList()) {
          views.add(
              model.views(
                  source.decode(new Sample(row.getString(0), row.getInt(1), row.getString(2)))));
        }
      }
    }
    return views;
  }

  /** ONNX Runtime reads files of this machine. */
  private static double check(
      HadoopFiles files, String onnx, TrainedModel model, List<float[]> samples) {
    Path local = null;
    try {
      local = Files.createTempFile("lsg-", ".onnx");
      try (InputStream in = files.open(onnx);
          OutputStream out = Files.newOutputStream(local)) {
        in.transferTo(out);
      }
      return OnnxFile.check(local, model, samples);
    } catch (IOException e) {
      throw new UncheckedIOException(onnx + ": " + e.getMessage(), e);
    } finally {
      delete(local);
    }
  }

  private static void delete(Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": " + e.getMessage(), e);
    }
  }

  private static void copy(HadoopFiles files, String from, String to) {
    try (InputStream in = files.open(from);
        OutputStream out = files.create(to)) {
      in.transferTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(to + ": " + e.getMessage(), e);
    }
  }

  /** The percentage of a share, or that it is not known. */
  static String percent(Optional<Double> share) {
    return share
        .map(value -> String.format(Locale.ROOT, "%.1f %%", 100 * value))
        .orElse("not measured");
  }
}
