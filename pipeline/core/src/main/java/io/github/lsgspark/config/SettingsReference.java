package io.github.lsgspark.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The defaults and the documentation of all keys: every {@code reference.conf} on the class path,
 * the program's own and those of jars beside it. No two of them may differ about a key.
 */
public final class SettingsReference {
  private static final String FILE = "reference.conf";

  /** What was found, by where it was looked for. */
  private static final Map<ClassLoader, Config> FOUND = new ConcurrentHashMap<>();

  private SettingsReference() {}

  /**
   * All defaults.
   *
   * @throws LsgException exit 4 if two files have different ones for a key
   */
  static Config defaults() {
    ClassLoader loader = Registry.loader(SettingsReference.class);
    return FOUND.computeIfAbsent(loader, SettingsReference::defaults);
  }

  private static Config defaults(ClassLoader loader) {
    Config all = ConfigFactory.empty();
    Map<String, URL> places = new LinkedHashMap<>();
    Map<String, ConfigValue> values = new LinkedHashMap<>();
    for (URL place : places(loader)) {
      Config one = parsed(place);
      for (Map.Entry<String, ConfigValue> entry : one.entrySet()) {
        ConfigValue known = values.putIfAbsent(entry.getKey(), entry.getValue());
        if (known != null && !known.equals(entry.getValue())) {
          throw LsgException.environment(
              "%s has two defaults, in %s and in %s: a jar may only bring keys of its own"
                  .formatted(entry.getKey(), places.get(entry.getKey()), place),
              null);
        }
        places.putIfAbsent(entry.getKey(), place);
      }
      all = all.withFallback(one);
    }
    return all;
  }

  private static List<URL> places(ClassLoader loader) {
    try {
      return Collections.list(loader.getResources(FILE));
    } catch (IOException e) {
      throw new UncheckedIOException(FILE + ": " + e.getMessage(), e);
    }
  }

  private static Config parsed(URL place) {
    try {
      return ConfigFactory.parseURL(place, ConfigParseOptions.defaults().setAllowMissing(false));
    } catch (ConfigException e) {
      throw LsgException.environment(e.getMessage(), e);
    }
  }

  /** What is said of a key, or of a section, in one line. */
  public static Optional<String> description(String path) {
    Config defaults = defaults();
    if (!defaults.hasPathOrNull(path)) {
      return Optional.empty();
    }
    String text =
        String.join("\n", defaults.root().toConfig().getValue(path).origin().comments())
            .replaceAll("\\s*\n\\s*", " ")
            .strip();
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  /** The first sentence of that. */
  public static Optional<String> summary(String path) {
    return description(path)
        .map(text -> text.replaceFirst("(?s)(?<=[a-z0-9)\"])\\. .*$", "").replaceFirst("\\.$", ""));
  }

  /** The default of a key, as a configuration writes it; empty: there is no such key. */
  public static Optional<String> defaultOf(String path) {
    Config defaults = defaults();
    return defaults.hasPathOrNull(path)
        ? Optional.of(defaults.getValue(path).render(ConfigRenderOptions.concise()))
        : Optional.empty();
  }
}
