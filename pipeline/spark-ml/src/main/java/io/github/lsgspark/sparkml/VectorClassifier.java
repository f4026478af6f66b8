package io.github.lsgspark.sparkml;

import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.dataset.modality.UnreadableSampleException.Reason;
import io.github.lsgspark.evaluation.SampleClassifier.Outcome;
import io.github.lsgspark.torch.Finite;
import io.github.lsgspark.training.VectorHead;
import java.util.ArrayList;
import java.util.List;

/** A head on vectors. */
record VectorClassifier(VectorHead head) implements RowClassifier {

  @Override
  public Opened open() {
    return new Opened() {
      @Override
      public float[] views(byte[] encoded) throws UnreadableSampleException {
        float[] values = VectorBytes.floats(encoded);
        if (values.length != head.width()) {
          throw new UnreadableSampleException(
              Reason.DAMAGED, "the vector has " + values.length + " numbers, not " + head.width());
        }
        if (!Finite.all(values)) {
          throw new UnreadableSampleException(
              Reason.DAMAGED, "a number of the vector is not finite");
        }
        return values;
      }

      @Override
      public List<Outcome> classify(List<float[]> views) {
        List<Outcome> outcomes = new ArrayList<>(views.size());
        for (double[] logits : views.isEmpty() ? new double[0][] : head.logits(views)) {
          outcomes.add(outcome(logits));
        }
        return outcomes;
      }

      @Override
      public void close() {
        // Holds nothing.
      }
    };
  }

  private static Outcome outcome(double[] logits) {
    int best = 0;
    for (int c = 1; c < logits.length; c++) {
      if (logits[c] > logits[best]) {
        best = c;
      }
    }
    double[] probabilities = new double[logits.length];
    double sum = 0;
    for (int c = 0; c < logits.length; c++) {
      probabilities[c] = Math.exp(logits[c] - logits[best]);
      sum += probabilities[c];
    }
    for (int c = 0; c < logits.length; c++) {
      probabilities[c] /= sum;
    }
    return new Outcome(logits, probabilities, best);
  }
}
