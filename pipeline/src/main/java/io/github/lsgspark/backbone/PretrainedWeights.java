package io.github.lsgspark.backbone;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Safetensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A backbone's weights from a published safetensors file, under this program's names.
 *
 * @param tensors parameters and buffers, whole
 * @param normalization how the network's pixels were scaled in its training
 * @param variant {@link #KERAS}, or empty for the public layout
 */
public record PretrainedWeights(
    Map<String, HostArray> tensors, TrainSettings.Normalization normalization, String variant) {

  /** SqueezeNet weights trained in Keras. */
  public static final String KERAS = "keras";

  private static final String VARIANT_KEY = "lsg.variant";
  private static final String NORMALIZATION_KEY = "lsg.normalization";

  private static final Logger LOG = LoggerFactory.getLogger(PretrainedWeights.class);

  /** Classifiers of published files, and our own heads; the task at hand has its own. */
  private static final List<String> HEADS =
      List.of("fc.", "head.", "linear.", "classifier.", "projector.");

  /**
   * What a file of trained weights has to say of itself, so that it can be the start of another
   * training: names alone no longer tell which pixels and pooling windows its network saw.
   */
  public static Map<String, String> metadata(
      TrainSettings.Normalization normalization, String variant) {
    return Map.of(VARIANT_KEY, variant, NORMALIZATION_KEY, normalization.name());
  }

  /**
   * Reads a file for a network.
   *
   * @param source what to call the file in errors
   * @throws LsgException exit 3 that names a missing, extra or misshapen tensor
   */
  public static PretrainedWeights read(TrainSettings.Backbone name, byte[] content, String source) {
    Map<String, HostArray> file = Safetensors.read(content, source);
    Map<String, String> metadata = Safetensors.metadata(content, source);
    boolean keras =
        name == TrainSettings.Backbone.SQUEEZENET1_1
            && (SqueezeNet.isKeras(file.keySet()) || KERAS.equals(metadata.get(VARIANT_KEY)));
    Backbone backbone = Backbones.of(name, keras ? KERAS : "");
    UnaryOperator<String> translator = backbone.translator(file.keySet());
    Map<String, long[]> expected = new LinkedHashMap<>(backbone.parameterShapes());
    expected.putAll(backbone.bufferShapes());
    Map<String, HostArray> tensors = new LinkedHashMap<>();
    List<String> dropped = new ArrayList<>();
    for (Map.Entry<String, HostArray> entry : file.entrySet()) {
      String own = translator.apply(entry.getKey());
      if (expected.containsKey(own)) {
        requireShape(entry, expected.get(own), source);
        tensors.put(own, entry.getValue());
      } else if (HEADS.stream().anyMatch(own::startsWith)) {
        dropped.add(entry.getKey());
      } else if (!own.endsWith("num_batches_tracked")) {
        throw LsgException.input(
            source + ": tensor " + entry.getKey() + " is not part of this backbone");
      }
    }
    for (String needed : expected.keySet()) {
      if (!tensors.containsKey(needed)) {
        throw LsgException.input(source + ": tensor " + needed + " is missing");
      }
    }
    if (!dropped.isEmpty()) {
      LOG.info("{}: not taken over, as the classes differ: {}", source, dropped);
    }
    return new PretrainedWeights(
        tensors, normalization(metadata, keras, source), keras ? KERAS : "");
  }

  private static TrainSettings.Normalization normalization(
      Map<String, String> metadata, boolean keras, String source) {
    String written = metadata.get(NORMALIZATION_KEY);
    for (TrainSettings.Normalization candidate : TrainSettings.Normalization.values()) {
      if (candidate.name().equals(written)) {
        return candidate;
      }
    }
    if (written != null) {
      throw LsgException.input(source + ": unknown " + NORMALIZATION_KEY + " '" + written + "'");
    }
    return keras ? TrainSettings.Normalization.CAFFE_BGR : TrainSettings.Normalization.IMAGENET;
  }

  private static void requireShape(
      Map.Entry<String, HostArray> entry, long[] expected, String source) {
    if (!Arrays.equals(entry.getValue().shape(), expected)) {
      throw LsgException.input(
          source
              + ": tensor "
              + entry.getKey()
              + " has shape "
              + Arrays.toString(entry.getValue().shape())
              + ", but "
              + Arrays.toString(expected)
              + " is needed");
    }
  }
}
