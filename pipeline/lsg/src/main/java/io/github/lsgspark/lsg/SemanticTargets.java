package io.github.lsgspark.lsg;

import io.github.lsgspark.config.LsgSettings.SoftLabelSettings;
import io.github.lsgspark.gcn.GcnConstants;
import io.github.lsgspark.graph.TextGraph;
import io.github.lsgspark.torch.HostArray;

/**
 * Soft targets of a classifier that give a share to classes near in meaning: of class c, 1 − share
 * for c itself and share · softmax(cos(t_c, t_k) / temperature) for the others k, where t is the
 * mean of a class's text nodes. A prior of the same kind as the soft labels of Bertinetto et al.
 * ("Making Better Mistakes", CVPR 2020), from texts instead of a tree.
 */
public final class SemanticTargets {
  private SemanticTargets() {}

  /**
   * The targets [C,C], rows sum to 1.
   *
   * @param graph the graph that guides the backbone; that of a control gives a control's targets
   */
  public static HostArray of(TextGraph graph, SoftLabelSettings settings) {
    int classes = graph.classes();
    double[][] means = unitMeans(graph);
    float[] targets = new float[classes * classes];
    for (int c = 0; c < classes; c++) {
      double[] weights = new double[classes];
      double sum = 0;
      for (int k = 0; k < classes; k++) {
        if (k != c) {
          // Cosines are at most 1, so the largest exponent is 0.
          weights[k] = Math.exp((dot(means[c], means[k]) - 1) / settings.temperature());
          sum += weights[k];
        }
      }
      for (int k = 0; k < classes; k++) {
        double others = sum > 0 ? weights[k] / sum : 1.0 / (classes - 1);
        targets[c * classes + k] =
            (float) (k == c ? 1 - settings.share() : settings.share() * others);
      }
    }
    return HostArray.of(targets, classes, classes);
  }

  private static double[][] unitMeans(TextGraph graph) {
    int prompts = graph.prompts();
    int dimension = graph.dimension();
    double[][] means = new double[graph.classes()][dimension];
    for (int node = 0; node < graph.nodes(); node++) {
      double[] mean = means[node / prompts];
      for (int d = 0; d < dimension; d++) {
        mean[d] += graph.embeddings()[node * dimension + d];
      }
    }
    for (double[] mean : means) {
      double length = Math.max(GcnConstants.EPSILON, Math.sqrt(dot(mean, mean)));
      for (int d = 0; d < dimension; d++) {
        mean[d] /= length;
      }
    }
    return means;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int d = 0; d < a.length; d++) {
      sum += a[d] * b[d];
    }
    return sum;
  }
}
