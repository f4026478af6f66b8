package io.github.lsgspark.embedding;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.graph.EmbeddingTable;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Makes the rows of an {@link EmbeddingTable} from prompts and their vectors. */
public final class EmbeddedPrompt {
  private EmbeddedPrompt() {}

  /**
   * A row of the table.
   *
   * @param prompt a row of {@link PromptTable#SCHEMA}
   * @param vector of any length but zero; it is scaled to unit length
   */
  public static Row row(Row prompt, double[] vector) {
    return RowFactory.create(
        prompt.getInt(PromptTable.LABEL_ID),
        prompt.getString(PromptTable.LABEL),
        prompt.getInt(PromptTable.PROMPT_ID),
        prompt.getString(PromptTable.PROMPT),
        prompt.getString(PromptTable.SPLIT),
        unit(vector, prompt.getString(PromptTable.PROMPT)));
  }

  /**
   * @param prompt what the vector is of, for the error
   * @throws LsgException exit 3 if it has no direction
   */
  static Float[] unit(double[] vector, String prompt) {
    double length = UnitVectors.length(vector);
    if (!(length > 0) || Double.isInfinite(length)) {
      throw LsgException.input(
          "the embedding of \"" + prompt + "\" has length " + length + ", so no direction");
    }
    Float[] unit = new Float[vector.length];
    for (int d = 0; d < unit.length; d++) {
      unit[d] = (float) (vector[d] / length);
    }
    return unit;
  }
}
