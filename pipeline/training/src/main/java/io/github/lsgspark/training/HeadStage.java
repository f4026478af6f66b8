package io.github.lsgspark.training;

import io.github.lsgspark.backbone.FeatureSpec;
import io.github.lsgspark.backbone.FeatureTensors;
import io.github.lsgspark.config.HeadSettings.ByName;
import io.github.lsgspark.config.HeadSettings.LabelTexts;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.embedding.ClassSums;
import io.github.lsgspark.features.FeatureFacts;
import io.github.lsgspark.features.FeatureSlice;
import io.github.lsgspark.features.FeatureTable;
import io.github.lsgspark.features.FrozenNetwork;
import io.github.lsgspark.graph.ShuffledTexts;
import io.github.lsgspark.head.ClassTexts;
import io.github.lsgspark.head.FeatureTransform;
import io.github.lsgspark.head.FittedHead;
import io.github.lsgspark.head.HeadFit;
import io.github.lsgspark.head.Heads;
import io.github.lsgspark.head.LinearHead;
import io.github.lsgspark.head.RidgeHead;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.text.Label;
import io.github.lsgspark.text.LabelSet;
import io.github.lsgspark.torch.HostArray;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fits a head to the frozen features of the labelled samples, and writes it with the network as one
 * model, of the same files as a trained one: model.safetensors, model.json, labels.json,
 * model.torchscript.pt; with a map to the texts of the classes that map as projector, and the texts
 * in prototypes.safetensors. Besides candidates.csv, what leave-one-out says of all that was tried,
 * and metrics.json.
 */
public final class HeadStage {
  private static final Logger LOG = LoggerFactory.getLogger(HeadStage.class);
  private static final String CANDIDATES = "candidates.csv";
  private static final String RIDGE = new RidgeHead().label();

  private HeadStage() {}

  /** Runs the stage for a head that knows no texts. */
  public static Map<String, Object> run(
      SparkSession spark,
      Settings settings,
      String prepareDir,
      String featuresDir,
      Optional<String> weightsPath,
      String outDir) {
    return run(spark, settings, prepareDir, featuresDir, Optional.empty(), weightsPath, outDir);
  }

  /**
   * Runs the stage.
   *
   * @param prepareDir output of the prepare stage
   * @param featuresDir output of the features stage, of the same samples
   * @param embedDir output of the embed stage, where {@link #takesTexts}
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
      Optional<String> embedDir,
      Optional<String> weightsPath,
      String outDir) {
    HadoopFiles files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    LabelSet labels = SampleTable.labels(files, prepareDir);
    FeatureFacts facts = FeatureTable.facts(files, featuresDir);
    FrozenNetwork network =
        FrozenNetwork.of(
            settings, weightsPath.map(files::read).orElse(new byte[0]), weightsPath.orElse(""));
    facts.require(featuresDir, network, labels.size());
    List<String> names = labels.labels().stream().map(Label::name).toList();
    long start = System.nanoTime();
    FittedHead fitted =
        HeadFit.fit(
            spark,
            settings.head(),
            featuresDir,
            names,
            embedDir.map(dir -> texts(spark, settings, names, dir)),
            isByName(settings));
    double seconds = (System.nanoTime() - start) / 1e9;
    ModelFiles model = new ModelFiles(files, outDir);
    write(model, network, facts, fitted, labels.size());
    model.write(ModelFiles.LABELS, labels.toJson().getBytes(StandardCharsets.UTF_8));
    model.write(
        CANDIDATES,
        HeadRecord.candidates(settings.head(), fitted).getBytes(StandardCharsets.UTF_8));
    Map<String, Object> metrics = HeadRecord.metrics(settings.head(), fitted, seconds);
    Json.write(files, model.path(ModelFiles.METRICS), metrics);
    LOG.info(
        String.format(
            Locale.ROOT,
            "head: %s on %s of %,d labelled samples, %s, accuracy by %s %.2f %%, cross entropy"
                + " %.3f, %.1f s",
            settings.head().kind(),
            fitted.layers(),
            fitted.samples(),
            HeadRecord.parameters(fitted.best()),
            Heads.of(settings.head().kind()).judgement(settings.head()),
            100 * fitted.best().accuracy(),
            fitted.best().crossEntropy(),
            seconds));
    fitted.texts().map(HeadRecord::sentence).ifPresent(LOG::info);
    return metrics;
  }

  /** Whether a head of these settings knows the texts of the classes. */
  public static boolean takesTexts(Settings settings) {
    return settings.head().hasTextPrior() || isByName(settings);
  }

