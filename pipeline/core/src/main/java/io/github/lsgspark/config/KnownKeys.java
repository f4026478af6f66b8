package io.github.lsgspark.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Refuses keys that no {@code reference.conf} has, with the nearest that one has. */
final class KnownKeys {
  /** Blocks with methods, each of which lays settings over the file's own, and their keys. */
  private static final Map<String, List<String>> METHOD_BLOCKS =
      Map.of(
          "compare", List.of("seeds", "seeded", "methods"), "experiment", ExperimentSettings.KEYS);

  private KnownKeys() {}

  /**
   * Looks at all keys of a configuration, its blocks included.
   *
   * @param prefix of their paths, for errors
   * @throws LsgException exit 2 that names file, line and key
   */
  static void require(Config given, String prefix, Config reference) {
    for (Map.Entry<String, ConfigValue> top : given.root().entrySet()) {
      String key = top.getKey();
      if (prefix.isEmpty() && key.equals("pretrain")) {
        require(section(top), "pretrain.", reference);
      } else if (prefix.isEmpty() && METHOD_BLOCKS.containsKey(key)) {
        requireMethods(key, section(top), reference);
      } else if (!reference.root().containsKey(key)) {
        throw unknown(prefix + key, key, top.getValue(), reference);
      } else {
        requireBelow(key, top.getValue(), prefix, reference);
      }
    }
  }

  private static void requireBelow(
      String path, ConfigValue value, String prefix, Config reference) {
    ConfigValue expected = reference.root().toConfig().getValue(path);
    boolean section = expected.valueType() == ConfigValueType.OBJECT;
    if (section && value.valueType() != ConfigValueType.OBJECT) {
      throw LsgException.usage(
          SettingsReader.place(value.origin()) + prefix + path + " is a section, not a value");
    }
    if (!section) {
      return;
    }
    if (path.equals(VoteMembers.BLOCK)) {
      requireMembers((ConfigObject) value, prefix, reference);
      return;
    }
    for (Map.Entry<String, ConfigValue> entry : ((ConfigObject) value).entrySet()) {
      String child = path + "." + quotedIfNeeded(entry.getKey());
      if (!reference.hasPathOrNull(child)) {
        throw unknown(prefix + path + "." + entry.getKey(), child, entry.getValue(), reference);
      }
      requireBelow(child, entry.getValue(), prefix, reference);
    }
  }

  private static void requireMembers(ConfigObject members, String prefix, Config reference) {
    SettingsLoader.sections(members)
        .forEach(
            (name, own) -> {
              require(own, prefix + VoteMembers.BLOCK + "." + name + ".", reference);
              VoteMembers.require(name, own);
            });
  }

  private static String quotedIfNeeded(String key) {
    return Pattern.matches("[A-Za-z0-9_-]+", key) ? key : ConfigUtil.quoteString(key);
  }

  private static void requireMethods(String name, Config block, Config reference) {
    for (Map.Entry<String, ConfigValue> entry : block.root().entrySet()) {
      if (!METHOD_BLOCKS.get(name).contains(entry.getKey())) {
        throw LsgException.usage(
            SettingsReader.place(entry.getValue().origin())
                + "unknown key "
                + name
                + "."
                + entry.getKey()
                + "; known are "
                + METHOD_BLOCKS.get(name).stream()
                    .map(key -> name + "." + key)
                    .collect(Collectors.joining(", ")));
      }
      if (entry.getKey().equals("seeds")) {
        block.getLongList("seeds");
      } else if (entry.getKey().equals("seeded")) {
        requireNumbers(block.getStringList("seeded"), entry.getValue(), reference);
      } else if (entry.getKey().equals("methods")) {
        requireSections(name, block, "methods", reference);
      } else if (entry.getKey().equals("by-budget")) {
        requireSections(name, block, "by-budget", reference);
      }
    }
  }

  /** Keys that take the number of a seed: such of the defaults as are whole numbers. */
  private static void requireNumbers(List<String> keys, ConfigValue place, Config reference) {
    for (String key : keys) {
      if (!reference.hasPathOrNull(key)) {
        throw unknown(key, key, place, reference);
      }
      if (!(reference.getValue(key).unwrapped() instanceof Integer)) {
        throw LsgException.usage(
            SettingsReader.place(place.origin())
                + "compare.seeded names keys that are whole numbers, but "
                + key
                + " is not one");
      }
    }
  }

  private static void requireSections(String name, Config block, String key, Config reference) {
    SettingsLoader.sections(block.getObject(key))
        .forEach(
            (section, settings) ->
                require(settings, name + "." + key + "." + section + ".", reference));
  }

  static Config section(Map.Entry<String, ConfigValue> entry) {
    if (entry.getValue() instanceof ConfigObject object) {
      return object.toConfig();
    }
    throw LsgException.usage(
        SettingsReader.place(entry.getValue().origin()) + entry.getKey() + " is a section");
  }

  private static LsgException unknown(
      String shown, String path, ConfigValue value, Config reference) {
    Set<String> known =
        reference.entrySet().stream()
            .map(Map.Entry::getKey)
            .collect(Collectors.toCollection(TreeSet::new));
    LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
    String nearest =
        known.stream().min(Comparator.comparingInt(key -> distance.apply(key, path))).orElseThrow();
    String hint = distance.apply(nearest, path) <= 4 ? "; did you mean " + nearest + "?" : "";
    return LsgException.usage(SettingsReader.place(value.origin()) + "unknown key " + shown + hint);
  }
}
