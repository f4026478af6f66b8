package io.github.lsgspark.backbone;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;

/**
 * An image network without its classifier, as a function of its parameters. Names are the public
 * ones (torchvision); the caller owns the tensors, so that they can lie in one flat buffer.
 */
public interface Backbone {

  /** Looks up a parameter or buffer by name. */
  interface Weights {
    Tensor get(String name);
  }

  /** Shapes of the trained tensors, in the order of the public state dict. */
  Map<String, long[]> parameterShapes();

  /** Shapes of the running statistics of batch normalisation; empty if there is none. */
  Map<String, long[]> bufferShapes();

  /** Length F of a feature vector. */
  int featureDimension();

  /** Layers in forward order; a layer is a prefix of parameter names. */
  List<Layer> layers();

  /**
   * Pooled features.
   *
   * @param images [n, 3, height, width]
   * @param training whether batch normalisation uses and moves batch statistics
   * @return [n, F], float
   */
  Tensor features(Weights weights, Tensor images, boolean training);

  /**
   * Translates the names of a published file to this network's, if it knows the file's style.
   *
   * @return null for names that are not part of the backbone
   */
  default UnaryOperator<String> translator(Iterable<String> names) {
    return UnaryOperator.identity();
  }

  /** A part of the network that can be frozen: a name, and the prefixes of its parameters. */
  record Layer(String name, List<String> aliases, List<String> prefixes) {
    static Layer of(String name, String... prefixes) {
      return new Layer(name, List.of(), List.of(prefixes));
    }

    boolean owns(String parameter) {
      return prefixes.stream().anyMatch(prefix -> parameter.startsWith(prefix + "."));
    }

    boolean isNamed(String wanted) {
      return name.equals(wanted) || aliases.contains(wanted);
    }
  }
}
