package io.github.lsgspark.training;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.modality.Modality;
import io.github.lsgspark.onnx.OnnxLayers;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Holds what ONNX Runtime says by a file of {@link OnnxFile} on the CPU against what the model
 * says, sample by sample. Views go in together with the one before, as batches do. For one thread.
 */
public final class OnnxCheck implements AutoCloseable {
  private final String name;
  private final TrainedModel model;
  private final OrtSession session;
  private float[] before;
  private int samples;
  private double difference;

  /**
   * Opens the file.
   *
   * @param file on this machine
   * @param name what to call it in errors
   * @throws LsgException exit 1 if ONNX Runtime cannot read it, exit 4 if that cannot be loaded
   */
  public OnnxCheck(Path file, String name, TrainedModel model) {
    this.name = name;
    this.model = model;
    try {
      this.session = OrtEnvironment.getEnvironment().createSession(file.toString());
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      throw LsgException.environment("ONNX Runtime cannot be loaded: " + e.getMessage(), e);
    } catch (OrtException e) {
      throw LsgException.failed(name + " cannot be read by ONNX Runtime: " + e.getMessage());
    }
  }

  /**
   * Asks both about a sample.
   *
   * @param views as {@link TrainedModel#views} has them
   * @throws LsgException exit 1 if logits or features differ by more than {@link
   *     OnnxFile#TOLERANCE}, or by more than that part of the largest
   */
  public void sample(float[] views) {
    int length = model.modality().length();
    for (int from = 0; from < views.length; from += length) {
      float[] view = Arrays.copyOfRange(views, from, from + length);
      float[] first = before == null ? view : before;
      TrainedModel.Scores own = model.scoreViews(new float[][] {first, view});
      compare(own, first, view);
      before = view;
    }
    samples++;
  }

  private void compare(TrainedModel.Scores own, float[] first, float[] second) {
    Modality modality = model.modality();
    float[] both = Arrays.copyOf(OnnxFile.unscaled(first, modality), 2 * first.length);
    System.arraycopy(OnnxFile.unscaled(second, modality), 0, both, first.length, second.length);
    long[] shape = LongStream.concat(LongStream.of(2), Arrays.stream(modality.shape())).toArray();
    try (OnnxTensor input =
            OnnxTensor.createTensor(
                OrtEnvironment.getEnvironment(), FloatBuffer.wrap(both), shape);
        OrtSession.Result result = session.run(Map.of(OnnxLayers.VIEWS, input))) {
      difference = Math.max(difference, compare(result, OnnxFile.LOGITS, own.logits()));
      double unused = compare(result, OnnxFile.FEATURES, own.features());
    } catch (OrtException e) {
      throw LsgException.failed(name + " fails in ONNX Runtime: " + e.getMessage());
    }
  }

  private double compare(OrtSession.Result result, String output, float[][] own)
      throws OrtException {
    float[][] other = (float[][]) result.get(output).orElseThrow().getValue();
    double apart = 0;
    double largest = 1;
    for (int row = 0; row < own.length; row++) {
      for (int i = 0; i < own[row].length; i++) {
        apart = Math.max(apart, Math.abs((double) own[row][i] - other[row][i]));
        largest = Math.max(largest, Math.abs(own[row][i]));
      }
    }
    // Not greater-than: the difference may be no number.
    if (!(apart <= OnnxFile.TOLERANCE * largest)) {
      throw LsgException.failed(
          name + ": " + output + " differ from the network's by " + apart + ", up to " + largest);
    }
    return apart;
  }

  /** How many samples both were asked about. */
  public int samples() {
    return samples;
  }

  /** The largest difference of two logits. */
  public double difference() {
    return difference;
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException(name + ": " + e.getMessage(), e);
    }
  }
}
