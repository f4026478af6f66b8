package io.github.lsgspark.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Spark's own properties in the block {@code spark} of a configuration: {@code
 * spark.executor.memory = 8g}. They say how a run is made and not what comes out, so they are no
 * part of a fingerprint or a manifest.
 */
public final class SparkProperties {
  static final String BLOCK = "spark";

  /** As Spark itself tells secrets by their names, and those of Hadoop's clients. */
  private static final Pattern SECRET =
      Pattern.compile("(?i)secret|password|passwd|token|access[.-]?key|account[.-]?key|credential");

  /** Names like these hold no secret, though they speak of one. */
  private static final Pattern HARMLESS =
      Pattern.compile("(?i)provider|(enabled|path|file|name|expiry|keytab)$|keyRef");

  private SparkProperties() {}

  /**
   * The block as properties, in the order of their names.
   *
   * @param config resolved
   * @throws LsgException exit 2 if a value is a list or missing
   */
  static Map<String, String> of(Config config) {
    Map<String, String> properties = new TreeMap<>();
    if (!config.hasPath(BLOCK)) {
      return properties;
    }
    if (config.getValue(BLOCK).valueType() != ConfigValueType.OBJECT) {
      throw LsgException.usage(
          SettingsReader.place(config.getValue(BLOCK).origin())
              + "spark is a section, not a value");
    }
    for (Map.Entry<String, ConfigValue> entry : config.getConfig(BLOCK).entrySet()) {
      String key = BLOCK + "." + String.join(".", ConfigUtil.splitPath(entry.getKey()));
      ConfigValue value = entry.getValue();
      if (value.valueType() == ConfigValueType.LIST) {
        throw LsgException.usage(
            SettingsReader.place(value.origin()) + key + " must be a single value");
      }
      properties.put(key, String.valueOf(value.unwrapped()));
    }
    return properties;
  }

  /** Whether a property's value must not be shown, by its name. */
  public static boolean isSecret(String key) {
    return SECRET.matcher(key).find() && !HARMLESS.matcher(key).find();
  }
}
