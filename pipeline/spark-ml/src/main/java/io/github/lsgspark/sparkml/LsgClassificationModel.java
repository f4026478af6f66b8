package io.github.lsgspark.sparkml;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.evaluation.SampleClassifier;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.text.Label;
import io.github.lsgspark.training.VectorHead;
import java.util.List;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * A trained classifier. It adds the columns rawPrediction and probability (vectors over all
 * classes) and prediction (the number of a class, which {@link #labels} names).
 *
 * @since 0.2.0
 */
public final class LsgClassificationModel extends Model<LsgClassificationModel>
    implements PredictionParams, MLWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final PredictionColumns columns;

  /** Null only while a saved model is being read. */
  private transient TrainedState state;

  /** For spark.ml, which reads a model's parameters before the rest. */
  public LsgClassificationModel(String uid) {
    this(uid, null);
  }

  LsgClassificationModel(String uid, TrainedState state) {
    this.uid = uid;
    this.columns = new PredictionColumns(uid);
    this.state = state;
    PredictionColumns.setDefaults(this);
  }

  @Override
  public String uid() {
    return uid;
  }

  @Override
  public PredictionColumns columns() {
    return columns;
  }

  /** The folder of the trained model, as the stage train writes it. */
  public String modelDirectory() {
    return state.folder();
  }

  /** Names of the classes, by their numbers. */
  public String[] labels() {
    return names().toArray(String[]::new);
  }

  private List<String> names() {
    return state == null ? List.of() : state.labels().labels().stream().map(Label::name).toList();
  }

  /** Number of classes. */
  public int numClasses() {
    return state.labels().size();
  }

  /** Sets the column of samples. */
  public LsgClassificationModel setInputCol(String value) {
    return with(inputCol(), value);
  }

  /** Sets the column of predictions. */
  public LsgClassificationModel setPredictionCol(String value) {
    return with(predictionCol(), value);
  }

  /** Sets the column of probabilities; empty: none. */
  public LsgClassificationModel setProbabilityCol(String value) {
    return with(probabilityCol(), value);
  }

  /** Sets the column of scores; empty: none. */
  public LsgClassificationModel setRawPredictionCol(String value) {
    return with(rawPredictionCol(), value);
  }

  /** Sets what becomes of samples that cannot be opened: error, skip or keep. */
  public LsgClassificationModel setHandleInvalid(String value) {
    return with(handleInvalid(), value);
  }

  private LsgClassificationModel with(Param<String> param, String value) {
    set(param, value);
    return this;
  }

  /**
   * Adds predictions, in the order of the rows. They are computed when they are asked for.
   *
   * @throws LsgException exit 2 for columns that cannot be used, exit 3 for a model whose files
   *     cannot
   */
  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    StructType schema = transformSchema(dataset.schema());
    SparkSession spark = dataset.sparkSession();
    boolean vectors = SampleColumn.isVector(dataset.schema(), getInputCol());
    if (vectors != state.isOfVectors(files(spark))) {
      throw LsgException.usage(
          "inputCol = "
              + getInputCol()
              + (vectors
                  ? " holds vectors, but the model was trained on samples"
                  : " holds no vectors, but the model was trained on some"));
    }
    RowClassifier classifier =
        vectors
            ? new VectorClassifier(VectorHead.read(files(spark), state.folder()))
            : RowClassifier.of(
                SampleClassifier.of(
                    spark, state.loaded().settings(), state.folder(), state.seen()));
    return Predictions.of(
        this, dataset.toDF(), schema, classifier, state.loaded().settings().evaluate().batch());
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return PredictionColumns.transformed(this, schema, names());
  }

  @Override
  public LsgClassificationModel copy(ParamMap extra) {
    LsgClassificationModel copy = new LsgClassificationModel(uid, state);
    copyValues(copy, extra);
    copy.setParent(parent());
    return copy;
  }

  @Override
  public MLWriter write() {
    TrainedState saved = state;
    return new DefaultParamsWriter(this) {
      @Override
      public void saveImpl(String path) {
        super.saveImpl(path);
        saved.save(files(sparkSession()), path);
      }
    };
  }

  private static HadoopFiles files(SparkSession spark) {
    return new HadoopFiles(spark.sparkContext().hadoopConfiguration());
  }

  /** Reads what {@code save} wrote. */
  public static MLReader<LsgClassificationModel> read() {
    return new DefaultParamsReader<>() {
      @Override
      public LsgClassificationModel load(String path) {
        LsgClassificationModel model = super.load(path);
        model.state = TrainedState.load(files(sparkSession()), path);
        return model;
      }
    };
  }

  /** Reads what {@code save} wrote. */
  public static LsgClassificationModel load(String path) {
    return read().load(path);
  }
}
