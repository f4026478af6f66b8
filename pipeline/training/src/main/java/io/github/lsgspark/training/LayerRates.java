package io.github.lsgspark.training;

import io.github.lsgspark.backbone.Backbone;
import io.github.lsgspark.backbone.Backbone.Layer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Factors of the learning rate that fall from the head to the first layer (Clark et al., "ELECTRA",
 * ICLR 2020, as BEiT applies it to vision): decay^k for a layer that k layers lie behind, counting
 * itself; normalisation behind the last block, the classifier and the projector have none.
 *
 * @param factors of parameters by name; those that are not named have 1
 */
record LayerRates(Map<String, Double> factors) {
  private static final String TOP = "top";

  /** The same rate for all. */
  static LayerRates none() {
    return new LayerRates(Map.of());
  }

  /** Those of a network. */
  static LayerRates of(Backbone network, double decay) {
    if (decay == 1) {
      return none();
    }
    List<Layer> layers = network.layers().stream().filter(layer -> !layer.isNamed(TOP)).toList();
    Map<String, Double> factors = new HashMap<>();
    for (int i = 0; i < layers.size(); i++) {
      double factor = Math.pow(decay, layers.size() - i);
      Layer layer = layers.get(i);
      network.parameterShapes().keySet().stream()
          .filter(layer::owns)
          .forEach(name -> factors.put(name, factor));
    }
    return new LayerRates(factors);
  }

  /** The factor of a parameter of the backbone, or of an adapter in it. */
  double of(String name) {
    return factors.getOrDefault(Adapters.adapted(name), 1.0);
  }
}
