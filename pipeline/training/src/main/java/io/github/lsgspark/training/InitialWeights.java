package io.github.lsgspark.training;

import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Safetensors;
import io.github.lsgspark.torch.SoundWeights;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a training starts from.
 *
 * @param content of a safetensors file, or of the TorchScript file of a module; empty without one
 * @param name what to call the file in errors; empty without one
 * @param heads the model of the stage head, if a training starts from it
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
record InitialWeights(byte[] content, String name, List<HeadModel> heads) implements Serializable {
  /** Weights that are drawn by the seed. */
  static final InitialWeights DRAWN = new InitialWeights(new byte[0], "");

  /**
   * A whole model with its classifier.
   *
   * @param tensors a safetensors file
   * @param source what to call it in errors
   */
  record HeadModel(ModelDescription description, byte[] tensors, String source)
      implements Serializable {

    /** Its tensors, but for a map to texts, which is none to the prototypes of a training. */
    Map<String, HostArray> arrays() {
      Map<String, HostArray> arrays = new LinkedHashMap<>(Safetensors.read(tensors, source));
      SoundWeights.require(arrays, source);
      arrays.keySet().removeIf(name -> name.startsWith(Network.PROJECTOR + "."));
      return arrays;
    }
  }

  /** Weights of a backbone. */
  InitialWeights(byte[] content, String name) {
    this(content, name, List.of());
  }

  /** The same file for a TorchScript backbone's code, and a model to start from. */
  InitialWeights from(HeadModel model) {
    return new InitialWeights(content, name, List.of(model));
  }

  /** The model to start from, where it is the closed form's. */
  Optional<HeadModel> head() {
    return heads.stream().findFirst();
  }

  /** Whether there is a file. */
  boolean given() {
    return !name.isEmpty();
  }
}
