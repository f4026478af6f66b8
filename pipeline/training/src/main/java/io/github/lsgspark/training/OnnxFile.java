package io.github.lsgspark.training;

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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A trained model as one ONNX file: what it sees [n, ...] to features [n, d] and logits [n, C].
 * Images and videos go in as red, green and blue from 0 to 1, and are scaled inside; sounds go in
 * as the views of model.json.
 */
public final class OnnxFile {
  /** How far answers may be apart: absolutely, or as part of the largest logit. */
  public static final double TOLERANCE = 1e-4;

  static final String LOGITS = "logits";
  static final String FEATURES = "features";
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
  static float[] unscaled(float[] view, Modality modality) {
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
}
