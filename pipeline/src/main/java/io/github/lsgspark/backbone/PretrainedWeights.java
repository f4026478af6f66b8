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
 * @param tensors parameters and buffers; all of them unless partial weights were asked for
 * @param normalization how the network's pixels were scaled in its training
 * @param variant {@link #KERAS}, or empty for the public layout
 * @param leftOut tensors of the file, by its names, that fit nowhere; classifiers are not counted
 * @param unfilled tensors of the network that the file has nothing for
 */
public record PretrainedWeights(
    Map<String, HostArray> tensors,
    TrainSettings.Normalization normalization,
    String variant,
    List<String> leftOut,
    List<String> unfilled) {

  /** SqueezeNet weights trained in Keras. */
  public static final String KERAS = "keras";

  private static final String VARIANT_KEY = "lsg.variant";
  private static final String NORMALIZATION_KEY = "lsg.normalization";

  private static final Logger LOG = LoggerFactory.getLogger(PretrainedWeights.class);

  /**
   * Classifiers of published files, and our own heads, as the task at hand has its own; and PANNs'
   * front end, which is configuration here.
   */
  private static final List<String> HEADS =
      List.of(
          "fc.",
          "head.",
          "linear.",
          "classifier.",
          "projector.",
          "fc_audioset.",
          "spectrogram_extractor.",
          "logmel_extractor.");

  /**
   * What a file of trained weights has to say of itself, so that it can be the start of another
   * training: names alone no longer tell which pixels and pooling windows its network saw.
   */
  public static Map<String, String> metadata(
      TrainSettings.Normalization normalization, String variant) {
    return Map.of(VARIANT_KEY, variant, NORMALIZATION_KEY, normalization.name());
  }

  /**
   * Reads a file for the network of {@code train}. A TorchScript module brings its weights itself:
   * for it nothing is read.
   *
   * @param input shape of a view
   * @param content of the file
   * @param source what to call the file in errors
   * @throws LsgException exit 3 that names a missing, extra or misshapen tensor, unless {@code
   *     train.partial-weights} allows it
   */
  public static PretrainedWeights read(
      TrainSettings train, long[] input, byte[] content, String source) {
    if (train.backbone() == TrainSettings.Backbone.TORCHSCRIPT) {
      return new PretrainedWeights(
          Map.of(), TrainSettings.Normalization.IMAGENET, "", List.of(), List.of());
    }
    Map<String, HostArray> file = Safetensors.read(content, source);
    Map<String, String> metadata = Safetensors.metadata(content, source);
    boolean keras =
        train.backbone() == TrainSettings.Backbone.SQUEEZENET1_1
            && (SqueezeNet.isKeras(file.keySet()) || KERAS.equals(metadata.get(VARIANT_KEY)));
    String variant = keras ? KERAS : "";
    Backbone backbone = Backbones.of(train.backbone(), variant, input);
    UnaryOperator<String> translator = backbone.translator(file.keySet());
    Map<String, long[]> expected = new LinkedHashMap<>(backbone.parameterShapes());
    expected.putAll(backbone.bufferShapes());
    Map<String, HostArray> tensors = new LinkedHashMap<>();
    List<String> heads = new ArrayList<>();
    List<String> leftOut = new ArrayList<>();
    for (Map.Entry<String, HostArray> entry : file.entrySet()) {
      String own = translator.apply(entry.getKey());
      String problem = null;
      if (expected.containsKey(own)) {
        HostArray array = backbone.fitted(own, entry.getValue());
        if (array != entry.getValue()) {
          LOG.info("{}: {} was resampled for views of {}", source, own, Arrays.toString(input));
        }
        problem = misfit(array, expected.get(own));
        if (problem == null) {
          tensors.put(own, array);
        }
      } else if (HEADS.stream().anyMatch(own::startsWith)) {
        heads.add(entry.getKey());
      } else if (!own.endsWith("num_batches_tracked")) {
        problem = "is not part of this backbone";
      }
      if (problem != null) {
        require(train.partialWeights(), source, entry.getKey(), problem);
        leftOut.add(entry.getKey());
      }
    }
    List<String> unfilled =
        expected.keySet().stream().filter(name -> !tensors.containsKey(name)).toList();
    if (!unfilled.isEmpty()) {
      require(train.partialWeights(), source, unfilled.get(0), "is missing");
    }
    report(source, heads, leftOut, unfilled);
    return new PretrainedWeights(
        tensors,
        normalization(train.backbone(), metadata, keras, source),
        variant,
        List.copyOf(leftOut),
        unfilled);
  }

  private static void require(boolean partial, String source, String tensor, String problem) {
    if (!partial) {
      throw LsgException.input(
          source
              + ": tensor "
              + tensor
              + " "
              + problem
              + " (train.partial-weights = true takes what fits)");
    }
  }

  private static void report(
      String source, List<String> heads, List<String> leftOut, List<String> unfilled) {
    if (!heads.isEmpty()) {
      LOG.info("{}: not taken over, as the classes differ: {}", source, heads);
    }
    if (!leftOut.isEmpty()) {
      LOG.warn("{}: left out, as nothing here fits them: {}", source, leftOut);
    }
    if (!unfilled.isEmpty()) {
      LOG.warn("{}: does not fill these, which keep their random start: {}", source, unfilled);
    }
  }

  private static TrainSettings.Normalization normalization(
      TrainSettings.Backbone name, Map<String, String> metadata, boolean keras, String source) {
    String written = metadata.get(NORMALIZATION_KEY);
    for (TrainSettings.Normalization candidate : TrainSettings.Normalization.values()) {
      if (candidate.name().equals(written)) {
        return candidate;
      }
    }
    if (written != null) {
      throw LsgException.input(source + ": unknown " + NORMALIZATION_KEY + " '" + written + "'");
    }
    if (name.isForVideos()) {
      return TrainSettings.Normalization.KINETICS;
    }
    if (name.isVisionTransformer()) {
      return TrainSettings.Normalization.INCEPTION;
    }
    return keras ? TrainSettings.Normalization.CAFFE_BGR : TrainSettings.Normalization.IMAGENET;
  }

  private static String misfit(HostArray array, long[] expected) {
    return Arrays.equals(array.shape(), expected)
        ? null
        : "has shape "
            + Arrays.toString(array.shape())
            + ", but "
            + Arrays.toString(expected)
            + " is needed";
  }
}
