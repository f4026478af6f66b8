package io.github.lsgspark.evaluation;

import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.torch.Finite;
import java.util.List;

/** A model that is ready to score samples on this executor. For one thread. */
interface OpenModel extends AutoCloseable {

  /**
   * What the model gives for one sample.
   *
   * @param logits of the classifier [C]
   * @param cosines of the projected feature to each class prototype [C]; null without prototypes
   * @param feature that the classifier sees [d]; empty if it is not known
   */
  record Scores(float[] logits, float[] cosines, float[] feature) {
    Scores(float[] logits, float[] cosines) {
      this(logits, cosines, new float[0]);
    }

    /** Whether all are numbers: what is none has no largest one, and so no class. */
    boolean areFinite() {
      return Finite.all(logits) && Finite.all(feature) && (cosines == null || Finite.all(cosines));
    }
  }

  /** Scores samples in one forward pass, in their order. */
  List<Scores> score(List<Sample> samples);

  @Override
  void close();
}
