package io.github.lsgspark.embedding;

import static org.apache.spark.sql.functions.col;

import io.github.lsgspark.config.EmbeddingSettings.LexicalSettings;
import io.github.lsgspark.graph.EmbeddingTable;
import io.github.lsgspark.text.Prompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Label vectors without a language model: latent semantic analysis of the label texts. Labels that
 * share words or parts of words are near each other, and so are those whose words keep company with
 * the same words; meaning beyond the spelling comes only from descriptions.
 *
 * <p>The vector of label c in prompt p is unit(Vᵀ (l_c + {@value #CONTEXT_WEIGHT} t_p)), with l_c
 * and t_p the parts of {@link LexicalFeatures} and V the {@link TruncatedSvd} of the labels and the
 * training contexts; a prompt thus shifts all classes alike, as it does in a language model, and a
 * held-out prompt lies in the same space. Document frequencies and V see training prompts only.
 */
final class LexicalEncoder implements LabelEncoder {
  static final double CONTEXT_WEIGHT = 0.35;
  private static final Logger LOG = LoggerFactory.getLogger(LexicalEncoder.class);

  /** Above this many labels, V is that of labels evenly spread over the list. */
  private static final int LABELS_IN_BASIS = 1500;

  private final LexicalSettings settings;

  LexicalEncoder(LexicalSettings settings) {
    this.settings = settings;
  }

  @Override
  public Map<String, Object> facts() {
    return Map.of("knows_meaning", false);
  }

  @Override
  public Dataset<Row> encode(Dataset<Row> prompts) {
    Dataset<Row> counted = LexicalFeatures.count(prompts, settings);
    Dataset<Row> labels = counted.where(col("prompt_id").equalTo(0)).persist();
    Dataset<Row> contexts =
        counted.where(col("split").equalTo(Prompt.TRAIN)).dropDuplicates("context").persist();
    try {
      LexicalFeatures features = LexicalFeatures.fit(labels, contexts);
      TruncatedSvd basis = basis(features, labels, contexts);
      return project(counted, features, basis);
    } finally {
      labels.unpersist();
      contexts.unpersist();
    }
  }

  /**
   * V of all prompts' rows, as far as labels and contexts explain them: each label occurs P times.
   */
  private TruncatedSvd basis(LexicalFeatures features, Dataset<Row> labels, Dataset<Row> contexts) {
    List<Row> labelRows = labels.orderBy("label_id").collectAsList();
    List<Row> contextRows = contexts.orderBy("context").collectAsList();
    int step = (labelRows.size() + LABELS_IN_BASIS - 1) / LABELS_IN_BASIS;
    List<TreeMap<Integer, Double>> documents = new ArrayList<>();
    for (int i = 0; i < labelRows.size(); i += step) {
      documents.add(scaled(features.label(labelRows.get(i)), Math.sqrt(contextRows.size())));
    }
    double contextScale = CONTEXT_WEIGHT * Math.sqrt(documents.size());
    for (Row row : contextRows) {
      documents.add(scaled(features.context(row), contextScale));
    }
    return TruncatedSvd.of(documents, settings.dimensions());
  }

  private static TreeMap<Integer, Double> scaled(TreeMap<Integer, Double> unit, double length) {
    TreeMap<Integer, Double> scaled = new TreeMap<>();
    LexicalFeatures.addUnit(scaled, unit, length);
    return scaled;
  }

  private static Dataset<Row> project(
      Dataset<Row> counted, LexicalFeatures features, TruncatedSvd basis) {
    JavaSparkContext context =
        JavaSparkContext.fromSparkContext(counted.sparkSession().sparkContext());
    Broadcast<LexicalFeatures> sharedFeatures = context.broadcast(features);
    Broadcast<TruncatedSvd> sharedBasis = context.broadcast(basis);
    return counted.map(
        (MapFunction<Row, Row>)
            row -> {
              TreeMap<Integer, Double> document = sharedFeatures.value().label(row);
              LexicalFeatures.addUnit(
                  document, sharedFeatures.value().context(row), CONTEXT_WEIGHT);
              return EmbeddedPrompt.row(row, sharedBasis.value().project(document));
            },
        Encoders.row(EmbeddingTable.SCHEMA));
  }

  /** This encoder by its name. */
  public static final class Kind implements LabelEncoderKind {
    @Override
    public String label() {
      return LabelEncoders.LEXICAL;
    }

    @Override
    public String help() {
      return "TF-IDF of character n-grams and truncated SVD by MLlib: similar spelling, no meaning";
    }

    @Override
    public LabelEncoder open(Context context) {
      LOG.warn(
          "embedding.encoder = lexical knows spelling and no meaning: names are near each other"
              + " where they share words or parts of words");
      return new LexicalEncoder(context.settings().embedding().lexical());
    }
  }
}
