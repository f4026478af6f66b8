package io.github.lsgspark.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Reads configuration files over {@code reference.conf}. An unknown key, a wrong type or a value
 * out of range is an {@link LsgException} with exit code 2 that names key, file and line.
 */
public final class SettingsLoader {
  /** Blocks that hold further settings laid over the file's own. */
  private static final Set<String> BLOCKS = Set.of("pretrain", "compare", "experiment");

  private SettingsLoader() {}

  /**
   * A checked configuration.
   *
   * @param settings the typed form
   * @param effective every key with its value, blocks included, but for the block of Spark's own
   *     properties
   * @param spark those properties
   * @param texts what files beside those that settings name are read by
   */
  public record Loaded(
      Settings settings, Config effective, Map<String, String> spark, ConfigText texts) {

    /**
     * A section that a jar beside the program brings, whose defaults are in its reference.conf.
     *
     * @param name of the section, at the top of configurations
     * @param type whose components are its keys
     * @throws LsgException exit 2 if a value is wrong, exit 4 if there are no defaults
     */
    public <T extends Record> T section(String name, Class<T> type) {
      for (Setting setting : Setting.of(type, name + ".")) {
        if (!effective.hasPathOrNull(setting.path())) {
          throw LsgException.environment(
              "no reference.conf on the class path has a default of "
                  + setting.path()
                  + ", which "
                  + type.getName()
                  + " declares",
              null);
        }
      }
      return new SettingsReader(effective).read(type, name + ".");
    }

    /** Whether nothing sets a key, so that its value is the one of reference.conf. */
    public boolean isDefault(String path) {
      return effective.getValue(path).origin().equals(reference().getValue(path).origin());
    }

    /** The pretrain block, if the file has one. */
    public java.util.Optional<Config> pretrain() {
      return effective.hasPath("pretrain")
          ? java.util.Optional.of(effective.getConfig("pretrain"))
          : java.util.Optional.empty();
    }

    /** The compare block, if the file has one. */
    public java.util.Optional<Config> compare() {
      return effective.hasPath("compare")
          ? java.util.Optional.of(effective.getConfig("compare"))
          : java.util.Optional.empty();
    }

    /** The grid of runs, if the file has an experiment block. */
    public java.util.Optional<ExperimentSettings> experiment() {
      return effective.hasPath("experiment")
          ? java.util.Optional.of(
              ExperimentSettings.of(effective.getConfig("experiment"), settings))
          : java.util.Optional.empty();
    }
  }

  /**
   * Loads a file of this machine.
   *
   * @param overrides key to value, as given by -D on the command line
   */
  public static Loaded load(Path file, Map<String, String> overrides) {
    return load(ConfigText.LOCAL, List.of(file.toString()), overrides);
  }

  /**
   * Loads files from anywhere.
   *
   * @param layers files, each over those before it
   * @param overrides key to value, over all files
   */
  public static Loaded load(ConfigText texts, List<String> layers, Map<String, String> overrides) {
    return checked(() -> laidTogether(texts, layers), overrides, texts);
  }

  /**
   * What files and overrides set themselves, checked, without the defaults and without Spark's own
   * properties. Relative paths lead where {@link RelativeInputs} says.
   */
  public static Config given(ConfigText texts, List<String> layers, Map<String, String> overrides) {
    load(texts, layers, overrides);
    Config given = overridden(laidTogether(texts, layers), overrides);
    return RelativeInputs.located(
        given
            .resolveWith(given.withFallback(reference()).resolve())
            .withoutPath(SparkProperties.BLOCK),
        texts);
  }

  private static Config laidTogether(ConfigText texts, List<String> layers) {
    Config config = ConfigFactory.empty();
    for (String layer : layers) {
      config = ConfigIncludes.parse(texts, layer).withFallback(config);
    }
    return config;
  }

  /** Settings from text over the defaults. */
  public static Settings parse(String hocon) {
    return load(hocon, Map.of()).settings();
  }

  /** A configuration from text over the defaults; overrides as for a file. */
  public static Loaded load(String hocon, Map<String, String> overrides) {
    return checked(() -> ConfigFactory.parseString(hocon), overrides, ConfigText.LOCAL);
  }

