package io.github.lsgspark.training;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.backbone.BatchNormalization;
import io.github.lsgspark.config.PrepareSettings;
import io.github.lsgspark.dataset.modality.Decoded;
import io.github.lsgspark.dataset.modality.Modality;
import io.github.lsgspark.dataset.modality.ViewKind;
import io.github.lsgspark.gcn.GcnConstants;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.torch.Autograd;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.ModeGuard;
import io.github.lsgspark.torch.NeuralOps;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.RowOps;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;

/** A trained network, ready to score samples in one thread. */
public final class TrainedModel implements AutoCloseable {
  /** The weights after the last step. */
  public static final String LAST = ModelFiles.LAST;

  /** The weights that did best on the validation split; absent without one. */
  public static final String VALIDATION_PICKED = ModelFiles.VALIDATION_PICKED;

  private static final double EPSILON = GcnConstants.EPSILON;
  private static final BatchNormalization STATISTICS = BatchNormalization.runningStatistics();

  private final ModelDescription description;
  private final Modality modality;
  private final ComputeDevice device;
  private final Network network;
  private final Tensor prototypesByColumn;

  private TrainedModel(
      ModelFiles files, String weightsFile, PrepareSettings prepare, ComputeDevice device) {
    this.description = files.description();
    this.modality = description.input().open(prepare);
    this.device = device;
    this.network = new Network(description, files.module(), true, device);
    try {
      Map<String, HostArray> weights = files.read(weightsFile);
      ModelCheck.require(network.shapes(), weights, files.path(weightsFile));
      network.load(weights);
    } catch (RuntimeException e) {
      network.close();
      throw e;
    }
    try (TensorScope scope = new TensorScope()) {
      prototypesByColumn =
          network.hasProjector() && files.exists(ModelFiles.PROTOTYPES)
              ? scope.keep(prototypes(files).t().contiguous())
              : null;
    }
  }

  private Tensor prototypes(ModelFiles files) {
    return Tensors.to(ModelCheck.prototypes(files, description).tensor(), Dtype.FLOAT32, device);
  }

  /**
   * Opens a model.
   *
   * @param trainDir output of the train stage
   * @param weightsFile {@link #LAST} or {@link #VALIDATION_PICKED}
   * @param prepare limits of what samples are opened
   */
  public static TrainedModel load(
      HadoopFiles files,
      String trainDir,
      String weightsFile,
      PrepareSettings prepare,
      ComputeDevice device) {
    return new TrainedModel(new ModelFiles(files, trainDir), weightsFile, prepare, device);
  }

  /**
   * Holds a model's files against each other, so that one that cannot be used fails before samples
   * are read.
   *
   * @throws io.github.lsgspark.config.LsgException exit 3 that names the file that is missing,
   *     damaged or of another model
   */
  public static void check(HadoopFiles files, String trainDir, String weightsFile) {
    ModelCheck.of(files, trainDir, weightsFile);
  }

  /** Whether a training picked weights on a validation split. */
  public static boolean hasValidationPicked(HadoopFiles files, String trainDir) {
    return new ModelFiles(files, trainDir).exists(VALIDATION_PICKED);
  }

  /** Whether these weights are the last step's, so that both files hold the same model. */
  public static boolean validationPickedTheLast(HadoopFiles files, String trainDir) {
    JsonNode metrics = Json.read(files, HadoopFiles.path(trainDir, ModelFiles.METRICS));
    return metrics.path("best_validation_step").asInt(-1) == metrics.path("iterations").asInt();
  }

  /** Number of classes C. */
  public int classes() {
    return description.classes();
  }

  /** Whether samples can be compared with class prototypes. */
  public boolean hasPrototypes() {
    return prototypesByColumn != null;
  }

  /** What the model sees of samples. */
  public Modality modality() {
    return modality;
  }

  /** The views of a sample that {@link #score} takes, one behind the other. */
  public float[] views(Decoded sample) {
    int length = modality.length();
    float[] views = new float[modality.evaluationViews() * length];
    for (int view = 0; view < modality.evaluationViews(); view++) {
      modality.write(
          sample,
          ViewKind.EVALUATION,
          view,
          FloatBuffer.wrap(views, view * length, length).slice());
    }
    return views;
  }

  /**
   * What the model says of a batch.
   *
   * @param logits of the classifier [B][C]
   * @param cosines of the projected feature to each class prototype [B][C]; null without prototypes
   * @param features that the classifier sees, the mean of the views [B][d]
   */
  public record Scores(float[][] logits, float[][] cosines, float[][] features) {}

  /**
   * Scores samples in one forward pass.
   *
   * @param batch the views of each sample
   */
  public Scores score(float[][] batch) {
    return score(batch, modality.evaluationViews());
  }

  /**
   * Scores views in one forward pass, each for itself.
   *
   * @param views [B] of {@link Modality#length} floats
   */
  public Scores scoreViews(float[][] views) {
    return score(views, 1);
  }

  private Scores score(float[][] batch, int each) {
    int length = each * modality.length();
    float[] all = new float[Math.multiplyExact(batch.length, length)];
    for (int i = 0; i < batch.length; i++) {
      System.arraycopy(batch[i], 0, all, i * length, length);
    }
    long[] shape = shape(batch.length * each);
    try (TensorScope scope = new TensorScope();
        ModeGuard guard = Autograd.noGrad()) {
      Tensor views = Tensors.to(Tensors.of(all, shape), Dtype.FLOAT32, device);
      Tensor features =
          RowOps.meanOfGroups(network.features(NeuralOps.channelsLast(views), STATISTICS), each);
      float[][] logits = rows(network.classify(features));
      if (prototypesByColumn == null) {
        return new Scores(logits, null, rows(features));
      }
      Tensor projected = RowOps.normalizeRows(network.project(features, STATISTICS), EPSILON);
      return new Scores(logits, rows(Ops.matmul(projected, prototypesByColumn)), rows(features));
    }
  }

  private long[] shape(int views) {
    return LongStream.concat(LongStream.of(views), Arrays.stream(modality.shape())).toArray();
  }

  private static float[][] rows(Tensor matrix) {
    float[] flat = Tensors.floats(matrix);
    int count = (int) matrix.size(0);
    int length = (int) matrix.size(1);
    float[][] rows = new float[count][];
    for (int i = 0; i < count; i++) {
      rows[i] = Arrays.copyOfRange(flat, i * length, (i + 1) * length);
    }
    return rows;
  }

  @Override
  public void close() {
    network.close();
    if (prototypesByColumn != null) {
      prototypesByColumn.close();
    }
  }
}
