package io.github.lsgspark.tower;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.PixelSpec;
import java.util.List;
import java.util.Optional;

/**
 * What a model keeps of a public network's own files: with it the network can be made again, and
 * shown images as before.
 *
 * @param config the keys of config.json that the network is built by
 * @param pixels how images are prepared; empty: as the model says besides
 */
record TowerVariant(TowerConfig config, Optional<PixelSpec> pixels) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CONFIG = "config";
  private static final String PIXELS = "pixels";

  /** Long, and no part of the network. */
  private static final List<String> DROPPED = List.of("id2label", "label2id", "text_config");

  /** As one line. */
  String text() {
    ObjectNode own = ((ObjectNode) config.node()).deepCopy();
    own.remove(DROPPED);
    ObjectNode all = JSON.createObjectNode();
    all.set(CONFIG, own);
    pixels.ifPresent(spec -> all.set(PIXELS, JSON.valueToTree(spec)));
    return all.toString();
  }

  /**
   * Reads it back.
   *
   * @throws LsgException exit 3 if it is something else
   */
  static TowerVariant parse(String text) {
    try {
      JsonNode all = JSON.readTree(text);
      return new TowerVariant(
          new TowerConfig(all.path(CONFIG), "config.json of the network"),
          all.has(PIXELS)
              ? Optional.of(JSON.treeToValue(all.path(PIXELS), PixelSpec.class))
              : Optional.empty());
    } catch (JsonProcessingException e) {
      throw LsgException.input(
          "the variant of a network of train.backbone = auto is no JSON of this program: "
              + e.getOriginalMessage());
    }
  }
}
