package io.github.lsgspark.tower;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.PixelSpec;
import io.github.lsgspark.config.SoundSpec;
import java.util.List;
import java.util.Optional;

/**
 * What a model keeps of a public network's own files: with it the network can be made again, and
 * shown samples as before.
 *
 * @param config the keys of config.json that the network is built by
 * @param pixels how images are prepared; empty: as the model says besides
 * @param sound how sounds are prepared; empty for networks of images
 */
record TowerVariant(TowerConfig config, Optional<PixelSpec> pixels, Optional<SoundSpec> sound) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CONFIG = "config";
  private static final String PIXELS = "pixels";
  private static final String SOUND = "sound";

  /** Long, and no part of the network. */
  private static final List<String> DROPPED = List.of("id2label", "label2id", "text_config");

  /** As one line. */
  String text() {
    ObjectNode own = ((ObjectNode) config.node()).deepCopy();
    own.remove(DROPPED);
    ObjectNode all = JSON.createObjectNode();
    all.set(CONFIG, own);
    pixels.ifPresent(spec -> all.set(PIXELS, JSON.valueToTree(spec)));
    sound.ifPresent(spec -> all.set(SOUND, JSON.valueToTree(spec)));
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
          part(all, PIXELS, PixelSpec.class),
          part(all, SOUND, SoundSpec.class));
    } catch (JsonProcessingException e) {
      throw LsgException.input(
          "the variant of a network of train.backbone = auto is no JSON of this program: "
              + e.getOriginalMessage());
    }
  }

  private static <T> Optional<T> part(JsonNode all, String key, Class<T> type)
      throws JsonProcessingException {
    return all.has(key) ? Optional.of(JSON.treeToValue(all.path(key), type)) : Optional.empty();
  }
}
