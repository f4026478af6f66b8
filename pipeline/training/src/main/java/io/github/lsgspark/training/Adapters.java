package io.github.lsgspark.training;

import io.github.lsgspark.backbone.Backbone;
import io.github.lsgspark.backbone.Backbone.Layer;
import io.github.lsgspark.backbone.NetworkParts;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Seeds;
import io.github.lsgspark.config.TuningSettings.LoraSettings;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.NeuralOps;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Predicate;
import org.bytedeco.pytorch.Tensor;

/**
 * Low-rank adaptation (Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models", ICLR 2022,
 * eq. 3): beside a linear layer W [out, in], which keeps its values, a product of two matrices A
 * [rank, in] and B [out, rank] is trained, and counts alpha/rank times. A begins uniform in
 * ±1/sqrt(in), B with zeros, so that a training begins with the network as it is.
 *
 * @param scale alpha/rank
 * @param shapes of W by the layer's name
 */
public record Adapters(int rank, double scale, Map<String, long[]> shapes) {
  private static final String ATTENTION = "attention";
  private static final String MLP = "mlp";
  private static final String PREFIX = "lora.";
  private static final String DOWN = ".a";
  private static final String UP = ".b";

  /**
   * Beside the linear layers of blocks that the settings name.
   *
   * @param adaptable whether a parameter may be adapted
   */
  static Adapters of(
      LoraSettings settings, Backbone network, NetworkParts parts, Predicate<String> adaptable) {
    List<String> inBlocks =
        parts.linears().stream()
            .filter(name -> parts.blocks().stream().anyMatch(block -> owns(block, name)))
            .toList();
    Map<String, long[]> shapes = new LinkedHashMap<>();
    for (String wanted : settings.layers()) {
      List<String> found = inBlocks.stream().filter(name -> isNamed(name, wanted)).toList();
      if (found.isEmpty() && !(isKind(wanted) && finds(settings, inBlocks))) {
        throw LsgException.usage(
            "train.tuning.lora.layers names '%s', but the backbone's linear layers in blocks are %s"
                .formatted(wanted, inBlocks.isEmpty() ? "none" : named(inBlocks)));
      }
      found.stream()
          .filter(name -> adaptable.test(weight(name)))
          .forEach(name -> shapes.put(name, network.parameterShapes().get(weight(name))));
    }
    return new Adapters(settings.rank(), settings.alpha() / settings.rank(), shapes);
  }

  private static boolean isKind(String wanted) {
    return wanted.equals(ATTENTION) || wanted.equals(MLP);
  }

  /** A network without attention has none to adapt, and is not refused for the default. */
  private static boolean finds(LoraSettings settings, List<String> names) {
    return settings.layers().stream()
        .anyMatch(wanted -> names.stream().anyMatch(name -> isNamed(name, wanted)));
  }

  private static boolean owns(Layer block, String name) {
    return block.prefixes().stream().anyMatch(prefix -> (name + ".").startsWith(prefix + "."));
  }

  private static boolean isNamed(String name, String wanted) {
    boolean attention = name.contains("attn") || name.contains(ATTENTION);
    return switch (wanted) {
      case ATTENTION -> attention;
      case MLP -> !attention;
      default -> name.equals(wanted) || name.endsWith("." + wanted);
    };
  }

  /** Names of the first block, which those of the others resemble. */
  private static String named(List<String> names) {
    int most = 12;
    return String.join(", ", names.subList(0, Math.min(most, names.size())))
        + (names.size() > most ? ", ..." : "");
  }

  private static String weight(String name) {
    return name + ".weight";
  }

  /** Whether a tensor is one of an adapter. */
  static boolean owns(String tensor) {
    return tensor.startsWith(PREFIX);
  }

  /** The tensor of the network that an adapter's changes; other names as they are. */
  static String adapted(String tensor) {
    return owns(tensor)
        ? weight(tensor.substring(PREFIX.length(), tensor.length() - UP.length()))
        : tensor;
  }

  /** Shapes of the matrices A and B by name. */
  Map<String, long[]> tensors() {
    Map<String, long[]> tensors = new LinkedHashMap<>();
    shapes.forEach(
        (name, shape) -> {
          tensors.put(PREFIX + name + DOWN, new long[] {rank, shape[1]});
          tensors.put(PREFIX + name + UP, new long[] {shape[0], rank});
        });
    return tensors;
  }

  /** What A and B begin with. */
  Map<String, HostArray> initial(long seed) {
    Map<String, HostArray> arrays = new LinkedHashMap<>();
    tensors()
        .forEach(
            (name, shape) -> {
              float[] values = new float[Math.toIntExact(shape[0] * shape[1])];
              if (name.endsWith(DOWN)) {
                SplittableRandom random = new SplittableRandom(Seeds.derive(seed, "lora", name));
                double bound = 1 / Math.sqrt(shape[1]);
                for (int i = 0; i < values.length; i++) {
                  values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
                }
              }
              arrays.put(name, HostArray.of(values, shape));
            });
    return arrays;
  }

  /**
   * A linear layer's output with what its adapter adds.
   *
   * @param plain the output without it
   * @param tensors A and B by name
   */
  Tensor added(Tensor plain, Tensor x, String name, Function<String, Tensor> tensors) {
    if (!shapes.containsKey(name)) {
      return plain;
    }
    Tensor narrow = NeuralOps.linear(x, tensors.apply(PREFIX + name + DOWN));
    return NeuralOps.plusLinear(plain, narrow, tensors.apply(PREFIX + name + UP), scale);
  }

  /** Puts W + alpha/rank · B A into the places of W, and takes A and B out. */
  void merge(Map<String, HostArray> arrays) {
    List<String> names = new ArrayList<>(shapes.keySet());
    for (String name : names) {
      try (TensorScope scope = new TensorScope()) {
        Tensor down = arrays.remove(PREFIX + name + DOWN).tensor();
        Tensor up = arrays.remove(PREFIX + name + UP).tensor();
        Tensor merged =
            Ops.add(arrays.get(weight(name)).tensor(), Ops.mul(Ops.matmul(up, down), scale));
        arrays.put(weight(name), HostArray.of(Tensors.floats(merged), shapes.get(name)));
      }
    }
  }
}