  private static boolean isByName(Settings settings) {
    return settings.head().byName() == ByName.ALWAYS
        || settings.head().byName() == ByName.AUTO && settings.data().unseenClasses().any();
  }

  /**
   * Refuses settings that exclude each other.
   *
   * @throws LsgException exit 2 that names them
   */
  public static void check(Settings settings) {
    if (settings.head().hasTextPrior() && !settings.head().kind().equals(RIDGE)) {
      throw LsgException.usage(
          "head.text-prior is for head.kind = ridge, but head.kind is " + settings.head().kind());
    }
  }

  private static ClassTexts texts(
      SparkSession spark, Settings settings, List<String> names, String embedDir) {
    ClassTexts own = ClassTexts.of(names, ClassSums.read(spark, embedDir), embedDir);
    return settings.head().labelTexts() == LabelTexts.OWN
        ? own
        : own.shuffled(ShuffledTexts.of(names.size(), settings.seed(), "head.label-texts"));
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

  private static void write(
      ModelFiles model, FrozenNetwork network, FeatureFacts facts, FittedHead fitted, int classes) {
    FeatureTransform transform = fitted.transform();
    ModelDescription description =
        new ModelDescription(
            network.backbone(),
            network.variant(),
            classes,
            fitted.texts().isPresent() ? Network.LINEAR : Network.NONE,
            fitted.texts().map(map -> map.texts().dimension()).orElse(0),
            network.input(),
            1,
            new FeatureSpec(
                transform.slices().stream().map(FeatureSlice::layer).toList(),
                facts.pooling(),
                transform.root() ? FeatureSpec.ROOT_UNIT : FeatureSpec.UNIT,
                transform.whitens()));
    Map<String, HostArray> tensors = new LinkedHashMap<>(network.arrays());
    int d = transform.dimension();
    tensors.put(FeatureTensors.SHIFT, floats(negated(transform.mean()), d));
    if (transform.whitens()) {
      tensors.put(FeatureTensors.WHITENING + ".weight", floats(transform.whitening(), d, d));
      tensors.put(FeatureTensors.WHITENING + ".bias", floats(transform.offset(), d));
    }
    LinearHead logits = fitted.logits();
    tensors.put(Network.CLASSIFIER + ".weight", floats(logits.weight(), classes, d));
    tensors.put(Network.CLASSIFIER + ".bias", floats(logits.bias(), classes));
    fitted
        .texts()
        .ifPresent(
            map -> {
              int dimension = map.texts().dimension();
              tensors.put(Network.PROJECTOR + ".weight", floats(map.weight(), dimension, d));
              tensors.put(Network.PROJECTOR + ".bias", floats(new double[dimension], dimension));
              model.write(
                  ModelFiles.PROTOTYPES,
                  Map.of(
                      ModelFiles.PROTOTYPES_TENSOR,
                      floats(map.texts().vectors(), classes, dimension)));
            });
    model.write(description);
    model.write(ModelFiles.LAST, tensors, description);
    ServingModel.write(model, description, tensors, network.module());
  }

  private static double[] negated(double[] values) {
    double[] negated = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      negated[i] = -values[i];
    }
    return negated;
  }

  private static HostArray floats(double[] values, long... shape) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return HostArray.of(floats, shape);
  }
}
