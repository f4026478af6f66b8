package io.github.lsgspark.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;

/** The settings that name files and folders which stages read. */
public final class InputPaths {
  private static final Map<String, List<String>> WORDS = words(Settings.class, "");
  private static final List<String> KEYS = List.copyOf(WORDS.keySet());

  private InputPaths() {}

  /** Their keys, like {@code labels.file}. */
  public static List<String> keys() {
    return KEYS;
  }

  private static Map<String, List<String>> words(Class<?> type, String prefix) {
    Map<String, List<String>> words = new LinkedHashMap<>();
    for (RecordComponent component : type.getRecordComponents()) {
      String key = prefix + SettingsReader.key(component.getName());
      if (component.isAnnotationPresent(InputPath.class)) {
        words.put(key, List.of(component.getAnnotation(InputPath.class).words()));
      } else if (component.getType().isRecord()) {
        words.putAll(words(component.getType(), key + "."));
      }
    }
    return words;
  }

  /**
   * A configuration whose paths are others, those in blocks like {@code pretrain} and {@code
   * experiment.methods} included; empty paths stay, as do words that stand for something else.
   *
   * @param change from key and path to the new path
   */
  public static Config changed(Config config, BinaryOperator<String> change) {
    return rewritten(config, (key, value) -> change.apply(key, (String) value.unwrapped()));
  }

  /**
   * As {@link #changed}; values keep their place in the file.
   *
   * @param change from key and value, a text that is not empty, to the new path
   */
  static Config rewritten(Config config, BiFunction<String, ConfigValue, String> change) {
    Config changed = config;
    for (Map.Entry<String, ConfigValue> entry : config.entrySet()) {
      ConfigValue value = entry.getValue();
      String key = String.join(".", ConfigUtil.splitPath(entry.getKey()));
      if (value.valueType() == ConfigValueType.STRING
          && namesInput(key)
          && !((String) value.unwrapped()).isEmpty()
          && !isWord(key, (String) value.unwrapped())) {
        changed =
            changed.withValue(
                entry.getKey(),
                ConfigValueFactory.fromAnyRef(change.apply(key, value)).withOrigin(value.origin()));
      }
    }
    return changed;
  }

  private static boolean namesInput(String key) {
    return KEYS.stream().anyMatch(known -> key.equals(known) || key.endsWith("." + known));
  }

  /** Whether a value of a key stands for something else than a path. */
  static boolean isWord(String key, String value) {
    return WORDS.entrySet().stream()
        .anyMatch(
            entry ->
                (key.equals(entry.getKey()) || key.endsWith("." + entry.getKey()))
                    && entry.getValue().contains(value));
  }
}
