package io.github.lsgspark.training;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.head.FeatureTransform;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/**
 * A head on vectors of any origin: their transform, and one linear map to logits.
 *
 * @param weight row-major [C, d]
 * @param bias [C]
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
public record VectorHead(
    @JsonProperty("transform") FeatureTransform transform,
    @JsonProperty("weight") double[] weight,
    @JsonProperty("bias") double[] bias)
    implements Serializable {
  /** Its file in a folder. */
  public static final String FILE = "vector-head.json";

  /**
   * Fits the head that settings name ({@code head.kind}) to a table of vectors.
   *
   * @param features folder of the table
   * @param embed graph and gcn outputs of these stages; empty for heads that ask for none
   * @param names of the classes, in order of their ids
   * @throws LsgException exit 2 for settings that exclude each other; exit 3 without a labelled row
   */
  public static VectorHead fit(
      SparkSession spark,
      Settings settings,
      String features,
      Optional<String> embed,
      Optional<String> graph,
      Optional<String> gcn,
      List<String> names) {
    return HeadStage.ofVectors(
        spark,
        settings,
        new HeadStage.Inputs("", features, embed, graph, gcn, Optional.empty()),
        names);
  }

  /** Numbers of a vector. */
  public int width() {
    return transform.width();
  }

  /**
   * Logits of vectors.
   *
   * @param vectors each of {@link #width} numbers
   * @return [n][C]
   */
  public double[][] logits(List<float[]> vectors) {
    int classes = bias.length;
    float[] all = new float[vectors.size() * width()];
    for (int i = 0; i < vectors.size(); i++) {
      System.arraycopy(vectors.get(i), 0, all, i * width(), width());
    }
    float[] x = transform.transformed(all);
    int d = transform.dimension();
    double[][] logits = new double[vectors.size()][classes];
    for (int i = 0; i < logits.length; i++) {
      for (int c = 0; c < classes; c++) {
        double sum = bias[c];
        for (int j = 0; j < d; j++) {
          sum += weight[c * d + j] * x[i * d + j];
        }
        logits[i][c] = sum;
      }
    }
    return logits;
  }

  /** Writes the head into a folder. */
  public void write(HadoopFiles files, String folder) {
    Json.write(files, HadoopFiles.path(folder, FILE), this);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws LsgException exit 3 if it is not there
   */
  public static VectorHead read(HadoopFiles files, String folder) {
    return Json.read(files, HadoopFiles.path(folder, FILE), VectorHead.class);
  }
}
