package io.github.lsgspark.sparkml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.embedding.EmbedStage;
import io.github.lsgspark.text.Label;
import io.github.lsgspark.text.LabelSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Turns class names into vectors by a label encoder of the program: the mean of the vectors of a
 * name's training prompts, scaled to unit length. Equal names have one vector; null has none.
 *
 * <p>{@code transform} reads the column once to learn its names. The lexical encoder fits itself to
 * them, so that its vectors are comparable within one DataFrame only.
 *
 * @since 0.2.0
 */
public final class LabelTextEmbedder extends Transformer implements DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final Param<String> inputCol;
  private final Param<String> outputCol;
  private final Param<String> labelEncoder;
  private final Param<String> model;
  private final Param<String> config;

  /** A transformer with a name of its own. */
  public LabelTextEmbedder() {
    this(Identifiable$.MODULE$.randomUID("labelTextEmbedder"));
  }

  /** A transformer of a name. */
  public LabelTextEmbedder(String uid) {
    this.uid = uid;
    this.inputCol = new Param<>(uid, "inputCol", "column of class names");
    this.outputCol = new Param<>(uid, "outputCol", "column of vectors");
    this.labelEncoder =
        new Param<>(
            uid,
            "labelEncoder",
            "embedding.encoder: auto, lexical, precomputed, transformer or onnx");
    this.model = new Param<>(uid, "model", "embedding.model: folder or name of the language model");
    this.config =
        new Param<>(
            uid, "config", "settings of the program (reference.conf) as HOCON, over its defaults");
    setDefault(inputCol, "label");
    setDefault(outputCol, "embedding");
    setDefault(config, "");
  }

  @Override
  public String uid() {
    return uid;
  }

  /** Column of class names. */
  public Param<String> inputCol() {
    return inputCol;
  }

  /** Column of vectors. */
  public Param<String> outputCol() {
    return outputCol;
  }

  /** What makes the vectors. */
  public Param<String> labelEncoder() {
    return labelEncoder;
  }

  /** Folder of the language model. */
  public Param<String> model() {
    return model;
  }

  /** Settings of the program. */
  public Param<String> config() {
    return config;
  }

  /** Sets the column of class names; default: label. */
  public LabelTextEmbedder setInputCol(String value) {
    return with(inputCol, value);
  }

  /** Sets the column of vectors; default: embedding. */
  public LabelTextEmbedder setOutputCol(String value) {
    return with(outputCol, value);
  }

  /** Sets what makes the vectors; default: auto, the sentence encoder all-minilm-l6-v2. */
  public LabelTextEmbedder setLabelEncoder(String value) {
    return with(labelEncoder, value);
  }

  /** Sets the folder of the language model. */
  public LabelTextEmbedder setModel(String value) {
    return with(model, value);
  }

  /** Gives settings of the program as HOCON, such as those of prompts. */
  public LabelTextEmbedder setConfig(String value) {
    return with(config, value);
  }

  private LabelTextEmbedder with(Param<String> param, String value) {
    set(param, value);
    return this;
  }

  /**
   * Adds the column of vectors.
   *
   * @throws LsgException exit 2 for settings or columns that cannot be used, exit 3 for names that
   *     cannot
   */
  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    StructType unused = transformSchema(dataset.schema());
    SparkSession spark = dataset.sparkSession();
    String input = getOrDefault(inputCol);
    TreeSet<String> texts = new TreeSet<>();
    Map<String, String> keys = new HashMap<>();
    for (Row row :
        dataset.select(SampleColumn.named(input)).distinct().na().drop().collectAsList()) {
      String text = Label.textOf(row.getString(0));
      keys.put(row.getString(0), text);
      texts.add(text);
    }
    Map<String, double[]> known = texts.isEmpty() ? Map.of() : vectors(spark, texts);
    HashMap<String, Vector> byName = new HashMap<>();
    keys.forEach((name, text) -> byName.put(name, Vectors.dense(known.get(text))));
    Broadcast<HashMap<String, Vector>> shared =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(byName);
    return dataset
        .toDF()
        .withColumn(
            getOrDefault(outputCol),
            udf(
                    (UDF1<String, Vector>) name -> name == null ? null : shared.value().get(name),
                    SQLDataTypes.VectorType())
                .apply(SampleColumn.named(input)));
  }

  private Map<String, double[]> vectors(SparkSession spark, TreeSet<String> texts) {
    LabelSet labels = LabelSet.of(new ArrayList<>(texts));
    Map<String, double[]> sums = new HashMap<>();
    for (Row row :
        EmbedStage.embed(spark, settings(), labels)
            .where(col("split").equalTo("train"))
            .orderBy("label_id", "prompt_id")
            .select("label", "embedding")
            .collectAsList()) {
      List<Float> vector = row.getList(1);
      double[] sum = sums.computeIfAbsent(row.getString(0), label -> new double[vector.size()]);
      for (int d = 0; d < sum.length; d++) {
        sum[d] += vector.get(d);
      }
    }
    sums.values().forEach(LabelTextEmbedder::scale);
    return sums;
  }

  private static void scale(double[] vector) {
    double length = Math.sqrt(Vectors.dense(vector).dot(Vectors.dense(vector)));
    for (int d = 0; d < vector.length && length > 0; d++) {
      vector[d] /= length;
    }
  }

  private Settings settings() {
    Map<String, String> given = new HashMap<>();
    if (isSet(labelEncoder)) {
      given.put("embedding.encoder", getOrDefault(labelEncoder));
    }
    if (isSet(model)) {
      given.put("embedding.model", getOrDefault(model));
    }
    return SettingsLoader.load(getOrDefault(config), given).settings();
  }

  @Override
  public StructType transformSchema(StructType schema) {
    String input = getOrDefault(inputCol);
    if (!SampleColumn.type(schema, "inputCol", input).equals(DataTypes.StringType)) {
      throw LsgException.usage(
          "inputCol = "
              + input
              + " must hold texts, but holds "
              + schema.apply(input).dataType().simpleString());
    }
    String output = getOrDefault(outputCol);
    if (List.of(schema.fieldNames()).contains(output)) {
      throw LsgException.usage("outputCol = " + output + ": that column is there already");
    }
    return schema.add(output, SQLDataTypes.VectorType(), true);
  }

  @Override
  public LabelTextEmbedder copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  @Override
  public MLWriter write() {
    return new DefaultParamsWriter(this);
  }

  /** Reads what {@code save} wrote. */
  public static MLReader<LabelTextEmbedder> read() {
    return new DefaultParamsReader<>();
  }

  /** Reads what {@code save} wrote. */
  public static LabelTextEmbedder load(String path) {
    return read().load(path);
  }
}
