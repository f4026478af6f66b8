import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.connect.proto.Command;
import org.apache.spark.connect.proto.Expression.Literal;
import org.apache.spark.connect.proto.MlCommand;
import org.apache.spark.connect.proto.MlCommandResult;
import org.apache.spark.connect.proto.MlOperator;
import org.apache.spark.connect.proto.MlOperator.OperatorType;
import org.apache.spark.connect.proto.MlParams;
import org.apache.spark.connect.proto.MlRelation;
import org.apache.spark.connect.proto.ObjectRef;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.connect.SparkSession;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;

/**
 * A client of Spark Connect, which knows nothing of LSG's classes: text vectors, a graph and a
 * classifier are made by the server. One argument: the server's address, such as
 * sc://127.0.0.1:15002.
 */
public final class ConnectClient {
  private static final String LSG = "io.github.lsgspark.sparkml.";

  private static SparkSession spark;

  private ConnectClient() {}

  public static void main(String[] arguments) {
    spark = SparkSession.builder().remote(arguments[0]).getOrCreate();
    try {
      Dataset<Row> names =
          spark.sql("SELECT * FROM VALUES 'red fox', 'oil tanker', 'grey fox', 'tanker' AS t(label)");
      Dataset<Row> vectors =
          transformed("LabelTextEmbedder", names, Map.of("labelEncoder", "lexical"));
      transformed("SemanticGraphTransformer", vectors, Map.of("graph", "selection = knn, k = 1"))
          .where("src < dst")
          .orderBy("src")
          .collectAsList()
          .forEach(edge -> System.out.println("edge " + edge.get(0) + " - " + edge.get(1)));

      Dataset<Row> texts =
          spark.sql(
              "SELECT label, concat(label, ' ', word) AS text FROM"
                  + " VALUES 'red fox', 'oil tanker', 'blue box' AS t(label) CROSS JOIN"
                  + " VALUES 'one', 'two', 'three', 'four' AS w(word)");
      Dataset<Row> samples =
          transformed(
              "LabelTextEmbedder",
              texts,
              Map.of("labelEncoder", "lexical", "inputCol", "text", "outputCol", "image"));
      ObjectRef model = fitted("LsgClassifier", samples, Map.of("labelEncoder", "lexical"));
      // Classes are numbered in the order of their names.
      String number = "CASE label WHEN 'blue box' THEN 0 WHEN 'oil tanker' THEN 1 ELSE 2 END";
      long right = transformed(model, samples).where("prediction = " + number).count();
      System.out.println("right " + right + " of " + samples.count());

      try {
        transformed("SemanticGraphTransformer", names, Map.of()).count();
      } catch (Exception e) {
        System.out.println("refused " + e.getMessage().lines().findFirst().orElse(""));
      }
      try {
        spark.sparkContext();
      } catch (Exception e) {
        System.out.println("driver only " + e.getMessage().lines().findFirst().orElse(""));
      }
    } finally {
      spark.close();
    }
  }

  private static MlParams params(Map<String, String> values) {
    MlParams.Builder params = MlParams.newBuilder();
    new TreeMap<>(values)
        .forEach(
            (name, value) ->
                params.putParams(name, Literal.newBuilder().setString(value).build()));
    return params.build();
  }

  private static MlOperator operator(String name, OperatorType type) {
    return MlOperator.newBuilder().setName(LSG + name).setUid(name).setType(type).build();
  }

  private static Dataset<Row> transformed(
      String name, Dataset<Row> input, Map<String, String> values) {
    return transformed(
        MlRelation.Transform.newBuilder()
            .setTransformer(operator(name, OperatorType.OPERATOR_TYPE_TRANSFORMER))
            .setParams(params(values)),
        input);
  }

  private static Dataset<Row> transformed(ObjectRef model, Dataset<Row> input) {
    return transformed(MlRelation.Transform.newBuilder().setObjRef(model), input);
  }

  private static Dataset<Row> transformed(
      MlRelation.Transform.Builder transform, Dataset<Row> input) {
    transform.setInput(connected(input).plan().getRoot());
    return spark.newDataFrame(
        relation -> {
          relation.setMlRelation(MlRelation.newBuilder().setTransform(transform));
          return BoxedUnit.UNIT;
        });
  }

  private static ObjectRef fitted(String name, Dataset<Row> input, Map<String, String> values) {
    MlCommand fit =
        MlCommand.newBuilder()
            .setFit(
                MlCommand.Fit.newBuilder()
                    .setEstimator(operator(name, OperatorType.OPERATOR_TYPE_ESTIMATOR))
                    .setParams(params(values))
                    .setDataset(connected(input).plan().getRoot()))
            .build();
    return CollectionConverters.asJava(
            spark.execute(Command.newBuilder().setMlCommand(fit).build()))
        .stream()
        .filter(response -> response.hasMlCommandResult())
        .map(response -> response.getMlCommandResult())
        .map(MlCommandResult::getOperatorInfo)
        .map(MlCommandResult.MlOperatorInfo::getObjRef)
        .findFirst()
        .orElseThrow();
  }

  private static org.apache.spark.sql.connect.Dataset<Row> connected(Dataset<Row> dataset) {
    return (org.apache.spark.sql.connect.Dataset<Row>) dataset;
  }
}
