package io.github.lsgspark.sparkml;

import io.github.lsgspark.config.LsgException;
import java.util.List;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;

/**
 * Trains an image or sound classifier by the stages of the program, on the rows of a DataFrame; on
 * vectors that others have made it fits the head that {@code head.kind} names.
 *
 * <p>All rows are training samples; those without a label are unlabelled ones. Every setting of the
 * program can be given by {@link #setConfig}; a parameter of this class that is set wins over it.
 *
 * @since 0.2.0
 */
public final class LsgClassifier extends Estimator<LsgClassificationModel>
    implements PredictionParams, DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final PredictionColumns columns;
  private final Param<String> labelCol;
  private final StringArrayParam labels;
  private final Param<String> idCol;
  private final Param<String> modality;
  private final LongParam seed;
  private final Param<String> config;
  private final Param<String> workDir;
  private final Param<String> backbone;
  private final Param<String> weights;
  private final Param<String> labelEncoder;
  private final IntParam iterations;
  private final BooleanParam lsg;

  /** An estimator with a name of its own. */
  public LsgClassifier() {
    this(Identifiable$.MODULE$.randomUID("lsg"));
  }

  /** An estimator of a name. */
  public LsgClassifier(String uid) {
    this.uid = uid;
    this.columns = new PredictionColumns(uid);
    this.labelCol =
        new Param<>(
            uid, "labelCol", "column of class names, or of numbers that labels names; null: none");
    this.labels =
        new StringArrayParam(
            this,
            "labels",
            "names of the classes in their order; default: those of the column's metadata"
                + " (StringIndexer), or the names found, sorted");
    this.idCol =
        new Param<>(
            uid,
            "idCol",
            "column of unique names of the samples, which the draws of a training depend on;"
                + " default: the SHA-256 of the sample");
    this.modality = new Param<>(uid, "modality", "data.modality: image, audio or video");
    this.seed = new LongParam(uid, "seed", "seed: every random choice derives from it");
    this.config =
        new Param<>(
            uid, "config", "settings of the program (reference.conf) as HOCON, over its defaults");
    this.workDir =
        new Param<>(
            uid,
            "workDir",
            "folder that driver and executors reach, for the stages' outputs and the model;"
                + " default in local mode: a temporary one that goes with the program");
    this.backbone = new Param<>(uid, "backbone", "train.backbone: the network");
    this.weights = new Param<>(uid, "weights", "train.weights: safetensors to start from");
    this.labelEncoder = new Param<>(uid, "labelEncoder", "embedding.encoder: of class names");
    this.iterations = new IntParam(uid, "iterations", "train.iterations: steps");
    this.lsg = new BooleanParam(uid, "lsg", "lsg.enabled: guidance by the label graph");
    PredictionColumns.setDefaults(this);
    setDefault(labelCol, "label");
    setDefault(idCol, "");
    setDefault(config, "");
    setDefault(workDir, "");
  }

  @Override
  public String uid() {
    return uid;
  }

  @Override
  public PredictionColumns columns() {
    return columns;
  }

  /** Column of class names, or of their numbers. */
  public Param<String> labelCol() {
    return labelCol;
  }

  /** Names of the classes in their order. */
  public StringArrayParam labels() {
    return labels;
  }

  /** Column of unique names of the samples. */
  public Param<String> idCol() {
    return idCol;
  }

  /** What samples are. */
  public Param<String> modality() {
    return modality;
  }

  /** The seed. */
  public LongParam seed() {
    return seed;
  }

  /** Settings of the program. */
  public Param<String> config() {
    return config;
  }

  /** Folder of the stages' outputs. */
  public Param<String> workDir() {
    return workDir;
  }

  /** The network. */
  public Param<String> backbone() {
    return backbone;
  }

  /** Weights to start from. */
  public Param<String> weights() {
    return weights;
  }

  /** What makes vectors of class names. */
  public Param<String> labelEncoder() {
    return labelEncoder;
  }

  /** Steps of the training. */
  public IntParam iterations() {
    return iterations;
  }

  /** Whether the label graph guides the training. */
  public BooleanParam lsg() {
    return lsg;
  }

  /** Sets the column of samples; default: image. */
  public LsgClassifier setInputCol(String value) {
    return with(inputCol(), value);
  }

  /** Sets the column of classes; default: label. */
  public LsgClassifier setLabelCol(String value) {
    return with(labelCol, value);
  }

  /** Names the classes in their order. */
  public LsgClassifier setLabels(String... value) {
    return with(labels, value);
  }

  /** Sets the column of unique names of samples. */
  public LsgClassifier setIdCol(String value) {
    return with(idCol, value);
  }

  /** Sets what samples are: image, audio or video. */
  public LsgClassifier setModality(String value) {
    return with(modality, value);
  }

  /** Sets the column of predictions; default: prediction. */
  public LsgClassifier setPredictionCol(String value) {
    return with(predictionCol(), value);
  }

  /** Sets the column of probabilities; default: probability. */
  public LsgClassifier setProbabilityCol(String value) {
    return with(probabilityCol(), value);
  }

  /** Sets the column of scores; default: rawPrediction. */
  public LsgClassifier setRawPredictionCol(String value) {
    return with(rawPredictionCol(), value);
  }

  /** Sets what the model does with samples that cannot be opened: error, skip or keep. */
  public LsgClassifier setHandleInvalid(String value) {
    return with(handleInvalid(), value);
  }

  /** Sets the seed. */
  public LsgClassifier setSeed(long value) {
    return with(seed, value);
  }

  /** Gives settings of the program as HOCON. */
  public LsgClassifier setConfig(String value) {
    return with(config, value);
  }

  /** Sets the folder of the stages' outputs. */
  public LsgClassifier setWorkDir(String value) {
    return with(workDir, value);
  }

  /** Sets the network. */
  public LsgClassifier setBackbone(String value) {
    return with(backbone, value);
  }

  /** Sets the weights to start from. */
  public LsgClassifier setWeights(String value) {
    return with(weights, value);
  }

  /** Sets what makes vectors of class names. */
  public LsgClassifier setLabelEncoder(String value) {
    return with(labelEncoder, value);
  }

  /** Sets the number of steps. */
  public LsgClassifier setIterations(int value) {
    return with(iterations, value);
  }

  /** Sets whether the label graph guides the training. */
  public LsgClassifier setLsg(boolean value) {
    return with(lsg, value);
  }

  private <T> LsgClassifier with(Param<T> param, T value) {
    set(param, value);
    return this;
  }

  /**
   * Trains a model. Samples that cannot be opened are set aside, as in the stage prepare.
   *
   * @throws LsgException exit 2 for settings or columns that cannot be used, exit 3 for samples
   *     that cannot
   */
  @Override
  public LsgClassificationModel fit(Dataset<?> dataset) {
    StructType unused = transformSchema(dataset.schema());
    LsgClassificationModel model = new LsgClassificationModel(uid, Fit.of(this, dataset));
    return copyValues(model, ParamMap.empty()).setParent(this);
  }

  @Override
  public StructType transformSchema(StructType schema) {
    SampleColumn.requireLabel(schema, getOrDefault(labelCol), getOrDefault(idCol));
    return PredictionColumns.transformed(this, schema, List.of());
  }

  @Override
  public LsgClassifier copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  @Override
  public MLWriter write() {
    return new DefaultParamsWriter(this);
  }

  /** Reads what {@code save} wrote. */
  public static MLReader<LsgClassifier> read() {
    return new DefaultParamsReader<>();
  }

  /** Reads what {@code save} wrote. */
  public static LsgClassifier load(String path) {
    return read().load(path);
  }
}
