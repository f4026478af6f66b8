package io.github.lsgspark.sparkml;

import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.evaluation.SampleClassifier;
import io.github.lsgspark.evaluation.SampleClassifier.Outcome;
import java.io.Serializable;
import java.util.List;

/** What labels rows, by the bytes that {@link SampleColumn#encoded} makes of them. */
interface RowClassifier extends Serializable {

  /** Opens it inside a task, for one thread. */
  Opened open();

  /** One that is ready. For one thread. */
  interface Opened extends AutoCloseable {

    /**
     * What it sees of a row.
     *
     * @throws UnreadableSampleException with the reason why it can see nothing
     */
    float[] views(byte[] encoded) throws UnreadableSampleException;

    /** Labels rows, in their order. */
    List<Outcome> classify(List<float[]> views);

    @Override
    void close();
  }

  /** A network on encoded samples. */
  static RowClassifier of(SampleClassifier classifier) {
    return () -> {
      SampleClassifier.Opened opened = classifier.open();
      return new Opened() {
        @Override
        public float[] views(byte[] encoded) throws UnreadableSampleException {
          return opened.views(encoded);
        }

        @Override
        public List<Outcome> classify(List<float[]> views) {
          return opened.classify(views);
        }

        @Override
        public void close() {
          opened.close();
        }
      };
    };
  }
}
