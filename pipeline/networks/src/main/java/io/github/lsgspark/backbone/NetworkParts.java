package io.github.lsgspark.backbone;

import io.github.lsgspark.backbone.Backbone.Layer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a network consists of, as writing it down shows.
 *
 * @param linears names of its linear layers, without {@code .weight}, in forward order
 * @param blocks layers with a matrix, in forward order, but neither the stem nor the top
 * @param segmented whether it has parts that can be computed again by themselves
 */
public record NetworkParts(List<String> linears, List<Layer> blocks, boolean segmented) {
  private static final Set<String> ENDS = Set.of("stem", "top");

  /** Those of a network. */
  public static NetworkParts of(Backbone network) {
    ScriptLayers script = new ScriptLayers();
    String unused = network.features(script, ScriptLayers.IMAGES);
    Map<String, long[]> shapes = network.parameterShapes();
    List<Layer> blocks = new ArrayList<>();
    for (Layer layer : network.layers()) {
      boolean matrix =
          shapes.entrySet().stream()
              .anyMatch(one -> layer.owns(one.getKey()) && one.getValue().length > 1);
      if (matrix && ENDS.stream().noneMatch(layer::isNamed)) {
        blocks.add(layer);
      }
    }
    List<String> linears =
        script.text().linears().stream()
            .filter(name -> shapes.containsKey(name + ".weight"))
            .toList();
    return new NetworkParts(linears, blocks, script.text().segments() > 0);
  }
}
