package io.github.lsgspark.training;

import io.github.lsgspark.dataset.DataLoader;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.dataset.modality.ViewKind;
import io.github.lsgspark.training.ssl.LabelPropagation;
import java.util.ArrayList;
import java.util.List;

/** A pass of all replicas over the unlabelled samples, after which each has a label. */
interface LabelPass {

  /**
   * Labels all unlabelled samples.
   *
   * @param number of the pass, from 0
   */
  Inference.Found labels(int number);

  /** The labels of a weak view, each sample by itself. */
  static LabelPass each(List<Sample> samples, Inference inference, Labeller labeller, long seed) {
    return number ->
        inference.classify(
            samples,
            sample ->
                List.of(
                    DataLoader.Wanted.random(
                        sample, ViewKind.WEAK, seed, "pseudo label", number, 0)),
            labeller);
  }

  /** The labels of the evaluation view, by propagation among all samples. */
  static LabelPass propagated(
      List<Sample> samples,
      List<Sample> labelled,
      Inference inference,
      Labeller labeller,
      LabelPropagation propagation) {
    List<Sample> all = new ArrayList<>(samples);
    all.addAll(labelled);
    return number -> {
      Inference.Outputs outputs = inference.outputs(all, inference.evaluation(), labeller);
      float[] probabilities = outputs.probabilities();
      int classes = probabilities.length / all.size();
      for (int i = samples.size(); i < all.size(); i++) {
        for (int c = 0; c < classes; c++) {
          probabilities[i * classes + c] = c == all.get(i).label() ? 1 : 0;
        }
      }
      float[] found = propagation.of(outputs.features(), probabilities);
      int[] labels = new int[samples.size()];
      float[] confidences = new float[samples.size()];
      for (int i = 0; i < labels.length; i++) {
        for (int c = 0; c < classes; c++) {
          if (found[i * classes + c] > confidences[i]) {
            labels[i] = c;
            confidences[i] = found[i * classes + c];
          }
        }
      }
      return new Inference.Found(labels, confidences);
    };
  }
}
