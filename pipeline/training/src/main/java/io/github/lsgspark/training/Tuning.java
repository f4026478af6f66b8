package io.github.lsgspark.training;

import io.github.lsgspark.backbone.Backbone;
import io.github.lsgspark.backbone.Backbone.Layer;
import io.github.lsgspark.backbone.Backbones;
import io.github.lsgspark.backbone.LayerOutput;
import io.github.lsgspark.backbone.NetworkParts;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.config.TuningSettings;
import java.util.ArrayList;
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
    return of(train, network, List.of());
  }

  /**
   * The same of a training whose classifier sees some layers alone.
   *
   * @param seen names or aliases of the layers whose outputs it sees; empty: the network's own
   *     features
   * @throws LsgException exit 2 also where last-blocks means a block that comes after all of these,
   *     so that the classifier would see nothing of it
   */
  public static Tuning of(TrainSettings train, Backbone network, List<String> seen) {
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
        requireSeen(tuning.blocks(), parts, network, seen);
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

  /** The last blocks must be such that what the classifier sees depends on them. */
  private static void requireSeen(
      int blocks, NetworkParts parts, Backbone network, List<String> seen) {
    if (seen.isEmpty() || seen.contains(LayerOutput.FEATURES)) {
      return;
    }
    List<Layer> layers = network.layers();
    int last = -1;
    for (int i = 0; i < layers.size(); i++) {
      last = seen.stream().anyMatch(layers.get(i)::isNamed) ? i : last;
    }
    int count = parts.blocks().size();
    List<String> tuned =
        parts.blocks().subList(count - blocks, count).stream().map(Layer::name).toList();
    List<String> before = new ArrayList<>();
    List<String> vain = new ArrayList<>();
    for (Layer block : parts.blocks()) {
      (layers.indexOf(block) <= last ? before : vain).add(block.name());
    }
    vain.retainAll(tuned);
    if (!vain.isEmpty()) {
      throw LsgException.usage(
          "train.tuning.method = last-blocks with train.tuning.blocks = %d means %s, but the head"
                  .formatted(blocks, String.join(", ", tuned))
              + " that the training starts from sees nothing of %s: its features end with %s (head.layers, features.layers)."
                  .formatted(String.join(", ", vain), layers.get(last).name())
              + " Blocks that count are %s; name later layers there, or set train.tuning.method ="
                  .formatted(String.join(", ", before))
              + " all, lora or bias, or train.start = random");
    }
  }
}
