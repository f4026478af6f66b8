package io.github.lsgspark.tower;

import io.github.lsgspark.backbone.PretrainedWeights;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.torch.CountedNames;
import io.github.lsgspark.torch.Safetensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a directory holds of a network: every tensor that is taken, left, missing, of another shape
 * or unknown. Only headers are read.
 *
 * @param lines for people
 * @param isWhole whether the network is all there, and nothing is unknown
 */
public record TowerReport(List<String> lines, boolean isWhole) {

  /**
   * Looks at a directory.
   *
   * @throws LsgException exit 3 if no network can be made of it
   */
  public static TowerReport of(TowerDirectory directory) {
    TowerConfig config = directory.config();
    TowerFamily family = directory.family();
    List<String> lines = new ArrayList<>();
    try (Tower network = directory.network()) {
      Map<String, long[]> wanted = new TreeMap<>(network.parameterShapes());
      wanted.putAll(network.bufferShapes());
      long parameters =
          network.parameterShapes().values().stream()
              .mapToLong(shape -> Arrays.stream(shape).reduce(1, (a, b) -> a * b))
              .sum();
      List<String> left = new ArrayList<>();
      List<String> unknown = new ArrayList<>();
      List<String> misshapen = new ArrayList<>();
      int taken = 0;
      Map<String, Safetensors.Entry> found = directory.outline().entries();
      for (Map.Entry<String, Safetensors.Entry> tensor : found.entrySet()) {
        String name = tensor.getKey();
        long[] shape = wanted.remove(name);
        if (shape == null) {
          boolean known = network.leavesOut(name) || PretrainedWeights.isHead(name);
          (known ? left : unknown).add(name);
        } else if (Arrays.equals(shape, tensor.getValue().shape())) {
          taken++;
        } else {
          misshapen.add(
              "%s is %s, not %s"
                  .formatted(
                      name, Arrays.toString(tensor.getValue().shape()), Arrays.toString(shape)));
        }
      }
      if (taken == 0) {
        PretrainedWeights.refuseText(found.keySet(), directory.path());
      }
      lines.add(line("family", family.name() + ": " + family.help()));
      lines.add(
          line(
              "network",
              String.format(
                  Locale.ROOT,
                  "%s, made for %s, %,d parameters, features of %,d numbers",
                  config.network(),
                  directory.views(),
                  parameters,
                  network.featureDimension())));
      lines.add(
          line(
              "layers",
              String.join(", ", network.layers().stream().map(layer -> layer.name()).toList())));
      lines.add(line("features", String.join(", ", network.featureLayers())));
      Preparation preparation = directory.preparation();
      String what = directory.clips().isPresent() ? "frames" : preparation.what();
      lines.add(line(what, preparation.toString()));
      lines.add(line("taken", taken + " tensors"));
      lines.add(named("left", "no part of the network", left));
      lines.add(named("missing", "not in the files", CountedNames.shaped(wanted)));
      lines.add(named("misshapen", "of another shape", misshapen));
      lines.add(named("unknown", "of no known meaning", unknown));
      return new TowerReport(lines, wanted.isEmpty() && misshapen.isEmpty() && unknown.isEmpty());
    }
  }

  private static String named(String what, String meaning, List<String> names) {
    return line(
        what,
        names.isEmpty() ? "0" : names.size() + ", " + meaning + ": " + String.join(", ", names));
  }

  private static String line(String what, String value) {
    return String.format(Locale.ROOT, "%-10s %s", what, value);
  }
}
