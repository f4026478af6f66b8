package io.github.lsgspark.embedding.transformer;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.torch.CountedNames;
import io.github.lsgspark.torch.NamePrefixes;
import io.github.lsgspark.torch.Safetensors;
import io.github.lsgspark.torch.SoundWeights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names of published files, and whether what they name is what config.json says. */
final class TensorNames {
  private TensorNames() {}

  /**
   * The tensors under this program's names: without the prefix of a wrapper, without that of the
   * task, and with BERT's first names of gain and bias, gamma and beta, as weight and bias.
   *
   * @param prefix of a wrapper that was taken off; empty: none
   */
  record Named<T>(String prefix, Map<String, T> tensors) {}

  /**
   * Of the known prefixes takes off those without which the most is found.
   *
   * @param expected names that the architecture asks for
   */
  static <T> Named<T> of(
      Map<String, T> file, TransformerConfig.Family family, Set<String> expected) {
    return NamePrefixes.candidates(file).stream()
        .map(candidate -> new Named<>(candidate.prefix(), published(candidate.arrays(), family)))
        .min(Comparator.comparing(named -> missing(named.tensors(), expected).size()))
        .orElseThrow();
  }

  private static <T> Map<String, T> published(
      Map<String, T> tensors, TransformerConfig.Family family) {
    Map<String, T> named = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) -> {
          String own =
              Architectures.prefixes(family).stream()
                  .filter(name::startsWith)
                  .findFirst()
                  .map(prefix -> name.substring(prefix.length()))
                  .orElse(name);
          own = own.replaceFirst("\\.gamma$", ".weight").replaceFirst("\\.beta$", ".bias");
          named.put(own, tensor);
        });
    return named;
  }

  private static List<String> missing(Map<String, ?> tensors, Set<String> expected) {
    return expected.stream().filter(name -> !tensors.containsKey(name)).toList();
  }

  /**
   * Holds the headers of weight files against config.json.
   *
   * @param source of the weights, for errors
   * @throws LsgException exit 3 that counts and names what is missing, of another shape or type
   */
  static void check(
      Named<Safetensors.Entry> file,
      TransformerConfig config,
      Map<String, long[]> expected,
      String source) {
    if (missing(file.tensors(), expected.keySet()).size() == expected.size()) {
      OtherHalf.refuse(file.tensors().keySet(), source);
    }
    requireLayers(file.tensors().keySet(), config, source);
    List<String> missing = missing(file.tensors(), expected.keySet());
    List<String> misshapen = new ArrayList<>();
    expected.forEach(
        (name, shape) -> {
          Safetensors.Entry entry = file.tensors().get(name);
          if (entry != null && !agree(entry.shape(), shape)) {
            misshapen.add(
                name
                    + " has shape "
                    + Arrays.toString(entry.shape())
                    + ", but config.json asks for "
                    + Arrays.toString(shape).replace("-1", "any"));
          }
        });
    if (!missing.isEmpty() || !misshapen.isEmpty()) {
      throw LsgException.input(
          source
              + ": do not fit config.json ("
              + config.family().label()
              + "): "
              + (expected.size() - missing.size() - misshapen.size())
              + " of "
              + expected.size()
              + " tensors fit"
              + CountedNames.part("missing", missing)
              + CountedNames.part("of another shape", misshapen));
    }
    expected
        .keySet()
        .forEach(name -> SoundWeights.requireFloat(name, file.tensors().get(name).dtype(), source));
  }

  private static boolean agree(long[] actual, long[] expected) {
    if (actual.length != expected.length) {
      return false;
    }
    for (int i = 0; i < actual.length; i++) {
      boolean any = expected[i] == LayerSource.ANY && actual[i] > 0;
      if (!any && actual[i] != expected[i]) {
        return false;
      }
    }
    return true;
  }

  private static void requireLayers(Set<String> names, TransformerConfig config, String source) {
    Pattern layer =
        Pattern.compile(Pattern.quote(Architectures.layers(config.family())) + "(\\d{1,6})\\..*");
    int held =
        names.stream()
            .map(layer::matcher)
            .filter(Matcher::matches)
            .mapToInt(matcher -> 1 + Integer.parseInt(matcher.group(1)))
            .max()
            .orElse(0);
    if (held != config.layers() && held > 0) {
      throw LsgException.input(
          source
              + ": hold "
              + held
              + " layers, but config.json says "
              + config.layers()
              + "; the two are not of the same model");
    }
  }
}
