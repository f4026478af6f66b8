package com.example.lsg;

import io.github.lsgspark.embedding.EmbeddedPrompt;
import io.github.lsgspark.embedding.LabelEncoder;
import io.github.lsgspark.embedding.LabelEncoderKind;
import io.github.lsgspark.graph.EmbeddingTable;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/** A label encoder of somebody else's: how often a prompt has each of 26 letters, and one. */
public final class ExampleEncoder implements LabelEncoderKind {

  @Override
  public String label() {
    return "example-encoder";
  }

  @Override
  public String help() {
    return "letters counted";
  }

  @Override
  public LabelEncoder open(Context context) {
    return ExampleEncoder::encode;
  }

  private static Dataset<Row> encode(Dataset<Row> prompts) {
    return prompts.map(
        (MapFunction<Row, Row>) row -> EmbeddedPrompt.row(row, letters(row.getString(4))),
        Encoders.row(EmbeddingTable.SCHEMA));
  }

  private static double[] letters(String prompt) {
    double[] counts = new double[27];
    counts[26] = 1;
    prompt.chars().filter(c -> c >= 'a' && c <= 'z').forEach(c -> counts[c - 'a']++);
    return counts;
  }
}
