package io.github.lsgspark.backbone;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.config.TransferSettings;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Safetensors;
import io.github.lsgspark.torch.SoundWeights;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A backbone's weights from a published safetensors file, under this program's names.
 *
 * @param tensors parameters and buffers; all of them unless partial weights were asked for
 * @param normalization how the network's pixels are scaled: as in its training, or as the settings
 *     say
 * @param variant {@link #KERAS}, or empty for the public layout
 * @param leftOut tensors of the file, by its names, that fit nowhere; classifiers are not counted
 * @param unfilled tensors of the network that the file has nothing for
 * @param heads classifiers and the like of the file, by its names
 * @param featureScale by what the features were multiplied that these saw
 */
public record PretrainedWeights(
    Map<String, HostArray> tensors,
    TrainSettings.Normalization normalization,
    String variant,
    List<String> leftOut,
    List<String> unfilled,
    Map<String, HostArray> heads,
    double featureScale) {

  /** SqueezeNet weights trained in Keras. */
  public static final String KERAS = "keras";

  static final String VARIANT_KEY = "lsg.variant";
  private static final String NORMALIZATION_KEY = "lsg.normalization";
  private static final String SCALE_KEY = "lsg.feature-scale";

  private static final Logger LOG = LoggerFactory.getLogger(PretrainedWeights.class);

  /** Part of a network's numbers that a file must fill for its training to start from the file. */
  private static final double LEAST_SHARE = 0.5;

  /**
   * What a file of trained weights has to say of itself, so that it can be the start of another
   * training: names alone no longer tell which pixels and pooling windows its network saw, and by
   * what its classifier's features were multiplied.
   */
  public static Map<String, String> metadata(
      TrainSettings.Normalization normalization, String variant, double featureScale) {
    return Map.of(
        VARIANT_KEY,
        variant,
        NORMALIZATION_KEY,
        normalization.name(),
        SCALE_KEY,
        Double.toString(featureScale));
  }

  /** Nothing of a file. */
  public static PretrainedWeights none() {
    return new PretrainedWeights(
        Map.of(), TrainSettings.Normalization.IMAGENET, "", List.of(), List.of(), Map.of(), 1);
  }

  /**
   * Reads a file for the network of {@code train}. A TorchScript module brings its weights itself:
   * for it nothing is read.
   *
   * @param input shape of a view
   * @param content of the file
   * @param source what to call the file in errors
   * @throws LsgException exit 3 that counts and names tensors that are missing, extra or misshapen,
   *     unless {@code train.partial-weights} allows it and half of the network is filled; exit 3
   *     for integers and for values that are not finite
   */
  public static PretrainedWeights read(
      TrainSettings train, long[] input, byte[] content, String source) {
    if (train.backbone().equals(Backbones.TORCHSCRIPT)) {
      return none();
    }
    Map<String, String> metadata = Safetensors.metadata(content, source);
    Fit found = fit(train, input, Safetensors.read(content, source), metadata, source);
    WeightFit fit = found.weights();
    SoundWeights.require(fit.taken(), source);
    report(fit, source, input);
    return new PretrainedWeights(
            fit.taken(),
            found.normalization(),
            found.variant(),
            fit.leftOut(),
            List.copyOf(fit.unfilled().keySet()),
            fit.heads(),
            scale(metadata, source))
        .seenBy(train);
  }

  /**
   * The classifier of the task that the weights were trained for.
   *
   * @param dimension numbers of the network's features
   * @param source what to call the file in errors
   * @throws LsgException exit 2 if the file has none that sees these
   */
  public SourceClassifier classifier(int dimension, String source) {
    return SourceClassifier.of(heads, dimension, featureScale, source);
  }

  /**
   * Holds a file's header against the network of {@code train}, by names, shapes and element types:
   * what {@link #read} refuses without looking at values. For a TorchScript module nothing is held.
   *
   * @param input shape of a view
   * @throws LsgException as {@link #read}; exit 2 if a training by co-tuning would find no
   *     classifier of the source task
   */
  public static void requireFit(
      TrainSettings train, long[] input, Safetensors.Outline file, String source) {
    if (train.backbone().equals(Backbones.TORCHSCRIPT)) {
      return;
    }
    Map<String, HostArray> arrays = new LinkedHashMap<>();
    file.entries()
        .forEach(
            (name, entry) -> arrays.put(name, HostArray.outline(entry.dtype(), entry.shape())));
    Fit found = fit(train, input, arrays, file.metadata(), source);
    WeightFit fit = found.weights();
    if (train.enabled() && train.transfer().uses(TransferSettings.Method.CO_TUNING)) {
      var unused =
          SourceClassifier.of(
              fit.heads(), found.dimension(), scale(file.metadata(), source), source);
    }
    fit.taken().forEach((name, array) -> SoundWeights.requireFloat(name, array.dtype(), source));
  }

  /**
   * These for a training of settings: where {@code train.normalization} says how images are
   * prepared, what the weights say of it is set aside.
   */
  private PretrainedWeights seenBy(TrainSettings train) {
    return train.normalization() == TrainSettings.Normalization.AUTO
        ? this
        : new PretrainedWeights(
            tensors,
            train.normalization(),
            Backbones.kind(train.backbone()).withoutPixels(variant),
            leftOut,
            unfilled,
            heads,
            featureScale);
  }

  /** Whether a tensor of a published file is a classifier's, or another head's. */
  public static boolean isHead(String name) {
    return WeightFit.isHead(name);
  }

  /** What a file has for the network, and what it says of itself. */
  private record Fit(
      WeightFit weights,
      TrainSettings.Normalization normalization,
      String variant,
      int dimension) {}

  private static Fit fit(
      TrainSettings train,
      long[] input,
      Map<String, HostArray> file,
      Map<String, String> metadata,
      String source) {
    BackboneKind kind = Backbones.kind(train.backbone());
    String variant = kind.variant(file.keySet(), metadata);
    if (variant.isEmpty() && kind.isOfItsWeights()) {
      throw LsgException.input(
          source
              + ": says nothing of the network that it is of; train.backbone = "
              + kind.label()
              + " takes the directory that has config.json beside the weights");
    }
    Backbone network = Backbones.of(kind.label(), variant, input);
    WeightFit fit = WeightFit.best(network, file);
    if (fit.share() == 0) {
      refuseText(file.keySet(), source);
    }
    require(train, fit, source);
    return new Fit(
        fit, normalization(kind, metadata, variant, source), variant, network.featureDimension());
  }

  /**
   * Refuses what has nothing for a network of images or sounds because it is of the texts.
   *
   * @param names tensors of the file
   * @param source what to call it
   * @throws LsgException exit 3
   */
  public static void refuseText(Set<String> names, String source) {
    if (names.stream().anyMatch(name -> name.startsWith("text_model."))) {
      throw LsgException.input(
          source
              + ": holds the text half alone, which sees no images: take the weights of the whole model,"
              + " or of its image half; embedding.model takes these");
    }
  }

  private static void require(TrainSettings train, WeightFit fit, String source) {
    String network = train.backbone();
    if (!train.partialWeights() && !fit.isWhole()) {
      throw LsgException.input(
          source
              + ": does not fit train.backbone = "
              + network
              + ": "
              + fit.summary()
              + (fit.share() < LEAST_SHARE
                  ? ""
                  : "; train.partial-weights = true takes what fits"));
    }
    if (fit.share() < LEAST_SHARE) {
      throw LsgException.input(
          String.format(
              Locale.ROOT,
              "%s: fills %.0f %% of the parameters of train.backbone = %s, and"
                  + " train.partial-weights = true takes weights that fill half or more; are they"
                  + " of another network? %s",
              source,
              Math.floor(100 * fit.share()),
              network,
              fit.summary()));
    }
  }

  private static void report(WeightFit fit, String source, long[] input) {
    if (!fit.prefix().isEmpty()) {
      LOG.info("{}: fits without the prefix {} of its names", source, fit.prefix());
    }
    for (String name : fit.resampled()) {
      LOG.info("{}: {} was resampled for views of {}", source, name, Arrays.toString(input));
    }
    Set<Dtype> others = EnumSet.noneOf(Dtype.class);
    fit.taken().values().forEach(array -> others.add(array.dtype()));
    others.remove(Dtype.FLOAT32);
    if (!others.isEmpty()) {
      LOG.info("{}: holds {} values, which become float32", source, others);
    }
    if (!fit.heads().isEmpty()) {
      LOG.info("{}: not taken over, as the classes differ: {}", source, fit.heads().keySet());
    }
    if (!fit.isWhole()) {
      LOG.warn("{}: taken in part: {}", source, fit.summary());
      LOG.warn("{}: these keep their random start: {}", source, fit.unfilled().keySet());
    }
  }

  /**
   * By what the features of the classifier in a file were multiplied; published ones say nothing.
   */
  private static double scale(Map<String, String> metadata, String source) {
    String written = metadata.getOrDefault(SCALE_KEY, "1");
    try {
      return Double.parseDouble(written);
    } catch (NumberFormatException e) {
      throw LsgException.input(source + ": " + SCALE_KEY + " '" + written + "' is no number");
    }
  }

  private static TrainSettings.Normalization normalization(
      BackboneKind kind, Map<String, String> metadata, String variant, String source) {
    String written = metadata.get(NORMALIZATION_KEY);
    for (TrainSettings.Normalization candidate : TrainSettings.Normalization.values()) {
      if (candidate.name().equals(written)) {
        return candidate;
      }
    }
    if (written != null) {
      throw LsgException.input(source + ": unknown " + NORMALIZATION_KEY + " '" + written + "'");
    }
    return kind.normalization(variant);
  }
}
