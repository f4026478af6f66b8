package io.github.lsgspark.graph;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.LsgSettings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Makes numbered text nodes of embedded prompts: node t = label_id P + prompt. */
final class NodeTable {
  static final StructType SCHEMA =
      new StructType()
          .add("node", DataTypes.IntegerType, false)
          .add("label_id", DataTypes.IntegerType, false)
          .add("label", DataTypes.StringType, false)
          .add("prompt_id", DataTypes.IntegerType, false)
          .add("embedding", DataTypes.createArrayType(DataTypes.FloatType, false), false);

  private NodeTable() {}

  private record Prompted(int label, String name, int prompt, float[] vector) {}

  /**
   * @param embeddings rows of the embed stage, one split of them
   * @param control which texts guide which class
   */
  static Dataset<Row> of(
      SparkSession spark, Dataset<Row> embeddings, LsgSettings.LabelGraph kind, long seed) {
    TreeMap<Integer, List<Prompted>> byLabel = new TreeMap<>();
    TreeMap<Integer, String> names = new TreeMap<>();
    for (Row row :
        embeddings.select("label_id", "label", "prompt_id", "embedding").collectAsList()) {
      List<Float> values = row.getList(3);
      float[] vector = new float[values.size()];
      for (int d = 0; d < vector.length; d++) {
        vector[d] = values.get(d);
      }
      names.put(row.getInt(0), row.getString(1));
      byLabel
          .computeIfAbsent(row.getInt(0), label -> new ArrayList<>())
          .add(new Prompted(row.getInt(0), row.getString(1), row.getInt(2), vector));
    }
    int prompts = byLabel.isEmpty() ? 0 : byLabel.firstEntry().getValue().size();
    LabelGraphControl control = new LabelGraphControl(kind, byLabel.size(), seed);
    List<Row> nodes = new ArrayList<>();
    byLabel.forEach(
        (source, prompted) -> {
          if (prompted.size() != prompts) {
            throw LsgException.input(
                "label '"
                    + names.get(source)
                    + "' has "
                    + prompted.size()
                    + " prompts, others have "
                    + prompts);
          }
          prompted.sort(Comparator.comparingInt(Prompted::prompt));
          double[] mean = mean(prompted);
          int label = control.guidedClass(source);
          for (int p = 0; p < prompts; p++) {
            Prompted prompt = prompted.get(p);
            nodes.add(
                RowFactory.create(
                    label * prompts + p,
                    label,
                    names.get(label),
                    prompt.prompt,
                    control.vector(label, prompt.vector, mean)));
          }
        });
    return spark.createDataFrame(nodes, SCHEMA).orderBy("node");
  }

  private static double[] mean(List<Prompted> prompted) {
    double[] mean = new double[prompted.get(0).vector.length];
    for (Prompted prompt : prompted) {
      for (int d = 0; d < mean.length; d++) {
        mean[d] += prompt.vector[d] / (double) prompted.size();
      }
    }
    return mean;
  }
}
