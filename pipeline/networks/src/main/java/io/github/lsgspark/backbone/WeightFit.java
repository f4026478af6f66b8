package io.github.lsgspark.backbone;

import io.github.lsgspark.torch.CountedNames;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.NamePrefixes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What a file of weights has for a network.
 *
 * @param prefix that was taken off the file's names; empty: none
 * @param taken tensors that fit, by this network's names
 * @param resampled names of those that were made to fit
 * @param heads tensors of the file that are classifiers and the like, which are left behind
 * @param unexpected names of the file that are not part of the network
 * @param misshapen tensors of another shape than the network's
 * @param unfilled shapes of the network's tensors that nothing in the file fits, by name
 * @param share of the network's numbers that is filled, 0 to 1
 */
record WeightFit(
    String prefix,
    Map<String, HostArray> taken,
    List<String> resampled,
    Map<String, HostArray> heads,
    List<String> unexpected,
    List<Misfit> misshapen,
    Map<String, long[]> unfilled,
    double share) {
  /**
   * A tensor of another shape.
   *
   * @param name in the file
   * @param own in the network
   */
  private record Misfit(String name, String own, long[] shape, long[] needed) {
    @Override
    public String toString() {
      return name
          + " has shape "
          + Arrays.toString(shape)
          + ", but "
          + Arrays.toString(needed)
          + " is needed";
    }
  }

  /** Counters beside the weights: of batches in PyTorch's normalisation, of models in averages. */
  private static final List<String> COUNTERS = List.of("num_batches_tracked", "n_averaged");

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
          "transform.",
          "projector.",
          "fc_audioset.",
          "spectrogram_extractor.",
          "logmel_extractor.");

  static boolean isHead(String name) {
    return HEADS.stream().anyMatch(name::startsWith);
  }

  /** The fit without those of the known prefixes that leave the least over. */
  static WeightFit best(Backbone backbone, Map<String, HostArray> file) {
    return NamePrefixes.candidates(file).stream()
        .map(candidate -> of(backbone, candidate.prefix(), candidate.arrays()))
        .sorted(
            Comparator.<WeightFit, Boolean>comparing(fit -> !fit.isWhole())
                .thenComparing(fit -> -fit.share()))
        .findFirst()
        .orElseThrow();
  }

  private static WeightFit of(Backbone backbone, String prefix, Map<String, HostArray> file) {
    UnaryOperator<String> translator = backbone.translator(file.keySet());
    Map<String, long[]> expected = new LinkedHashMap<>(backbone.parameterShapes());
    expected.putAll(backbone.bufferShapes());
    Map<String, HostArray> taken = new LinkedHashMap<>();
    List<String> resampled = new ArrayList<>();
    Map<String, HostArray> heads = new LinkedHashMap<>();
    List<String> unexpected = new ArrayList<>();
    List<Misfit> misshapen = new ArrayList<>();
    file.forEach(
        (name, array) -> {
          String own = translator.apply(name);
          if (expected.containsKey(own)) {
            HostArray fitted = backbone.fitted(own, array);
            if (fitted != array) {
              resampled.add(own);
            }
            if (Arrays.equals(fitted.shape(), expected.get(own))) {
              taken.put(own, fitted);
            } else {
              misshapen.add(new Misfit(name, own, fitted.shape(), expected.get(own)));
            }
          } else if (backbone.leavesOut(own) || isHead(own)) {
            heads.put(name, array);
          } else if (COUNTERS.stream().noneMatch(own::endsWith)) {
            unexpected.add(name);
          }
        });
    expected.keySet().removeAll(taken.keySet());
    return new WeightFit(
        prefix, taken, resampled, heads, unexpected, misshapen, expected, share(backbone, taken));
  }

  private static double share(Backbone backbone, Map<String, HostArray> taken) {
    double all = 0;
    double filled = 0;
    for (Map.Entry<String, long[]> parameter : backbone.parameterShapes().entrySet()) {
      long size = Arrays.stream(parameter.getValue()).reduce(1, (a, b) -> a * b);
      all += size;
      filled += taken.containsKey(parameter.getKey()) ? size : 0;
    }
    return all == 0 ? 1 : filled / all;
  }

  /** Names of the file that fit nowhere. */
  List<String> leftOut() {
    List<String> names = new ArrayList<>(unexpected);
    misshapen.forEach(misfit -> names.add(misfit.name()));
    return List.copyOf(names);
  }

  /** Whether every tensor of the network is there, and nothing else. */
  boolean isWhole() {
    return unfilled.isEmpty() && unexpected.isEmpty() && misshapen.isEmpty();
  }

  /** Counts, and the first names of each kind. */
  String summary() {
    String parts =
        taken.size()
            + " tensors fit"
            + CountedNames.part("missing", missing())
            + CountedNames.part("not part of this network", unexpected)
            + CountedNames.part(
                "of another shape", misshapen.stream().map(Misfit::toString).toList());
    return prefix.isEmpty() ? parts : parts + "; without the prefix " + prefix;
  }

  private List<String> missing() {
    Map<String, long[]> missing = new LinkedHashMap<>(unfilled);
    misshapen.forEach(misfit -> missing.remove(misfit.own()));
    return CountedNames.shaped(missing);
  }
}
