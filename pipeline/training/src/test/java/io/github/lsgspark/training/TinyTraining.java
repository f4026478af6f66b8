package io.github.lsgspark.training;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.dataset.PrepareStage;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.embedding.EmbedStage;
import io.github.lsgspark.gcn.GcnStage;
import io.github.lsgspark.graph.GraphStage;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/** A guided training of drawn pictures that takes seconds, with the stages before it. */
final class TinyTraining {
  /** Batch normalisation, a validation split, unlabelled samples: everything a state can hold. */
  static final String CONFIGURATION =
      """
      data {
        train = "drawn:novel", label-budget = "60%", validation-fraction = 0.2
        drawn { image-size = 24, base-classes = 4, novel-classes = 6
                train-per-class = 10, test-per-class = 1 }
      }
      prompts { train = 3, heldout = 0 }
      embedding.encoder = lexical
      embedding.lexical { dimensions = 8, features = 512 }
      graph.edge-ratio = 0.3
      gcn { iterations = 5, evaluate-every = 5 }
      train {
        backbone = small-cnn, image-size = 24, iterations = 40, global-batch = 8
        precision = float32, learning-rate = 0.01, log-every = 1, validate-every = 15
        schedule { kind = cosine, warmup-steps = 5 }
      }
      ssl { strategy = pseudo-label, weight = 0.5 }
      """;

  /** Without batch normalisation, so that a step is the same however many replicas take it. */
  static final String SQUEEZENET =
      """
      data {
        train = "drawn:novel", label-budget = "40%"
        drawn { image-size = 32, base-classes = 2, novel-classes = 5
                train-per-class = 10, test-per-class = 1 }
      }
      prompts { train = 3, heldout = 0 }
      embedding.encoder = lexical
      embedding.lexical { dimensions = 8, features = 512 }
      graph.edge-ratio = 0.3
      gcn { iterations = 5, evaluate-every = 5 }
      train {
        backbone = squeezenet1_1, image-size = 32, iterations = 6, global-batch = 4
        precision = float32, log-every = 2, learning-rate = 0.0002
      }
      """;

  private final SparkSession spark;
  private final Path folder;
  private final String configuration;
  private final HadoopFiles files;

  TinyTraining(SparkSession spark, Path folder) {
    this(spark, folder, CONFIGURATION);
  }

  /** Runs the stages before the training, unless they have been run in this folder. */
  TinyTraining(SparkSession spark, Path folder, String configuration) {
    this.spark = spark;
    this.folder = folder;
    this.configuration = configuration;
    this.files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    if (!files.exists(path("gcn"))) {
      prepare(SettingsLoader.parse(configuration));
    }
  }

  private void prepare(Settings settings) {
    PrepareStage.run(spark, settings, path("prepare"));
    EmbedStage.run(spark, settings, SampleTable.labels(files, path("prepare")), path("embed"));
    GraphStage.run(spark, settings, path("embed"), path("graph"));
    GcnStage.run(spark, settings, path("graph"), path("gcn"));
  }

  String path(String name) {
    return folder.resolve(name).toUri().toString();
  }

  Path running(String name) {
    return folder.resolve(name + "-running");
  }

  TrainingPlan plan(String changes, String name) {
    return plan(changes, name, true);
  }

  TrainingPlan plan(String changes, String name, boolean guided) {
    Settings settings = SettingsLoader.parse(configuration + changes);
    return TrainStage.plan(
        spark,
        settings,
        path("prepare"),
        guided ? Optional.of(path("graph")) : Optional.empty(),
        guided ? Optional.of(path("gcn")) : Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        weights(settings),
        path(name),
        path(name + "-running"));
  }

  /** Trains by the stage. */
  void run(String changes, String name) {
    run(changes, name, true);
  }

  void run(String changes, String name, boolean guided) {
    run(changes, name, path(name + "-running"), guided);
  }

  void run(String changes, String name, String runningDir, boolean guided) {
    Settings settings = SettingsLoader.parse(configuration + changes);
    TrainStage.run(
        spark,
        settings,
        path("prepare"),
        guided ? Optional.of(path("graph")) : Optional.empty(),
        guided ? Optional.of(path("gcn")) : Optional.empty(),
        weights(settings),
        path(name),
        runningDir);
  }

  private static Optional<String> weights(Settings settings) {
    return Optional.of(settings.train().weights()).filter(path -> !path.isEmpty());
  }

  /** Steps that a running training's metrics file has so far. */
  int steps(String name) {
    Path log = running(name).resolve("metrics.jsonl");
    try {
      return Files.exists(log) ? Files.readAllLines(log).size() : 0;
    } catch (IOException e) {
      return 0; // it is being written
    }
  }

  JsonNode metrics(String name) {
    return Json.read(files, path(name) + "/metrics.json");
  }

  double[] losses(String name) {
    JsonNode curve = metrics(name).path("loss");
    double[] losses = new double[curve.size()];
    for (int i = 0; i < losses.length; i++) {
      losses[i] = curve.get(i).asDouble();
    }
    return losses;
  }

  byte[] file(String name, String file) {
    return files.read(HadoopFiles.path(path(name), file));
  }
}
