package io.github.lsgspark.training;

import io.github.lsgspark.config.HeadSettings;
import io.github.lsgspark.config.HeadSettings.ByName;
import io.github.lsgspark.config.HeadSettings.LabelTexts;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.embedding.ClassSums;
import io.github.lsgspark.features.FeatureFacts;
import io.github.lsgspark.features.FeatureTable;
import io.github.lsgspark.features.FrameTexts;
import io.github.lsgspark.features.FrozenNetwork;
import io.github.lsgspark.graph.ShuffledTexts;
import io.github.lsgspark.head.ClassTexts;
import io.github.lsgspark.head.FeatureTransform;
import io.github.lsgspark.head.FittedHead;
import io.github.lsgspark.head.HeadFit;
import io.github.lsgspark.head.Heads;
import io.github.lsgspark.head.LinearHead;
import io.github.lsgspark.head.NearestNeighbours;
import io.github.lsgspark.head.RidgeHead;
import io.github.lsgspark.head.SoftLabelTable;
import io.github.lsgspark.head.TrainingRows;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.text.Label;
import io.github.lsgspark.text.LabelSet;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.tower.TowerDirectory;
import io.github.lsgspark.training.HeadTraining.Trained;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fits a head to the frozen features of the labelled samples, or trains one, and writes it with the
 * network as one model, of the same files as a trained one: model.safetensors, model.json,
 * labels.json, model.torchscript.pt; prototypes.safetensors of a head that the label graph guided,
 * or with the texts of the classes where a map to them is the projector. Besides candidates.csv,
 * what leave-one-out says of all that was tried, and metrics.json.
 */
public final class HeadStage {
  private static final Logger LOG = LoggerFactory.getLogger(HeadStage.class);
  private static final String CANDIDATES = "candidates.csv";
  private static final String RIDGE = new RidgeHead().label();

  private HeadStage() {}

