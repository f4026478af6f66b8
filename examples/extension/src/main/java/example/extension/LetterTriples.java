package example.extension;

import io.github.lsgspark.embedding.LabelEncoder;
import io.github.lsgspark.embedding.LabelEncoderKind;
import io.github.lsgspark.graph.EmbeddingTable;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Counts of letter triples, hashed to 256 numbers: those of the label, and a third of the prompt's.
 */
public final class LetterTriples implements LabelEncoderKind {
  private static final int DIMENSION = 256;

  @Override
  public String label() {
    return "letter-triples";
  }

  @Override
  public String help() {
    return "hashed counts of letter triples";
  }

  @Override
  public LabelEncoder open(Context context) {
    return LetterTriples::encode;
  }

  /** Rows of prompts, as PromptTable.SCHEMA has them, to rows of EmbeddingTable.SCHEMA. */
  private static Dataset<Row> encode(Dataset<Row> prompts) {
    return prompts
        .select("label_id", "label", "prompt_id", "prompt", "split")
        .map(
            (MapFunction<Row, Row>)
                row ->
                    RowFactory.create(
                        row.getInt(0),
                        row.getString(1),
                        row.getInt(2),
                        row.getString(3),
                        row.getString(4),
                        vector(row.getString(1), row.getString(3))),
            Encoders.row(EmbeddingTable.SCHEMA));
  }

  private static Float[] vector(String label, String prompt) {
    double[] sums = new double[DIMENSION];
    addTriples(sums, label, 1);
    addTriples(sums, prompt, 1.0 / 3);
    double squares = 0;
    for (double sum : sums) {
      squares += sum * sum;
    }
    Float[] unit = new Float[DIMENSION];
    for (int d = 0; d < DIMENSION; d++) {
      unit[d] = (float) (sums[d] / Math.sqrt(squares));
    }
    return unit;
  }

  private static void addTriples(double[] sums, String text, double weight) {
    String padded = " " + text + " ";
    for (int i = 0; i + 3 <= padded.length(); i++) {
      sums[Math.floorMod(padded.substring(i, i + 3).hashCode(), DIMENSION)] += weight;
    }
  }
}
