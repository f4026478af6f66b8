package io.github.lsgspark.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The heads that vote on unlabelled samples: {@code vote.members} names each, with what it lays
 * over the file's own settings about network, features and head. Samples and classes are the
 * file's, so that all heads tell the same classes apart.
 */
public final class VoteMembers {
  /** The block that names them. */
  public static final String BLOCK = "vote.members";

  /** What a head may have of its own: sections, and single keys. */
  private static final List<String> OWN =
      List.of(
          "features",
          "head",
          "embedding",
          "prompts",
          "train.backbone",
          "train.weights",
          "train.partial-weights",
          "train.image-size",
          "train.normalization");

  private VoteMembers() {}

  /**
   * The configuration of each head, in the order of their names: it is the same wherever these were
   * written.
   *
   * @throws LsgException that names member and key, if one is unknown or wrong
   */
  public static Map<String, Loaded> of(Loaded loaded) {
    Config effective = loaded.effective();
    Config alone = effective.withValue(BLOCK, ConfigFactory.empty().root());
    Loaded base = new Loaded(loaded.settings(), alone, loaded.spark(), loaded.texts());
    Map<String, Loaded> members = new TreeMap<>();
    SettingsLoader.sections(effective.getObject(BLOCK))
        .forEach((name, own) -> members.put(name, told(name, () -> member(base, own))));
    return members;
  }

  private static Loaded member(Loaded base, Config own) {
    // It is fitted, not trained: what unlabelled samples are to a training does not concern it.
    Config plain = ConfigFactory.parseString("ssl.strategy = " + SslSettings.NONE);
    return SettingsLoader.overlay(base, plain.withFallback(own));
  }

  /** What a member refuses, with the member's name before it. */
  public static <T> T told(String name, Supplier<T> work) {
    try {
      return work.get();
    } catch (LsgException e) {
      throw LsgException.of(e.exitCode(), BLOCK + "." + name + ": " + e.getMessage());
    }
  }

  /**
   * Refuses keys that a head cannot have of its own.
   *
   * @throws LsgException exit 2 that names file, line and key
   */
  static void require(String name, Config own) {
    for (Map.Entry<String, ConfigValue> entry : own.entrySet()) {
      String key = String.join(".", ConfigUtil.splitPath(entry.getKey()));
      if (OWN.stream().noneMatch(known -> key.equals(known) || key.startsWith(known + "."))) {
        throw LsgException.usage(
            SettingsReader.place(entry.getValue().origin())
                + BLOCK
                + "."
                + name
                + "."
                + key
                + " cannot be a member's own: samples and classes are the same for all that vote; a"
                + " member has keys of "
                + String.join(", ", OWN));
      }
    }
  }
}
