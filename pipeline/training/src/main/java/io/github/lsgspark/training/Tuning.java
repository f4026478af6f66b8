package io.github.lsgspark.training;

import io.github.lsgspark.backbone.Backbone;
import io.github.lsgspark.backbone.Backbone.Layer;
import io.github.lsgspark.backbone.Backbones;
import io.github.lsgspark.backbone.NetworkParts;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.config.TuningSettings;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What of a backbone is trained.
 *
 * @param frozen parameters that keep their values
 * @param adapters beside the linear layers; empty: none
 * @param recompute whether blocks are computed again for their gradients
 */
public record Tuning(Set<String> frozen, Optional<Adapters> adapters, boolean recompute) {

  /** Everything is trained. */
  public static Tuning all() {
    return new Tuning(Set.of(), Optional.empty(), false);
  }

  /**
   * As the settings have it.
   *
   * @throws LsgException exit 2 where the network has nothing of what they name; the message lists
   *     what it has
   */
  public static Tuning of(TrainSettings train, Backbone network) {
    TuningSettings tuning = train.tuning();
    Set<String> frozen = new LinkedHashSet<>(Backbones.frozen(network, train.freeze()));
    if (tuning.isWhole() && !tuning.recompute()) {
      return new Tuning(frozen, Optional.empty(), false);
    }
    NetworkParts parts = NetworkParts.of(network);
    if (tuning.recompute() && !parts.segmented()) {
      throw LsgException.usage(
          "train.tuning.recompute is for networks of blocks without batch normalisation, such as"
              + " vit-*, ConvNeXt and Swin, but train.backbone is: "
              + train.backbone());
    }
    Optional<Adapters> adapters = Optional.empty();
    switch (tuning.method()) {
      case ALL -> {}
      case LORA -> {
        adapters =
            Optional.of(Adapters.of(tuning.lora(), network, parts, name -> !frozen.contains(name)));
        frozen.addAll(network.parameterShapes().keySet());
      }
      case BIAS -> freezeUnless(network, frozen, Tuning::isBias);
      case LAST_BLOCKS -> {
        List<Layer> first = before(tuning.blocks(), parts, network);
        freezeUnless(network, frozen, name -> first.stream().noneMatch(layer -> layer.owns(name)));
      }
    }
    return new Tuning(frozen, adapters, tuning.recompute());
  }

  private static void freezeUnless(
      Backbone network, Set<String> frozen, Predicate<String> trained) {
    network.parameterShapes().keySet().stream().filter(trained.negate()).forEach(frozen::add);
  }

  private static boolean isBias(String name) {
    return name.endsWith("bias");
  }

  /** The layers before the last blocks. */
  private static List<Layer> before(int blocks, NetworkParts parts, Backbone network) {
    int count = parts.blocks().size();
    if (blocks > count) {
      throw LsgException.usage(
          "train.tuning.blocks = %d, but the backbone's blocks are %s"
              .formatted(blocks, parts.blocks().stream().map(Layer::name).toList()));
    }
    int first = network.layers().indexOf(parts.blocks().get(count - blocks));
    return network.layers().subList(0, first);
  }
}
