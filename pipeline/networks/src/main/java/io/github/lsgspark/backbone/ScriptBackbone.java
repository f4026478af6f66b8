package io.github.lsgspark.backbone;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.torch.Autograd;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.ModeGuard;
import io.github.lsgspark.torch.ScriptModule;
import io.github.lsgspark.torch.SoundWeights;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;

/**
 * A TorchScript module of the user's. It takes images [n, 3, h, w] and returns vectors [n, F] or
 * maps [n, F, h, w], which are averaged. Its tensors are called {@code backbone.} and their own
 * name. A module normalises batches by itself: statistics are each replica's own.
 */
final class ScriptBackbone implements Backbone {
  /** What the module is called inside a model. */
  static final String CHILD = "backbone";

  private static final String PREFIX = CHILD + ".";

  private final ScriptModule module;
  private final int features;
  private final boolean map;

  /**
   * @param source what to call the archive in errors
   * @param input shape of the views that it will see
   */
  ScriptBackbone(byte[] archive, String source, long[] input) {
    module = ScriptModule.load(archive, source);
    long[] shape = probe(input, source);
    boolean suits = (shape.length == 2 || shape.length == 4) && shape[0] == 2;
    if (!suits) {
      module.close();
      throw LsgException.input(
          source
              + ": must return [n, F] or [n, F, h, w], but returned "
              + Arrays.toString(shape)
              + " for two samples");
    }
    requireTrainable(source);
    features = Math.toIntExact(shape[1]);
    map = shape.length == 4;
  }

  private void requireTrainable(String source) {
    try {
      if (module.parameterShapes().isEmpty()) {
        throw LsgException.input(
            source
                + ": has no parameters of floating point to train; were they frozen into constants"
                + " (torch.jit.freeze)?");
      }
      SoundWeights.require(module.tensors(), source);
    } catch (LsgException e) {
      module.close();
      throw e;
    }
  }

  private long[] probe(long[] input, String source) {
    try (TensorScope scope = new TensorScope();
        ModeGuard guard = Autograd.noGrad()) {
      module.train(false);
      long[] two = LongStream.concat(LongStream.of(2), Arrays.stream(input)).toArray();
      int length = (int) Arrays.stream(two).reduce(1, (a, b) -> a * b);
      return Tensors.shape(module.forward(Tensors.of(new float[length], two)));
    } catch (LsgException e) {
      module.close();
      throw LsgException.input(
          source + ", tried with views of " + Arrays.toString(input) + ": " + e.getMessage(), e);
    }
  }

  /** Computes with tensors that the caller owns. */
  static Tensor run(ScriptModule module, Tensor images, Weights weights, boolean training) {
    module.train(training);
    module.bind(name -> weights.get(PREFIX + name));
    return module.forward(images);
  }

  @Override
  public Map<String, long[]> parameterShapes() {
    return prefixed(module.parameterShapes());
  }

  @Override
  public Map<String, long[]> bufferShapes() {
    return prefixed(module.bufferShapes());
  }

  private static <T> Map<String, T> prefixed(Map<String, T> byName) {
    Map<String, T> prefixed = new LinkedHashMap<>();
    byName.forEach((name, value) -> prefixed.put(PREFIX + name, value));
    return prefixed;
  }

  /** The values that the archive holds, whatever the seed. */
  @Override
  public Map<String, HostArray> initialWeights(long seed) {
    return prefixed(module.tensors());
  }

  @Override
  public int featureDimension() {
    return features;
  }

  /** The modules at the top, and parameters that belong to none. */
  @Override
  public List<Layer> layers() {
    return module.parameterShapes().keySet().stream()
        .map(name -> name.split("\\.", 2)[0])
        .distinct()
        .map(top -> Layer.of(top, PREFIX + top))
        .toList();
  }

  @Override
  public <V> V features(Layers<V> layers, V images, LayerOutputs<V> outputs) {
    V x = layers.module(images, module);
    return map ? layers.globalAveragePool(x) : layers.vectors(x);
  }

  @Override
  public void close() {
    module.close();
  }

  /** Modules of the user by the one name that they have. */
  public static final class Family implements BackboneFamily {
    @Override
    public List<BackboneKind> kinds() {
      return List.of(Kind.values());
    }
  }

  private enum Kind implements BackboneKind {
    ONLY;

    @Override
    public String label() {
      return "torchscript";
    }

    @Override
    public String help() {
      return "a TorchScript module of one's own, whose file train.weights names";
    }

    @Override
    public void check(TrainSettings train) {
      if (train.weights().isEmpty()) {
        throw new IllegalArgumentException(
            "train: backbone = torchscript needs weights, the path of a TorchScript file");
      }
    }

    @Override
    public Backbone create(String variant, long[] input) {
      throw new IllegalArgumentException(label() + " is not made from its name");
    }
  }
}