  private static Loaded checked(
      Supplier<Config> file, Map<String, String> overrides, ConfigText texts) {
    try {
      return check(overridden(file.get(), overrides), texts);
    } catch (ConfigException e) {
      throw LsgException.usage(e.getMessage());
    }
  }

  /** A configuration with further settings laid over it; blocks are dropped. */
  public static Loaded overlay(Loaded base, Config overlay) {
    Config merged = overlay.withFallback(base.effective());
    for (String block : BLOCKS) {
      merged = merged.withoutPath(block);
    }
    return new Loaded(read(merged, base.texts()), merged, base.spark(), base.texts());
  }

  private static Settings read(Config config, ConfigText texts) {
    return RegisteredNames.checked(
        new SettingsReader(ImageSizes.decided(config, texts)).read(Settings.class));
  }

  private static Config overridden(Config file, Map<String, String> overrides) {
    Config given = file;
    for (Map.Entry<String, String> override : overrides.entrySet()) {
      given = given.withValue(override.getKey(), overridden(override));
    }
    return given;
  }

  private static Loaded check(Config given, ConfigText texts) {
    Config reference = reference();
    Config resolved = given.withFallback(reference).resolve();
    Map<String, String> spark = SparkProperties.of(resolved);
    Config own = given.resolveWith(resolved).withoutPath(SparkProperties.BLOCK);
    resolved = resolved.withoutPath(SparkProperties.BLOCK);
    KnownKeys.require(own, "", reference);
    resolved = RelativeInputs.located(resolved, texts);
    Loaded loaded = new Loaded(read(resolved, texts), resolved, spark, texts);
    look(loaded, ConfigFactory.empty());
    loaded.pretrain().ifPresent(block -> look(loaded, block));
    loaded
        .compare()
        .filter(block -> block.hasPath("methods"))
        .ifPresent(
            block ->
                block
                    .getObject("methods")
                    .keySet()
                    .forEach(method -> look(loaded, method(block, method))));
    loaded
        .experiment()
        .ifPresent(
            grid ->
                grid.budgets()
                    .forEach(
                        budget ->
                            grid.methods()
                                .keySet()
                                .forEach(method -> look(loaded, grid.overlay(method, budget)))));
    return loaded;
  }

  /** Looks at what is wrong with settings over a file's own, and with the heads that vote there. */
  private static void look(Loaded base, Config overlay) {
    var unused = VoteMembers.of(overlay(base, overlay));
  }

  /** The settings that one method of a block with methods lays over the file's own. */
  public static Config method(Config block, String method) {
    return block.getObject("methods").toConfig().getConfig(quoted(method));
  }

  /**
   * The methods of a block in the order of the file, each with what it lays over the file's
   * settings.
   *
   * @param name of the block, for the message if it has no method
   */
  public static Map<String, Config> methods(Config block, String name) {
    Map<String, Config> methods =
        block.hasPath("methods") ? sections(block.getObject("methods")) : Map.of();
    if (methods.isEmpty()) {
      throw LsgException.usage(name + ".methods must name at least one method");
    }
    return methods;
  }

  /** The sections of an object by their names, in the order of the file. */
  static Map<String, Config> sections(ConfigObject object) {
    Map<String, Config> sections = new LinkedHashMap<>();
    object.entrySet().stream()
        .sorted(Comparator.comparingInt(entry -> entry.getValue().origin().lineNumber()))
        .forEach(entry -> sections.put(entry.getKey(), KnownKeys.section(entry)));
    return sections;
  }

  private static String quoted(String key) {
    return com.typesafe.config.ConfigUtil.quoteString(key);
  }

  private static Config reference() {
    return SettingsReference.defaults();
  }

  private static ConfigValue overridden(Map.Entry<String, String> override) {
    String origin = "-D " + override.getKey();
    try {
      String text = override.getValue().trim();
      if (text.startsWith("[") || text.startsWith("{")) {
        return ConfigFactory.parseString("v = " + text).getValue("v");
      }
    } catch (ConfigException e) {
      throw LsgException.usage(origin + ": " + e.getMessage());
    }
    return ConfigValueFactory.fromAnyRef(override.getValue(), origin);
  }
}
