package io.github.lsgspark.evaluation;

import io.github.lsgspark.config.EvaluateSettings.Classifier;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.text.LabelSet;
import io.github.lsgspark.training.TrainedModel;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/**
 * Labels encoded samples of any table inside Spark's tasks, by the same model and classifier as the
 * stage predict.
 */
public final class SampleClassifier implements Serializable {
  private static final long serialVersionUID = 1L;

  private final TrainedModelOpener opener;
  private final Classifiers classifiers;

  private SampleClassifier(TrainedModelOpener opener, Classifiers classifiers) {
    this.opener = opener;
    this.classifiers = classifiers;
  }

  /**
   * Describes a trained model on the driver.
   *
   * @param trainDir output of the train stage, which executors can read
   * @param seen numbers of the classes that have labels
   * @throws LsgException exit 2 for {@code evaluate.classifier = loki}, which needs the output of
   *     the embed stage; exit 3 if the files are not those of one model
   */
  public static SampleClassifier of(
      SparkSession spark, Settings settings, String trainDir, int[] seen) {
    if (settings.evaluate().headline() == Classifier.LOKI) {
      throw LsgException.usage(
          "evaluate.classifier = loki is for the stages evaluate and predict, which have the"
              + " distances of classes; here head, prototypes or ensemble");
    }
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    HadoopFiles files = new HadoopFiles(hadoop);
    TrainedModel.check(files, trainDir, TrainedModel.LAST);
    LabelSet labels = SampleTable.labels(files, trainDir);
    return new SampleClassifier(
        new TrainedModelOpener(settings, hadoop, trainDir, TrainedModel.LAST),
        Classifiers.predicting(
            spark,
            settings.evaluate(),
            SeenClasses.of(labels.size(), seen),
            () -> {
              throw new IllegalStateException("only loki asks for distances");
            }));
  }

  /** Numbers of the classes that have labels in a prepared data set. */
  public static int[] seen(SparkSession spark, String prepareDir) {
    LabelSet labels =
        SampleTable.labels(new HadoopFiles(spark.sparkContext().hadoopConfiguration()), prepareDir);
    return SeenClasses.of(spark, prepareDir, labels.size()).seen();
  }

  /** Opens the model inside a task, for one thread. */
  public Opened open() {
    return new Opened(opener.load(), classifiers, opener.toString());
  }

  /**
   * What is said of one sample.
   *
   * @param scores by which classes are ordered [C]
   * @param probabilities of all classes [C]
   * @param predicted number of the most probable class
   */
  public record Outcome(double[] scores, double[] probabilities, int predicted) {}

  /** A model that is ready to label samples. For one thread. */
  public static final class Opened implements AutoCloseable {
    private final TrainedModel model;
    private final Classifiers classifiers;
    private final String file;

    private Opened(TrainedModel model, Classifiers classifiers, String file) {
      this.model = model;
      this.classifiers = classifiers;
      this.file = file;
    }

    /**
     * What the model sees of an encoded sample.
     *
     * @throws UnreadableSampleException with the reason why it can see nothing
     */
    public float[] views(byte[] encoded) throws UnreadableSampleException {
      return model.views(model.modality().decode(encoded));
    }

    /**
     * Labels samples in one forward pass, in their order.
     *
     * @throws LsgException exit 3 if a score is no finite number
     */
    public List<Outcome> classify(List<float[]> views) {
      if (views.isEmpty()) {
        return List.of();
      }
      List<Outcome> outcomes = new ArrayList<>(views.size());
      for (OpenModel.Scores scores :
          TrainedModelOpener.score(model, views.toArray(float[][]::new))) {
        if (!scores.areFinite()) {
          throw LsgException.input(file + ": what it says of a sample is no finite number");
        }
        Classifiers.Distribution said = classifiers.distribution(scores);
        outcomes.add(
            new Outcome(
                said.scores(),
                said.probabilities(),
                TopKPrediction.of(said.probabilities()).predicted()));
      }
      return outcomes;
    }

    @Override
    public void close() {
      model.close();
    }
  }
}
