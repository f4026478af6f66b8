package io.github.lsgspark.evaluation;

import static org.apache.spark.sql.functions.col;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.dataset.SampleSource;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.text.LabelSet;
import io.github.lsgspark.torch.Finite;
import io.github.lsgspark.torch.TaskDevice;
import io.github.lsgspark.training.TrainedModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Labels one sample after the other on the driver, by the same model and classifier as the stage
 * predict. Safe for several threads: decoding goes side by side, forward passes one by one.
 */
public final class LiveClassifier implements AutoCloseable {
  private final LabelSet labels;
  private final Classifiers classifiers;
  private final TrainedModel model;
  private final Nearby.Finder finder;
  private final SampleSource source;
  private final Map<String, Sample> labelled;

  /** A class and how probable it is. */
  public record Guess(String label, double probability) {}

  /** A labelled training sample, its class, and the cosine to it. */
  public record Neighbour(String id, String label, double similarity) {}

  /**
   * What is said of a sample.
   *
   * @param top the most probable classes, best first, at most five
   * @param entropy of the probabilities of all classes, in nats
   * @param nearest the labelled samples that the model finds it most like, best first; none if
   *     {@code predict.unlike-quantile} is 0
   * @param unlike whether it is unlike all of them
   */
  public record Answer(List<Guess> top, double entropy, List<Neighbour> nearest, boolean unlike) {}

  private LiveClassifier(
      LabelSet labels,
      Classifiers classifiers,
      TrainedModel model,
      Nearby nearby,
      SampleSource source,
      Map<String, Sample> labelled) {
    this.labels = labels;
    this.classifiers = classifiers;
    this.model = model;
    this.finder = nearby.open();
    this.source = source;
    this.labelled = labelled;
  }

  /**
   * Opens the model on the driver.
   *
   * @param prepareDir output of the prepare stage, whose labelled samples are the neighbours
   * @param modelDir output of the stage that made the model
   * @param embedDir output of the embed stage, for {@code evaluate.classifier = loki}
   */
  public static LiveClassifier of(
      SparkSession spark,
      Settings settings,
      String prepareDir,
      String modelDir,
      Optional<String> embedDir) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    HadoopFiles files = new HadoopFiles(hadoop);
    TrainedModel.check(files, modelDir, TrainedModel.LAST);
    LabelSet labels = SampleTable.labels(files, modelDir);
    TrainedModelOpener opener =
        new TrainedModelOpener(settings, hadoop, modelDir, TrainedModel.LAST);
    Classifiers classifiers =
        PredictStage.classifiers(spark, settings, labels, prepareDir, embedDir);
    Nearby nearby = TrainingFeatures.of(spark, opener, settings, prepareDir);
    TrainedModel model =
        opener.load(
            TaskDevice.onDriver(spark.sparkContext(), settings.train().device(), "train.device"),
            Runtime.getRuntime().availableProcessors());
    return new LiveClassifier(
        labels,
        classifiers,
        model,
        nearby,
        new SampleSource(hadoop, model.modality()),
        labelled(spark, prepareDir));
  }

  private static Map<String, Sample> labelled(SparkSession spark, String prepareDir) {
    Map<String, Sample> samples = new HashMap<>();
    for (Row row :
        SampleTable.read(spark, prepareDir)
            .where(col("split").equalTo(SampleTable.TRAIN).and(col("label_id").geq(0)))
            .select("id", "label_id", "reference")
            .collectAsList()) {
      samples.put(row.getString(0), new Sample(row.getString(0), row.getInt(1), row.getString(2)));
    }
    return samples;
  }

  /** Names of all classes, by their numbers. */
  public List<String> labels() {
    List<String> names = new ArrayList<>(labels.size());
    for (int c = 0; c < labels.size(); c++) {
      names.add(labels.label(c).name());
    }
    return names;
  }

  /**
   * Labels an encoded sample.
   *
   * @param neighbours how many labelled samples are named at most
   * @throws UnreadableSampleException with the reason why the model can see nothing of it
   */
  public Answer answer(byte[] encoded, int neighbours) throws UnreadableSampleException {
    float[] views = model.views(model.modality().decode(encoded));
    OpenModel.Scores scores;
    List<NearestSample> nearest;
    synchronized (model) {
      scores = TrainedModelOpener.score(model, new float[][] {views}).get(0);
      if (!Finite.all(scores.logits())) {
        throw LsgException.input("what the model says of this sample is no finite number");
      }
      nearest = finder.of(List.of(scores), neighbours).get(0);
    }
    TopKPrediction said = TopKPrediction.of(classifiers.distribution(scores).probabilities());
    List<Guess> top = new ArrayList<>();
    for (int i = 0; i < said.ids().length; i++) {
      top.add(new Guess(labels.label(said.ids()[i]).name(), said.probabilities()[i]));
    }
    return new Answer(
        top,
        said.entropy(),
        nearest.stream()
            .map(
                one ->
                    new Neighbour(one.id(), labels.label(one.labelId()).name(), one.similarity()))
            .toList(),
        !nearest.isEmpty() && nearest.get(0).unlike());
  }

  /** The file of a labelled training sample; empty if there is none of this id. */
  public Optional<byte[]> sample(String id) {
    return Optional.ofNullable(labelled.get(id)).map(source::read);
  }

  @Override
  public void close() {
    finder.close();
    model.close();
    source.close();
  }
}
