package io.github.lsgspark.sparkml;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.dataset.PrepareStage;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.embedding.EmbedStage;
import io.github.lsgspark.evaluation.SampleClassifier;
import io.github.lsgspark.gcn.GcnStage;
import io.github.lsgspark.graph.GraphStage;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.text.Label;
import io.github.lsgspark.text.LabelSet;
import io.github.lsgspark.torch.GrantedGpus;
import io.github.lsgspark.training.HeadStage;
import io.github.lsgspark.training.TrainStage;
import io.github.lsgspark.training.VectorHead;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.SparkSession;

/**
 * One training: a folder of its own, and the stages in it. Only the model stays; the folder goes if
 * there is none.
 */
final class Fit implements AutoCloseable {
  private static final String MODEL = "train";

  private final SparkSession spark;
  private final HadoopFiles files;
  private final String folder;
  private boolean trained;

  private Fit(SparkSession spark, HadoopFiles files, String folder) {
    this.spark = spark;
    this.files = files;
    this.folder = folder;
  }

  /** Trains, or fits a head to vectors, on the rows of a table as the estimator's settings say. */
  static TrainedState of(LsgClassifier classifier, Dataset<?> dataset) {
    boolean vectors = SampleColumn.isVector(dataset.schema(), classifier.getInputCol());
    Loaded loaded = ClassifierSettings.of(classifier, vectors);
    SparkSession spark = dataset.sparkSession();
    try (Fit fit = begin(spark, classifier.getOrDefault(classifier.workDir()))) {
      TrainingTable table = new TrainingTable(classifier, dataset);
      String samples = table.write(fit.path("table"));
      Loaded own = ClassifierSettings.over(loaded, samples, table.names());
      return vectors
          ? fit.fit(VectorTable.read(spark, samples, own.settings().labels().file()), own)
          : fit.train(own);
    }
  }

  /**
   * Makes the folder.
   *
   * @param workDir that it lies in; empty for a temporary one
   * @throws LsgException exit 2 if it is empty and executors run elsewhere
   */
  static Fit begin(SparkSession spark, String workDir) {
    HadoopFiles files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    String parent = workDir.isEmpty() ? temporary(spark, files) : files.qualified(workDir);
    return new Fit(spark, files, HadoopFiles.path(parent, "fit-" + UUID.randomUUID()));
  }

  private static String temporary(SparkSession spark, HadoopFiles files) {
    if (!GrantedGpus.isLocal(spark.sparkContext().conf())) {
      throw LsgException.usage(
          "workDir must name a folder on storage that the driver and all executors reach");
    }
    try {
      Path folder = new Path(Files.createTempDirectory("lsg-fit-").toUri());
      var unused = files.fileSystem(folder.toString()).deleteOnExit(folder);
      String name = folder.toString();
      return name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A folder of this training. */
  String path(String name) {
    return HadoopFiles.path(folder, name);
  }

  /** Runs the stages that a training needs, as the program does. */
  TrainedState train(Loaded loaded) {
    Settings settings = loaded.settings();
    String prepare = path("prepare");
    PrepareStage.untested(spark, settings, prepare);
    Optional<String> graph = Optional.empty();
    Optional<String> gcn = Optional.empty();
    if (settings.lsg().enabled()) {
      graph = Optional.of(path("graph"));
      gcn = Optional.of(path("gcn"));
      EmbedStage.run(spark, settings, SampleTable.labels(files, prepare), path("embed"));
      GraphStage.run(spark, settings, path("embed"), graph.get());
      GcnStage.run(spark, settings, graph.get(), gcn.get());
    }
    TrainStage.run(
        spark,
        settings,
        prepare,
        graph,
        gcn,
        Optional.of(settings.train().weights()).filter(path -> !path.isEmpty()),
        path(MODEL),
        path("running"));
    return done(SampleClassifier.seen(spark, prepare), loaded);
  }

  /** Fits the head that settings name to a table of vectors. */
  TrainedState fit(VectorTable table, Loaded loaded) {
    Settings settings = loaded.settings();
    LabelSet labels = table.labels();
    boolean guided = settings.head().isTrained() && settings.lsg().enabled();
    boolean texts = settings.head().hasTextPrior() || HeadStage.isOfTexts(settings);
    if (guided || texts) {
      EmbedStage.run(spark, settings, labels, path("embed"));
    }
    if (guided) {
      GraphStage.run(spark, settings, path("embed"), path("graph"));
      GcnStage.run(spark, settings, path("graph"), path("gcn"));
    }
    table.write(path("features"));
    VectorHead.fit(
            spark,
            settings,
            path("features"),
            Optional.of(path("embed")).filter(dir -> texts),
            Optional.of(path("graph")).filter(dir -> guided),
            Optional.of(path("gcn")).filter(dir -> guided),
            labels.labels().stream().map(Label::name).toList())
        .write(files, path(MODEL));
    files.writeText(HadoopFiles.path(path(MODEL), SampleTable.LABELS), labels.toJson());
    return done(table.seen(), loaded);
  }

  private TrainedState done(int[] seen, Loaded loaded) {
    trained = true;
    return new TrainedState(path(MODEL), SampleTable.labels(files, path(MODEL)), seen, loaded);
  }

  @Override
  public void close() {
    if (!trained) {
      files.delete(folder);
      return;
    }
    for (String name : files.list(folder)) {
      if (!name.equals(MODEL)) {
        files.delete(path(name));
      }
    }
  }
}
