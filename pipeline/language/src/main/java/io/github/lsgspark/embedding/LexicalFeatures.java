package io.github.lsgspark.embedding;

import io.github.lsgspark.config.EmbeddingSettings.LexicalSettings;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.ml.feature.HashingTF;
import org.apache.spark.ml.feature.IDF;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * TF-IDF vectors of prompts, in two parts. The label part is of unit length and joins, in the
 * hashed word space of {@code features} buckets, the label's words (weight 1), their character
 * n-grams and the words of the description ({@value #NGRAM_WEIGHT} and {@value
 * #DESCRIPTION_WEIGHT}). The context part holds the words of the prompt around the label. Weights
 * are tf · (1 + idf), so that a word of every label still counts; document frequencies are taken
 * over labels for the label part and over the training templates for the context.
 */
final class LexicalFeatures implements Serializable {
  private static final long serialVersionUID = 1L;

  static final double NGRAM_WEIGHT = 0.5;
  static final double DESCRIPTION_WEIGHT = 0.5;

  private static final DataType TOKENS = DataTypes.createArrayType(DataTypes.StringType, false);
  private static final List<String> PARTS = List.of("words", "ngrams", "about", "around");
  private static final int FIRST_PART = PromptTable.SCHEMA.size() + 1;

  private final double[] wordWeights;
  private final double[] ngramWeights;
  private final double[] aboutWeights;
  private final double[] aroundWeights;

  private LexicalFeatures(double[] words, double[] ngrams, double[] about, double[] around) {
    this.wordWeights = words;
    this.ngramWeights = ngrams;
    this.aboutWeights = about;
    this.aroundWeights = around;
  }

  /** Adds the columns {@code context} and, as term counts, words, ngrams, about, around. */
  static Dataset<Row> count(Dataset<Row> prompts, LexicalSettings settings) {
    StructType schema = PromptTable.SCHEMA.add("context", DataTypes.StringType, false);
    for (String part : PARTS) {
      schema = schema.add(part + "_tokens", TOKENS, false);
    }
    int shortest = settings.minNgram();
    int longest = Math.max(shortest, settings.maxNgram());
    Dataset<Row> counted =
        prompts.map(
            (MapFunction<Row, Row>) row -> tokens(row, shortest, longest), Encoders.row(schema));
    for (String part : PARTS) {
      counted =
          new HashingTF()
              .setNumFeatures(settings.features())
              .setInputCol(part + "_tokens")
              .setOutputCol(part)
              .transform(counted)
              .drop(part + "_tokens");
    }
    return counted;
  }

  private static Row tokens(Row prompt, int shortest, int longest) {
    String text = prompt.getString(PromptTable.PROMPT);
    int start = prompt.getInt(PromptTable.LABEL_START);
    int end = prompt.getInt(PromptTable.LABEL_END);
    String description = prompt.getString(PromptTable.DESCRIPTION);
    String context = text.substring(0, start) + " " + text.substring(end);
    List<String> words = LexicalTokens.words(text.substring(start, end));
    int given = PromptTable.SCHEMA.size();
    Object[] values = new Object[given + 1 + PARTS.size()];
    for (int i = 0; i < given; i++) {
      values[i] = prompt.get(i);
    }
    values[given] = context;
    values[given + 1] = array("w ", words);
    values[given + 2] = array("n ", LexicalTokens.ngrams(words, shortest, longest));
    values[given + 3] = array("w ", LexicalTokens.words(description));
    values[given + 4] = array("w ", LexicalTokens.words(context));
    return RowFactory.create(values);
  }

  private static String[] array(String kind, List<String> tokens) {
    return tokens.stream().map(token -> kind + token).toArray(String[]::new);
  }

  /**
   * Takes document frequencies.
   *
   * @param labels counted rows, one per label
   * @param contexts counted rows, one per context of a training prompt
   */
  static LexicalFeatures fit(Dataset<Row> labels, Dataset<Row> contexts) {
    return new LexicalFeatures(
        weights(labels, "words"),
        weights(labels, "ngrams"),
        weights(labels, "about"),
        weights(contexts, "around"));
  }

  private static double[] weights(Dataset<Row> documents, String part) {
    double[] weights =
        new IDF().setInputCol(part).setOutputCol("idf").fit(documents).idf().toArray();
    for (int i = 0; i < weights.length; i++) {
      weights[i] += 1;
    }
    return weights;
  }

  /** The label part of a counted row: bucket to weight, of unit length. */
  TreeMap<Integer, Double> label(Row counted) {
    TreeMap<Integer, Double> sum = new TreeMap<>();
    addUnit(sum, weighted(counted, "words", wordWeights), 1);
    addUnit(sum, weighted(counted, "ngrams", ngramWeights), NGRAM_WEIGHT);
    addUnit(sum, weighted(counted, "about", aboutWeights), DESCRIPTION_WEIGHT);
    TreeMap<Integer, Double> unit = new TreeMap<>();
    addUnit(unit, sum, 1);
    return unit;
  }

  /** The context part of a counted row: bucket to weight, of unit length or empty. */
  TreeMap<Integer, Double> context(Row counted) {
    TreeMap<Integer, Double> unit = new TreeMap<>();
    addUnit(unit, weighted(counted, "around", aroundWeights), 1);
    return unit;
  }

  private static TreeMap<Integer, Double> weighted(Row counted, String part, double[] weights) {
    TreeMap<Integer, Double> vector = new TreeMap<>();
    ((Vector) counted.get(FIRST_PART + PARTS.indexOf(part)))
        .foreachNonZero(
            (bucket, count) -> {
              vector.put((Integer) bucket, (Double) count * weights[(Integer) bucket]);
              return scala.runtime.BoxedUnit.UNIT;
            });
    return vector;
  }

  /** Adds {@code weight} times the direction of a sparse vector; the zero vector adds nothing. */
  static void addUnit(
      TreeMap<Integer, Double> sum, TreeMap<Integer, Double> vector, double weight) {
    double squares = 0;
    for (double value : vector.values()) {
      squares += value * value;
    }
    if (squares > 0) {
      double scale = weight / Math.sqrt(squares);
      for (Map.Entry<Integer, Double> entry : vector.entrySet()) {
        sum.merge(entry.getKey(), scale * entry.getValue(), Double::sum);
      }
    }
  }
}
