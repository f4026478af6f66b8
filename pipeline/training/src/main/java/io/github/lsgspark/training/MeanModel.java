package io.github.lsgspark.training;

import io.github.lsgspark.backbone.Backbones;
import io.github.lsgspark.backbone.FeatureTensors;
import io.github.lsgspark.torch.HostArray;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A trained model and a closed form as one network: both see the sample, and their logits are
 * averaged, which gives the geometric mean of their probabilities. Projector and prototypes stay
 * those of the trained one.
 *
 * @param description of the whole
 * @param tensors of the whole, by public name
 */
record MeanModel(ModelDescription description, Map<String, HostArray> tensors) {

  /** Why two models cannot be one; empty if they can. */
  static Optional<String> obstacle(ModelDescription trained, ModelDescription head) {
    if (Backbones.TORCHSCRIPT.equals(trained.backbone())) {
      return Optional.of("a TorchScript module cannot stand beside itself");
    }
    String seen = trained.input().seen();
    if (!seen.equals(head.input().seen())) {
      return Optional.of(
          "the training sees samples as " + seen + ", the closed form as " + head.input().seen());
    }
    return Optional.empty();
  }

  /**
   * Joins two models.
   *
   * @param trained tensors of the first
   * @param head tensors of the second, which are kept under a prefix
   */
  static MeanModel of(
      ModelDescription first,
      Map<String, HostArray> trained,
      ModelDescription second,
      Map<String, HostArray> head) {
    Map<String, HostArray> tensors = new LinkedHashMap<>();
    trained.forEach((name, array) -> put(tensors, "", name, array));
    head.forEach((name, array) -> put(tensors, FeatureTensors.SECOND, name, array));
    String weight = Network.CLASSIFIER + ".weight";
    String bias = Network.CLASSIFIER + ".bias";
    int other = (int) head.get(weight).shape()[1];
    tensors.put(
        weight,
        sideBySide(
            trained.get(weight).floats(),
            0.5,
            head.get(weight).floats(),
            0.5 * second.featureScale() / first.featureScale(),
            first.classes()));
    float[] sum = trained.get(bias).floats().clone();
    float[] its = head.get(bias).floats();
    for (int c = 0; c < sum.length; c++) {
      sum[c] = 0.5f * (sum[c] + its[c]);
    }
    tensors.put(bias, HostArray.of(sum, sum.length));
    for (String name :
        new String[] {Network.PROJECTOR + ".weight", Network.PROJECTOR + ".0.weight"}) {
      HostArray projector = trained.get(name);
      if (projector != null) {
        int rows = (int) projector.shape()[0];
        tensors.put(name, sideBySide(projector.floats(), 1, new float[rows * other], 1, rows));
      }
    }
    return new MeanModel(first.beside(second.features()), tensors);
  }

  private static void put(
      Map<String, HostArray> tensors, String prefix, String name, HostArray array) {
    if (prefix.isEmpty() || !Network.isHead(name)) {
      tensors.put(prefix + name, array);
    }
  }

  /** Two matrices [rows, ?], each times a factor, row beside row. */
  private static HostArray sideBySide(
      float[] left, double ofLeft, float[] right, double ofRight, int rows) {
    int own = left.length / rows;
    int other = right.length / rows;
    float[] all = new float[left.length + right.length];
    for (int row = 0; row < rows; row++) {
      int to = row * (own + other);
      for (int i = 0; i < own; i++) {
        all[to + i] = (float) (ofLeft * left[row * own + i]);
      }
      for (int i = 0; i < other; i++) {
        all[to + own + i] = (float) (ofRight * right[row * other + i]);
      }
    }
    return HostArray.of(all, rows, own + other);
  }
}
