package io.github.lsgspark.training;

import io.github.lsgspark.config.HeadSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.features.FeatureFacts;
import io.github.lsgspark.features.FeatureTable;
import io.github.lsgspark.features.FrozenNetwork;
import io.github.lsgspark.head.Candidate;
import io.github.lsgspark.head.FittedHead;
import io.github.lsgspark.head.HeadFit;
import io.github.lsgspark.head.TrainingRows;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.text.Label;
import io.github.lsgspark.text.LabelSet;
import io.github.lsgspark.training.HeadTraining.Trained;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fits a head to the frozen features of the labelled samples, or trains one, and writes it with the
 * network as one model, of the same files as a trained one: model.safetensors, model.json,
 * labels.json, model.torchscript.pt, of a head that the label graph guided prototypes.safetensors.
 * Besides candidates.csv, what leave-one-out says of all that was tried, and metrics.json.
 */
public final class HeadStage {
  private static final Logger LOG = LoggerFactory.getLogger(HeadStage.class);
  private static final String CANDIDATES = "candidates.csv";

  private HeadStage() {}

  /**
   * Runs the stage.
   *
   * @param prepareDir output of the prepare stage
   * @param featuresDir output of the features stage, of the same samples
   * @param graphDir and gcnDir outputs of these stages, for a head that is guided by them
   * @param weightsPath the file of weights that the features are of; empty: drawn by the seed
   * @return the content of metrics.json
   * @throws LsgException exit 3 if the features are not of this network and these classes, or if
   *     there is no labelled sample; exit 2 for layers that the table does not have
   */
  public static Map<String, Object> run(
      SparkSession spark,
      Settings settings,
      String prepareDir,
      String featuresDir,
      Optional<String> graphDir,
      Optional<String> gcnDir,
      Optional<String> weightsPath,
      String outDir) {
    HadoopFiles files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    LabelSet labels = SampleTable.labels(files, prepareDir);
    FeatureFacts facts = FeatureTable.facts(files, featuresDir);
    FrozenNetwork network =
        FrozenNetwork.of(
            settings, weightsPath.map(files::read).orElse(new byte[0]), weightsPath.orElse(""));
    facts.require(featuresDir, network, labels.size());
    long start = System.nanoTime();
    FittedHead fitted =
        HeadFit.fit(
            spark,
            settings.head(),
            featuresDir,
            labels.labels().stream().map(Label::name).toList());
    Optional<Trained> trained =
        settings.head().isTrained()
            ? Optional.of(
                HeadTraining.train(
                    settings,
                    TrainingRows.read(spark, featuresDir, fitted),
                    fitted,
                    labels.size(),
                    graphDir.map(
                        dir ->
                            TrainStage.guide(
                                spark, files, dir, gcnDir.orElseThrow(), labels.size()))))
            : Optional.empty();
    double seconds = (System.nanoTime() - start) / 1e9;
    ModelFiles model = new ModelFiles(files, outDir);
    new HeadModel(network, facts.pooling(), fitted.transform(), labels.size())
        .write(model, trained.orElseGet(() -> HeadModel.trained(fitted.logits())));
    model.write(ModelFiles.LABELS, labels.toJson().getBytes(StandardCharsets.UTF_8));
    model.write(CANDIDATES, candidates(fitted).getBytes(StandardCharsets.UTF_8));
    Map<String, Object> metrics =
        trained
            .map(head -> metrics(settings.head(), fitted, head, seconds))
            .orElseGet(() -> metrics(settings.head().kind(), fitted, seconds));
    Json.write(files, model.path(ModelFiles.METRICS), metrics);
    LOG.info(
        trained.isPresent()
            ? trainedLine(settings.head(), fitted, seconds)
            : closedLine(settings.head().kind(), fitted, seconds));
    return metrics;
  }

