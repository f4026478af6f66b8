package io.github.lsgspark.embedding.transformer;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.config.LsgException;
import java.util.List;
import java.util.Set;

/** The half of a model of two that sees images, or hears sounds, where the texts' is needed. */
final class OtherHalf {
  private static final List<String> TYPES = List.of("_vision_model", "_audio_model");
  private static final List<String> TENSORS = List.of("vision_model.", "audio_model.");

  private OtherHalf() {}

  /**
   * Refuses a configuration of one.
   *
   * @param file what to call it
   * @throws LsgException exit 3
   */
  static void refuse(JsonNode config, String file) {
    String type = config.path("model_type").asText();
    if (TYPES.stream().anyMatch(type::endsWith)) {
      throw refused(file, "is of one half alone (model_type = " + type + ")");
    }
  }

  /**
   * Refuses weights of one.
   *
   * @param names of the tensors that are there
   * @param source what to call them
   * @throws LsgException exit 3
   */
  static void refuse(Set<String> names, String source) {
    if (names.stream().anyMatch(name -> TENSORS.stream().anyMatch(name::startsWith))) {
      throw refused(source, "hold one half alone");
    }
  }

  private static LsgException refused(String what, String why) {
    return LsgException.input(
        "embedding.model: "
            + what
            + ": "
            + why
            + ", which reads no texts: take the whole model, or its text half; train.weights takes"
            + " this one");
  }
}
