package io.github.lsgspark.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where the relative paths of a configuration lead: a file or folder is looked for in the current
 * folder, then in that of the configuration file that names it. A path given by -D or in a text
 * without a file is looked for in the current folder only, and one that says its file system is
 * left as it is.
 */
public final class RelativeInputs {
  private static final Pattern ADDRESS = Pattern.compile("^[A-Za-z][A-Za-z0-9+.-]+:.*");

  /** How an origin says the line, or the lines, of a file. */
  private static final Pattern LINES = Pattern.compile(": \\d+(-\\d+)?$");

  private static final String MERGED = "merge of ";

  private RelativeInputs() {}

  /**
   * A configuration whose relative paths lead where they are meant to. What lies in the current
   * folder, and what lies nowhere, keeps its path.
   *
   * @param texts tells whether there is a file
   * @throws LsgException exit 2 that names both, if both folders hold one and they differ
   */
  static Config located(Config config, ConfigText texts) {
    return InputPaths.rewritten(config, (key, value) -> located(key, value, texts));
  }

  private static String located(String key, ConfigValue value, ConfigText texts) {
    String path = (String) value.unwrapped();
    if (!isRelative(path)) {
      return path;
    }
    Place chosen = null;
    for (Place place : places(path, value)) {
      if (!exists(place, texts)) {
        continue;
      }
      if (chosen == null) {
        chosen = place;
      } else if (!isSame(chosen, place)) {
        throw LsgException.usage(
            SettingsReader.place(value.origin())
                + key
                + " = "
                + path
                + " may be "
                + chosen.address()
                + " or "
                + place.address()
                + ", which differ: relative paths lead from the current folder, then from that of"
                + " the configuration; write the whole path of the one that is meant");
      }
    }
    return chosen == null ? path : chosen.path();
  }

  /**
   * The addresses at which a setting's file was looked for; one, the path itself, if it is not
   * relative.
   *
   * @param effective configuration of a {@link SettingsLoader.Loaded}
   */
  public static List<String> lookedFor(Config effective, String key) {
    ConfigValue value = effective.getValue(key);
    String path = String.valueOf(value.unwrapped());
    return isRelative(path) && !InputPaths.isWord(key, path)
        ? places(path, value).stream().map(Place::address).distinct().toList()
        : List.of(path);
  }

  private static boolean isRelative(String path) {
    return !path.startsWith("/") && !ADDRESS.matcher(path).matches();
  }

  /**
   * @param path as the program takes it
   * @param address whole, for people
   */
  private record Place(String path, String address) {}

  private static List<Place> places(String path, ConfigValue value) {
    List<Place> places = new ArrayList<>();
    places.add(new Place(path, absolute(path)));
    for (String folder : folders(value.origin().description())) {
      String address = ADDRESS.matcher(folder).matches() ? folder + path : absolute(folder + path);
      places.add(new Place(address, address));
    }
    return places;
  }

  /** Of the files that a value was made of, with a slash at the end. */
  private static Set<String> folders(String origin) {
    Set<String> folders = new LinkedHashSet<>();
    String files = origin.startsWith(MERGED) ? origin.substring(MERGED.length()) : origin;
    for (String file : files.split(",", -1)) {
      String name = LINES.matcher(file).replaceFirst("").replaceFirst("^file:(?=/)", "");
      if (name.lastIndexOf('/') >= 0 && !name.startsWith("-D ")) {
        folders.add(name.substring(0, name.lastIndexOf('/') + 1));
      }
    }
    return folders;
  }

  /** Without "..", where that is the same file in spite of links. */
  private static String absolute(String path) {
    try {
      Path whole = Path.of(path).toAbsolutePath();
      Path plain = whole.normalize();
      return (!Files.exists(whole) || isSame(whole, plain) ? plain : whole).toString();
    } catch (InvalidPathException e) {
      return path;
    }
  }

  private static boolean exists(Place place, ConfigText texts) {
    try {
      return texts.exists(place.path());
    } catch (IOException e) {
      throw LsgException.input(place.address() + " cannot be looked for: " + e.getMessage(), e);
    }
  }

  private static boolean isSame(Place first, Place second) {
    return first.address().equals(second.address())
        || (!ADDRESS.matcher(second.address()).matches()
            && isSame(Path.of(first.address()), Path.of(second.address())));
  }

  private static boolean isSame(Path first, Path second) {
    try {
      return Files.exists(second) && Files.isSameFile(first, second);
    } catch (IOException e) {
      return false;
    }
  }
}