  private static String trainedLine(HeadSettings head, FittedHead fitted, double seconds) {
    return String.format(
        Locale.ROOT,
        "head: %s on %s of %,d labelled samples, %d steps from %s, %.1f s",
        head.kind(),
        fitted.layers(),
        fitted.samples(),
        head.lsg().iterations(),
        start(head),
        seconds);
  }

  private static String start(HeadSettings head) {
    return head.lsg().start().name().toLowerCase(Locale.ROOT);
  }

  private static String closedLine(String kind, FittedHead fitted, double seconds) {
    return String.format(
        Locale.ROOT,
        "head: %s on %s of %,d labelled samples, %s, leave-one-out accuracy %.2f %%, cross entropy"
            + " %.3f, %.1f s",
        kind,
        fitted.layers(),
        fitted.samples(),
        parameters(fitted.best()),
        100 * fitted.best().accuracy(),
        fitted.best().crossEntropy(),
        seconds);
  }

  /**
   * The model of an output, for a training to start from.
   *
   * @param labels that the training has
   * @throws LsgException exit 3 if it is of other classes, or its files are not those of one model
   */
  static InitialWeights.HeadModel model(HadoopFiles files, String dir, LabelSet labels) {
    if (!SampleTable.labels(files, dir).equals(labels)) {
      throw LsgException.input(dir + ": was fitted to other labels than those to be trained");
    }
    ModelCheck.of(files, dir, ModelFiles.LAST);
    ModelFiles model = new ModelFiles(files, dir);
    return new InitialWeights.HeadModel(
        model.description(), model.content(ModelFiles.LAST), model.path(ModelFiles.LAST));
  }

  private static String parameters(Candidate best) {
    return String.format(
        Locale.ROOT, "parameter %.3g, temperature %.3g", best.parameter(), best.temperature());
  }

  private static String candidates(FittedHead fitted) {
    StringBuilder text = new StringBuilder();
    text.append("layers,parameter,temperature,accuracy,cross_entropy\n");
    for (FittedHead.Tried tried : fitted.tried()) {
      Candidate one = tried.candidate();
      text.append(
          String.format(
              Locale.ROOT,
              "%s,%.4g,%.4g,%.5f,%.5f%n",
              tried.layers(),
              one.parameter(),
              one.temperature(),
              one.accuracy(),
              one.crossEntropy()));
    }
    return text.toString();
  }

  private static Map<String, Object> metrics(String kind, FittedHead fitted, double seconds) {
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("kind", kind);
    metrics.put("labelled", fitted.samples());
    metrics.put("layers", fitted.layers());
    metrics.put("dimension", fitted.transform().dimension());
    metrics.put("whitened", fitted.transform().whitens());
    metrics.put("parameter", fitted.best().parameter());
    metrics.put("temperature", fitted.best().temperature());
    metrics.put("leave_one_out_accuracy", fitted.best().accuracy());
    metrics.put("leave_one_out_cross_entropy", fitted.best().crossEntropy());
    metrics.put("classes_without_labels", fitted.emptyClasses());
    metrics.put("candidates", fitted.tried().size());
    metrics.put("seconds", seconds);
    return metrics;
  }

  /** Leave-one-out is of the ridge alone, and no figure of the trained head. */
  private static Map<String, Object> metrics(
      HeadSettings head, FittedHead fitted, Trained trained, double seconds) {
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("kind", head.kind());
    metrics.put("labelled", fitted.samples());
    metrics.put("layers", fitted.layers());
    metrics.put("layers_and_start_of", head.closedForm());
    metrics.put("dimension", fitted.transform().dimension());
    metrics.put("whitened", fitted.transform().whitens());
    metrics.put("start", start(head));
    metrics.put("iterations", head.lsg().iterations());
    metrics.put("adapter", head.lsg().adapter());
    metrics.put("guided", trained.prototypes().isPresent());
    metrics.put("last_step", trained.numbers());
    metrics.put("classes_without_labels", fitted.emptyClasses());
    metrics.put("seconds", seconds);
    return metrics;
  }
}
