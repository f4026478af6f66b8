package io.github.lsgspark.head;

import io.github.lsgspark.config.HeadSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.torch.Ops;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.Tensor;

/**
 * Layers whose features a head sees, in the order of the features.
 *
 * @param slices where they stand
 */
public record LayerSet(List<Slice> slices) implements Serializable {

  /** Number of their features d. */
  public int length() {
    return slices.stream().mapToInt(Slice::length).sum();
  }

  /** The layers' names, joined by {@code +}. */
  public String label() {
    return slices.stream().map(Slice::layer).collect(Collectors.joining("+"));
  }

  /** Their columns of rows with all features: [n,D] to [n,d]. */
  Tensor of(Tensor rows) {
    Tensor[] parts =
        slices.stream()
            .map(slice -> Ops.narrow(rows, 1, slice.from(), slice.length()))
            .toArray(Tensor[]::new);
    return Ops.cat(1, parts);
  }

  /** Their columns of one row. */
  double[] of(double[] row) {
    double[] found = new double[length()];
    int at = 0;
    for (Slice slice : slices) {
      System.arraycopy(row, slice.from(), found, at, slice.length());
      at += slice.length();
    }
    return found;
  }

  /**
   * The sets that settings let a head choose from: the named one, or all layers, each run of last
   * ones, and the further sets.
   *
   * @throws LsgException exit 2 naming the key and a layer that is none
   */
  static List<LayerSet> candidates(HeadSettings settings, List<Slice> all) {
    if (!settings.choosesLayers()) {
      return List.of(named("head.layers", settings.layers(), all));
    }
    Set<LayerSet> sets = new LinkedHashSet<>();
    for (int from = 0; from < all.size(); from++) {
      sets.add(new LayerSet(List.copyOf(all.subList(from, all.size()))));
    }
    for (String set : settings.layerSets()) {
      sets.add(named("head.layer-sets", List.of(set.split("\\+")), all));
    }
    return new ArrayList<>(sets);
  }

  private static LayerSet named(String key, List<String> names, List<Slice> all) {
    List<String> known = all.stream().map(Slice::layer).toList();
    for (String name : names) {
      if (!known.contains(name.strip())) {
        throw LsgException.usage(
            key
                + ": the features have no layer "
                + name.strip()
                + "; they have "
                + String.join(", ", known));
      }
    }
    Set<String> wanted = names.stream().map(String::strip).collect(Collectors.toSet());
    return new LayerSet(all.stream().filter(slice -> wanted.contains(slice.layer())).toList());
  }
}