  /**
   * Outputs of other stages.
   *
   * @param prepare of the samples
   * @param features of the same samples
   * @param embed where {@link #takesTexts}, or {@link FrameTexts#isWanted}
   * @param graph and gcn for a head that is guided by them
   * @param weights the file that the features are of; empty: drawn by the seed
   */
  public record Inputs(
      String prepare,
      String features,
      Optional<String> embed,
      Optional<String> graph,
      Optional<String> gcn,
      Optional<String> weights) {

    /** For a head that knows no texts, on a network that is drawn by the seed. */
    public static Inputs of(String prepare, String features) {
      return new Inputs(
          prepare,
          features,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
    }
  }

  /**
   * Runs the stage.
   *
   * @return the content of metrics.json
   * @throws LsgException exit 3 if the features are not of this network and these classes, or if
   *     there is no labelled sample; exit 2 for layers that the table does not have
   */
  public static Map<String, Object> run(
      SparkSession spark, Settings settings, Inputs inputs, String outDir) {
    return run(spark, settings, inputs, Set.of(), outDir);
  }

  /**
   * The same without the labels of some samples.
   *
   * @param hidden their ids
   */
  static Map<String, Object> run(
      SparkSession spark, Settings settings, Inputs inputs, Set<String> hidden, String outDir) {
    HadoopFiles files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    LabelSet labels = SampleTable.labels(files, inputs.prepare());
    FeatureFacts facts = FeatureTable.facts(files, inputs.features());
    List<String> names = labels.labels().stream().map(Label::name).toList();
    FrozenNetwork network =
        FrozenNetwork.of(
            settings,
            inputs.weights().map(path -> TowerDirectory.content(files, path)).orElse(new byte[0]),
            inputs.weights().orElse(""),
            FrameTexts.of(spark, settings, names, inputs.embed()));
    facts.require(inputs.features(), network, labels.size());
    long start = System.nanoTime();
    FittedHead fitted =
        HeadFit.fit(
            spark,
            settings.head(),
            inputs.features(),
            names,
            texts(spark, settings, names, inputs.embed()),
            isByName(settings),
            hidden,
            soft -> SoftLabelTable.write(spark, soft, outDir));
    Optional<Trained> trained =
        settings.head().isTrained()
            ? Optional.of(trained(spark, settings, inputs, hidden, fitted, labels.size()))
            : Optional.empty();
    double seconds = (System.nanoTime() - start) / 1e9;
    ModelFiles model = new ModelFiles(files, outDir);
    new HeadOutput(network, fitted.transform(), labels.size())
        .write(model, trained.orElseGet(() -> HeadOutput.closed(fitted)));
    model.write(ModelFiles.LABELS, labels.toJson().getBytes(StandardCharsets.UTF_8));
    model.write(
        CANDIDATES,
        HeadRecord.candidates(settings.head(), fitted).getBytes(StandardCharsets.UTF_8));
    Map<String, Object> metrics =
        trained
            .map(head -> HeadRecord.metrics(settings.head(), fitted, head, seconds))
            .orElseGet(() -> HeadRecord.metrics(settings.head(), fitted, seconds));
    if (settings.head().neighbours() > 0 && hidden.isEmpty()) {
      NearestNeighbours.of(spark, inputs.features(), settings.head().neighbours())
          .ifPresent(figure -> metrics.put("nearest_neighbours", figure));
    }
    Json.write(files, model.path(ModelFiles.METRICS), metrics);
    LOG.info(
        trained.isPresent()
            ? HeadRecord.trainedLine(settings.head(), fitted, seconds)
            : HeadRecord.closedLine(settings.head(), fitted, seconds));
    fitted.texts().map(HeadRecord::sentence).ifPresent(LOG::info);
    return metrics;
  }

  /**
   * A head on vectors that no network of the program's has made.
   *
   * @param inputs of which prepare and weights are not looked at
   * @param names of the classes, in order of their ids
   */
  static VectorHead ofVectors(
      SparkSession spark, Settings settings, Inputs inputs, List<String> names) {
    check(settings);
    if (isByName(settings)) {
      throw LsgException.usage(
          "head.by-name = always is not for vectors: a head on them tells no class by its name");
    }
    FittedHead fitted =
        HeadFit.fit(
            spark,
            settings.head(),
            inputs.features(),
            names,
            texts(spark, settings, names, inputs.embed()),
            false,
            Set.of(),
            soft -> {});
    FeatureTransform transform = fitted.transform();
    if (!settings.head().isTrained()) {
      LOG.info(HeadRecord.closedLine(settings.head(), fitted, 0));
      LinearHead logits = fitted.logits();
      return new VectorHead(transform, logits.weight(), logits.bias());
    }
    Map<String, HostArray> tensors =
        trained(spark, settings, inputs, Set.of(), fitted, names.size()).tensors();
    return new VectorHead(
        transform,
        doubles(tensors.get(Network.CLASSIFIER + ".weight")),
        doubles(tensors.get(Network.CLASSIFIER + ".bias")));
  }

  static double[] doubles(HostArray array) {
    float[] values = array.floats();
    double[] all = new double[values.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = values[i];
    }
    return all;
  }

  private static Trained trained(
      SparkSession spark,
      Settings settings,
      Inputs inputs,
      Set<String> hidden,
      FittedHead fitted,
      int classes) {
    HadoopFiles files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    return HeadTraining.train(
        settings,
        TrainingRows.read(spark, inputs.features(), fitted, hidden),
        fitted,
        classes,
        inputs
            .graph()
            .map(dir -> TrainStage.guide(spark, files, dir, inputs.gcn().orElseThrow(), classes)));
  }

  /** Whether a head of these settings knows the texts of the classes. */
  public static boolean takesTexts(Settings settings) {
    return settings.head().hasTextPrior() || isOfTexts(settings) || isByName(settings);
  }

  /** Whether the head holds features against texts, in a space that they share. */
  public static boolean isOfTexts(Settings settings) {
    return Heads.of(settings.head().closedForm()).isOfTexts();
  }

  private static boolean isByName(Settings settings) {
    boolean wanted =
        settings.head().byName() == ByName.ALWAYS
            || settings.head().byName() == ByName.AUTO && settings.data().unseenClasses().any();
    // A trained head has the prototypes of the label graph.
    return wanted && !settings.head().isTrained();
  }

  /**
   * Refuses settings that exclude each other.
   *
   * @throws LsgException exit 2 that names them
   */
  public static void check(Settings settings) {
    if (settings.train().enabled()
        && TrainStage.takesSoftLabels(settings)
        && settings.head().unlabelled() == HeadSettings.Unlabelled.NONE) {
      throw LsgException.usage(
          "ssl.strategy = "
              + settings.ssl().strategy()
              + " takes the soft labels of the stage head, which finds some with head.unlabelled ="
              + " balanced or spread, but it is none");
    }
    if (isOfTexts(settings) && settings.head().unlabelled() != HeadSettings.Unlabelled.NONE) {
      throw LsgException.usage(
          "head.unlabelled is for heads that are learnt from labels alone, but head.kind is "
              + settings.head().kind()
              + ": set head.unlabelled = none, or head.kind = ridge");
    }
    if (isOfTexts(settings) && settings.head().whitens()) {
      throw LsgException.usage(
          "head.kind = "
              + settings.head().kind()
              + " leaves features as they are, in the space that they share with texts: set"
              + " head.whitening = none");
    }
    if (settings.head().hasTextPrior() && !settings.head().kind().equals(RIDGE)) {
      throw LsgException.usage(
          "head.text-prior is for head.kind = ridge, but head.kind is " + settings.head().kind());
    }
  }

  private static Optional<ClassTexts> texts(
      SparkSession spark, Settings settings, List<String> names, Optional<String> embedDir) {
    Optional<ClassTexts> own =
        embedDir
            .filter(unused -> takesTexts(settings))
            .map(dir -> ClassTexts.of(names, ClassSums.read(spark, dir), dir));
    return settings.head().labelTexts() == LabelTexts.OWN
        ? own
        : own.map(
            all ->
                all.shuffled(ShuffledTexts.of(names.size(), settings.seed(), "head.label-texts")));
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
}
