package io.github.lsgspark.embedding;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.embedding.transformer.ModelSpec;
import io.github.lsgspark.embedding.transformer.OpenedModel;
import io.github.lsgspark.embedding.transformer.OpenedModels;
import io.github.lsgspark.embedding.transformer.PromptTokens;
import io.github.lsgspark.torch.ComputeDevice;
import java.util.Arrays;
import java.util.Iterator;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;

/** Prompts into token ids. */
final class TokenizeTask implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  /** {@link VectorCache#CUT_PROMPT}, length int, ids and pooled array of int. */
  static final StructType SCHEMA =
      VectorCache.CUT_PROMPT
          .add("length", DataTypes.IntegerType, false)
          .add("ids", DataTypes.createArrayType(DataTypes.LongType, false), false)
          .add("pooled", DataTypes.createArrayType(DataTypes.IntegerType, false), false);

  private final ModelSpec spec;
  private final LongAccumulator shortened;

  /**
   * @param shortened counts prompts that are longer than the model takes
   */
  TokenizeTask(ModelSpec spec, LongAccumulator shortened) {
    this.spec = spec;
    this.shortened = shortened;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> prompts) {
    OpenedModel model = OpenedModels.forTask(TaskContext.get(), spec, ComputeDevice.cpu());
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return prompts.hasNext();
      }

      @Override
      public Row next() {
        return tokenized(model, prompts.next());
      }
    };
  }

  private Row tokenized(OpenedModel model, Row row) {
    String prompt = row.getString(0);
    PromptTokens tokens = model.tokenize(prompt, row.getInt(1), row.getInt(2));
    if (tokens.dropped() > 0) {
      shortened.add(1);
    }
    if (tokens.pooled().length == 0) {
      String label = Abbreviation.of(prompt.substring(row.getInt(1), row.getInt(2)));
      throw LsgException.input(
          tokens.cut() > 0
              ? "the label \"" + label + "\" begins after the model's last token in: " + prompt
              : "the tokenizer of the model makes no token of the label \"" + label + "\"");
    }
    return RowFactory.create(
        prompt,
        row.getInt(1),
        row.getInt(2),
        tokens.cut(),
        tokens.ids().length,
        Arrays.stream(tokens.ids()).boxed().toArray(Long[]::new),
        Arrays.stream(tokens.pooled()).boxed().toArray(Integer[]::new));
  }
}
