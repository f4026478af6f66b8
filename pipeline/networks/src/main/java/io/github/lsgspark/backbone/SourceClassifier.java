package io.github.lsgspark.backbone;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.torch.HostArray;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The classifier of the task that published weights were trained for: one linear layer on features.
 *
 * @param weight [S, d], S classes of that task
 * @param bias [S]
 * @param scale of the features that it saw: train.feature-scale of that training
 */
public record SourceClassifier(HostArray weight, HostArray bias, double scale) {
  private static final String WEIGHT = ".weight";
  private static final String BIAS = ".bias";

  /** A map of features to texts, which no logits come from. */
  private static final String PROJECTOR = "projector.";

  /**
   * The classifier among the tensors of a file that are not the network's.
   *
   * @param heads those, by the file's names; of a file's outline they hold no values
   * @param dimension d
   * @param scale of the features that the file's network was trained with
   * @param source what to call the file in errors
   * @throws LsgException exit 2 if they are not one matrix and its bias, which see features
   */
  static SourceClassifier of(
      Map<String, HostArray> heads, int dimension, double scale, String source) {
    List<String> names =
        heads.keySet().stream().filter(name -> !name.startsWith(PROJECTOR)).sorted().toList();
    List<String> matrices =
        names.stream().filter(name -> isMatrix(heads.get(name), name, dimension)).toList();
    String stem = matrices.size() == 1 ? matrices.get(0).replaceFirst("\\.weight$", "") : "";
    boolean alone =
        matrices.size() == 1
            && names.stream()
                .allMatch(name -> name.equals(stem + WEIGHT) || name.equals(stem + BIAS));
    if (!alone) {
      throw LsgException.usage(
          "train.transfer.methods with co-tuning needs the classifier that %s was trained with, a"
                  .formatted(source)
              + " matrix [classes, %d] on the network's features and its bias, but what the file has"
                  .formatted(dimension)
              + " besides the network is: "
              + (names.isEmpty() ? "nothing" : String.join(", ", listed(names, heads))));
    }
    HostArray weight = heads.get(stem + WEIGHT);
    HostArray bias = heads.get(stem + BIAS);
    int classes = (int) weight.shape()[0];
    return new SourceClassifier(
        weight, bias != null ? bias : HostArray.of(new float[classes], classes), scale);
  }

  private static boolean isMatrix(HostArray array, String name, int dimension) {
    long[] shape = array.shape();
    return name.endsWith(WEIGHT) && shape.length == 2 && shape[1] == dimension;
  }

  private static List<String> listed(List<String> names, Map<String, HostArray> heads) {
    return names.stream().map(name -> name + Arrays.toString(heads.get(name).shape())).toList();
  }

  /** S. */
  public int classes() {
    return (int) weight.shape()[0];
  }
}
