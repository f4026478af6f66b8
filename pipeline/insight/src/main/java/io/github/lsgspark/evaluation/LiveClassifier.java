package io.github.lsgspark.evaluation;

import static org.apache.spark.sql.functions.col;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.dataset.SampleSource;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.text.LabelSet;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.TaskDevice;
import io.github.lsgspark.training.TrainedModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Labels one sample after the other on the driver, by the same model and classifier as the stage
 * predict. Safe for several threads: decoding goes side by side, forward passes one by one in a
 * thread of their own, as libtorch keeps threads and modes for each.
 */
public final class LiveClassifier implements AutoCloseable {
  private final LabelSet labels;
  private final Classifiers classifiers;
  private final TrainedModel model;
  private final Nearby.Finder finder;
  private final SampleSource source;
  private final Map<String, Sample> labelled;
  private final ExecutorService forward;

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
      Opened opened,
      SampleSource source,
      Map<String, Sample> labelled,
      ExecutorService forward) {
    this.labels = labels;
    this.classifiers = classifiers;
    this.model = opened.model();
    this.finder = opened.finder();
    this.source = source;
    this.labelled = labelled;
    this.forward = forward;
  }

  private record Opened(TrainedModel model, Nearby.Finder finder) {}

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
    PredictingModel predicting =
        PredictingModel.of(spark, settings, prepareDir, modelDir, embedDir);
    TrainedModelOpener opener = predicting.opener();
    Nearby nearby = TrainingFeatures.of(spark, opener, settings, prepareDir);
    Map<String, Sample> labelled = labelled(spark, prepareDir, nearby.ids());
    ComputeDevice device =
        TaskDevice.onDriver(spark.sparkContext(), settings.train().device(), "train.device");
    ExecutorService forward =
        Executors.newSingleThreadExecutor(
            work -> {
              Thread thread = new Thread(work, "forward");
              thread.setDaemon(true);
              return thread;
            });
    Opened opened =
        in(
            forward,
            () -> {
              TrainedModel model = opener.load(device, Runtime.getRuntime().availableProcessors());
              return new Opened(model, nearby.open());
            });
    return new LiveClassifier(
        predicting.labels(),
        predicting.classifiers(),
        opened,
        new SampleSource(hadoop, opened.model().modality()),
        labelled,
        forward);
  }

  private static <T> T in(ExecutorService thread, Callable<T> work) {
    try {
      return thread.submit(work).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, Sample> labelled(
      SparkSession spark, String prepareDir, List<String> ids) {
    Map<String, Sample> samples = new HashMap<>();
    for (Row row :
        SampleTable.read(spark, prepareDir)
            .where(col("id").isin(ids.toArray()))
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
    Seen seen =
        in(
            forward,
            () -> {
              OpenModel.Scores scores =
                  TrainedModelOpener.score(model, new float[][] {views}).get(0);
              if (!scores.areFinite()) {
                throw LsgException.input("what the model says of this sample is no finite number");
              }
              return new Seen(scores, finder.of(List.of(scores), neighbours).get(0));
            });
    List<NearestSample> nearest = seen.nearest();
    TopKPrediction said =
        TopKPrediction.of(classifiers.distribution(seen.scores()).probabilities());
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

  private record Seen(OpenModel.Scores scores, List<NearestSample> nearest) {}

  /** The file of a labelled training sample; empty if there is none of this id. */
  public Optional<byte[]> sample(String id) {
    return Optional.ofNullable(labelled.get(id)).map(source::read);
  }

  @Override
  public void close() {
    try {
      in(
          forward,
          () -> {
            finder.close();
            model.close();
            return null;
          });
    } finally {
      forward.shutdown();
      source.close();
    }
  }
}
