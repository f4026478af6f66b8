package io.github.lsgspark.training;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.lsgspark.backbone.Backbone;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.image.ImageModality;
import io.github.lsgspark.dataset.image.PixelScale;
import io.github.lsgspark.dataset.modality.Modality;
import io.github.lsgspark.dataset.video.VideoModality;
import io.github.lsgspark.onnx.OnnxLayers;
import io.github.lsgspark.onnx.OnnxValue;
import io.github.lsgspark.storage.HadoopFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * A trained model as one ONNX file: what it sees [n, ...] to features [n, d] and logits [n, C].
 * Images and videos go in as red, green and blue from 0 to 1, and are scaled inside; sounds go in
 * as the views of model.json.
 */
public final class OnnxFile {
  /** How far answers may be apart: absolutely, or as part of the largest logit. */
  public static final double TOLERANCE = 1e-4;

  private static final String LOGITS = "logits";
  private static final String FEATURES = "features";
  private static final double WHITE = 255;

  private OnnxFile() {}

  /**
   * Writes the file.
   *
   * @param modelDir output of the stage that made the model
   * @param file where it is written; replaced if it is there
   * @throws LsgException exit 3 if the network cannot be written as ONNX, which names why
   */
  public static void write(HadoopFiles files, String modelDir, Modality modality, String file) {
    ModelFiles model = new ModelFiles(files, modelDir);
    ModelDescription description = model.description();
    OnnxLayers layers = new OnnxLayers(model.read(ModelFiles.LAST));
    try (Backbone backbone = description.network(model.module())) {
      OnnxValue views = OnnxLayers.views(modality.shape());
      OnnxValue seen =
          pixels(modality)
              .map(scale -> layers.scaled(views, means(scale), factors(scale), scale.blueFirst()))
              .orElse(views);
      OnnxValue features = backbone.features(layers, seen);
      if (description.featureScale() != 1) {
        features = layers.scale(features, description.featureScale());
      }
      Map<String, OnnxValue> results = new LinkedHashMap<>();
      results.put(LOGITS, layers.linear(features, Network.CLASSIFIER));
      results.put(FEATURES, features);
      Map<String, Long> widths =
          Map.of(
              LOGITS, (long) description.classes(), FEATURES, (long) backbone.featureDimension());
      try (OutputStream out = files.create(file)) {
        layers.write(out, modality.shape(), results, widths, Map.of());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": " + e.getMessage(), e);
    }
  }

  private static Optional<PixelScale> pixels(Modality modality) {
    if (modality instanceof ImageModality images) {
      return Optional.of(images.pixels());
    }
    return modality instanceof VideoModality videos
        ? Optional.of(videos.pixels())
        : Optional.empty();
  }

  /** What is taken from values 0 to 1. */
  private static float[] means(PixelScale scale) {
    float[] means = new float[3];
    for (int colour = 0; colour < means.length; colour++) {
      means[colour] = (float) (scale.mean()[colour] / WHITE);
    }
    return means;
  }

  /** What the rest is multiplied by. */
  private static float[] factors(PixelScale scale) {
    float[] factors = new float[3];
    for (int colour = 0; colour < factors.length; colour++) {
      factors[colour] = (float) (scale.scale()[colour] * WHITE);
    }
    return factors;
  }

  /** A view as it goes into the file, of one as the network sees it. */
  private static float[] unscaled(float[] view, Modality modality) {
    Optional<PixelScale> pixels = pixels(modality);
    if (pixels.isEmpty()) {
      return view;
    }
    PixelScale scale = pixels.get();
    float[] means = means(scale);
    float[] factors = factors(scale);
    int plane = view.length / 3;
    float[] values = new float[view.length];
    for (int colour = 0; colour < 3; colour++) {
      int from = (scale.blueFirst() ? 2 - colour : colour) * plane;
      for (int i = 0; i < plane; i++) {
        values[colour * plane + i] = view[from + i] / factors[colour] + means[colour];
      }
    }
    return values;
  }

  /**
   * Holds the file's answers, by ONNX Runtime on the CPU, against the model's own.
   *
   * @param file on this machine
   * @param samples the views of each, as {@link TrainedModel#views} has them
   * @return the largest difference of two logits
   * @throws IllegalStateException if it is above {@link #TOLERANCE}
   * @throws LsgException exit 4 if ONNX Runtime cannot be loaded
   */
  public static double check(Path file, TrainedModel model, List<float[]> samples) {
    double difference = 0;
    double largest = 1;
    try (OrtSession session = OrtEnvironment.getEnvironment().createSession(file.toString())) {
      for (float[] sample : samples) {
        int length = model.modality().length();
        for (int from = 0; from < sample.length; from += length) {
          float[] view = Arrays.copyOfRange(sample, from, from + length);
          float[] own = model.scoreViews(new float[][] {view}).logits()[0];
          float[] other = logits(session, unscaled(view, model.modality()), model.modality());
          for (int c = 0; c < own.length; c++) {
            difference = Math.max(difference, Math.abs((double) own[c] - other[c]));
            largest = Math.max(largest, Math.abs(own[c]));
          }
        }
      }
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      throw LsgException.environment("ONNX Runtime cannot be loaded: " + e.getMessage(), e);
    } catch (OrtException e) {
      throw new IllegalStateException(file + " cannot be read again: " + e.getMessage(), e);
    }
    // Not greater-than: the difference may be no number.
    if (!(difference <= TOLERANCE * largest)) {
      throw new IllegalStateException(
          file + " differs from the network by " + difference + " in logits up to " + largest);
    }
    return difference;
  }

  private static float[] logits(OrtSession session, float[] view, Modality modality)
      throws OrtException {
    long[] shape = LongStream.concat(LongStream.of(1), Arrays.stream(modality.shape())).toArray();
    try (OnnxTensor input =
            OnnxTensor.createTensor(
                OrtEnvironment.getEnvironment(), FloatBuffer.wrap(view), shape);
        OrtSession.Result result = session.run(Map.of(OnnxLayers.VIEWS, input))) {
      return ((float[][]) result.get(LOGITS).orElseThrow().getValue())[0];
    }
  }
}
