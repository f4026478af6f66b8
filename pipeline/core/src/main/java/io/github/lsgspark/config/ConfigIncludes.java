package io.github.lsgspark.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.util.regex.Pattern;

/**
 * Parses configuration files and what they include. A configuration says which data are read and
 * which code is trusted, so it is made of files of one place only: an include names a file beside
 * (or by its path), never an address or a resource of the program.
 */
final class ConfigIncludes
    implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {
  private static final Pattern ADDRESS = Pattern.compile("^[A-Za-z][A-Za-z0-9+.-]+:.*");

  /** A circle of includes would not end. */
  private static final int DEEPEST = 20;

  private final ConfigText texts;
  private final String file;
  private final int depth;

  private ConfigIncludes(ConfigText texts, String file, int depth) {
    this.texts = texts;
    this.file = file;
    this.depth = depth;
  }

  /**
   * A file with all it includes, not resolved.
   *
   * @throws LsgException exit 2 if there is no such file, or an include is none or an address
   */
  static Config parse(ConfigText texts, String file) {
    return parse(texts, file, file + ": no such configuration file", 0);
  }

  private static Config parse(ConfigText texts, String file, String missing, int depth) {
    try {
      String text = texts.read(file).orElseThrow(() -> LsgException.usage(missing));
      return ConfigFactory.parseString(
          text,
          ConfigParseOptions.defaults()
              .setOriginDescription(file)
              .setIncluder(new ConfigIncludes(texts, file, depth)));
    } catch (IOException e) {
      throw LsgException.usage(file + ": the configuration cannot be read: " + e.getMessage());
    }
  }

  @Override
  public ConfigObject include(ConfigIncludeContext context, String what) {
    if (ADDRESS.matcher(what).matches()) {
      throw refused("\"" + what + "\"");
    }
    if (depth == DEEPEST) {
      throw LsgException.usage(file + ": includes lie more than " + DEEPEST + " deep: a circle?");
    }
    String name = what.matches(".*\\.(conf|json|properties)") ? what : what + ".conf";
    String location =
        name.startsWith("/") ? name : file.substring(0, file.lastIndexOf('/') + 1) + name;
    String missing = file + ": includes " + what + ", but there is no " + location;
    return parse(texts, location, missing, depth + 1).root();
  }

  @Override
  public ConfigObject includeFile(ConfigIncludeContext context, File what) {
    return include(context, what.getPath());
  }

  @Override
  public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
    throw refused("url(" + what + ")");
  }

  @Override
  public ConfigObject includeResources(ConfigIncludeContext context, String what) {
    throw refused("classpath(" + what + ")");
  }

  @Override
  public ConfigIncluder withFallback(ConfigIncluder fallback) {
    return this;
  }

  private LsgException refused(String what) {
    return LsgException.usage(
        file + ": include " + what + ": only files beside this one can be included");
  }
}
