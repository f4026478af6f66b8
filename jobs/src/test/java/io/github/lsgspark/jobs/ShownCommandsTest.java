package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.github.lsgspark.config.Setting;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.SettingsReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/**
 * What the pages show is true: links lead somewhere, and commands have options, keys, values and
 * files that there are. Commands are not run here; .ci/run runs those that .ci/shown-commands.txt
 * says.
 */
class ShownCommandsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("^#{1,6} +(.*?)\\s*#*$");
  private static final Pattern COMMAND =
      Pattern.compile("^\\s+(?:[A-Z_]+=\\S+ )*(?:time )?(?:\\./)?submit/lsg (.*)$");

  /** A word of a shell's line: parts in quotes and others, without blanks between. */
  private static final Pattern WORD = Pattern.compile("(?:'[^']*'|\"[^\"]*\"|[^\\s'\"])+");

  private static final Pattern KEY =
      Pattern.compile("`([a-z-]+(?:\\.[a-z-][a-z0-9-]*)+)(?: = [^`]*)?`");

  private static final Pattern FILE =
      Pattern.compile(
          ".*\\.(json|jsonl|bin|safetensors|npy|csv|txt|parquet|conf|html|zip|pt|onnx)");

  /** Values that stand for the reader's own. */
  private static final Pattern PLACEHOLDER = Pattern.compile("[A-Z]{3,}|\\.\\.\\.|…|\\$");

  static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    for (String folder : List.of("", "docs", "examples")) {
      try (Stream<Path> files = Files.list(ROOT.resolve(folder))) {
        files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
      }
    }
    return pages;
  }

  @ParameterizedTest
  @MethodSource("pages")
  void linksLeadSomewhere(Path page) throws IOException {
    List<String> broken = new ArrayList<>();
    Matcher links = LINK.matcher(Files.readString(page));
    while (links.find()) {
      String link = links.group(1);
      if (link.matches("[a-z]+:.*")) {
        continue;
      }
      String file = link.replaceFirst("#.*", "");
      Path target = file.isEmpty() ? page : page.resolveSibling(file).normalize();
      boolean there = Files.exists(target);
      if (there && link.contains("#") && target.toString().endsWith(".md")) {
        there = anchors(target).contains(link.substring(link.indexOf('#') + 1));
      }
      if (!there) {
        broken.add(link);
      }
    }
    assertThat(broken).isEmpty();
  }

  /** The anchors that a page's headings have. */
  private static Set<String> anchors(Path page) throws IOException {
    Set<String> anchors = new HashSet<>();
    for (String line : Files.readAllLines(page)) {
      Matcher heading = HEADING.matcher(line);
      if (heading.matches()) {
        String words = heading.group(1).replaceAll("\\[([^]]*)\\]\\([^)]*\\)", "$1");
        String anchor =
            words.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
        for (int again = 1; !anchors.add(anchor); again++) {
          anchor = anchor.replaceFirst("(-\\d+)?$", "-" + again);
        }
      }
    }
    return anchors;
  }

  @ParameterizedTest
  @MethodSource("pages")
  void commandsCanBeGiven(Path page) throws IOException {
    for (String shown : commands(page)) {
      assertThatCode(() -> require(shown)).as("submit/lsg %s", shown).doesNotThrowAnyException();
    }
  }

  /** .ci/shown-commands.txt says of each whether .ci/run runs it, or why not. */
  @Test
  void everyCommandIsListed() throws IOException {
    Set<String> shown = new TreeSet<>();
    for (Path page : pages()) {
      for (String command : commands(page)) {
        shown.add("submit/lsg " + command.replaceFirst("\\s+#.*", "").strip());
      }
    }
    List<String> listed = new ArrayList<>();
    for (String line : Files.readAllLines(ROOT.resolve(".ci/shown-commands.txt"))) {
      if (line.startsWith("[")) {
        assertThat(line).matches("\\[(run|parsed): .+]");
      } else if (!line.isEmpty() && !line.startsWith("#")) {
        listed.add(line);
      }
    }
    assertThat(listed).containsExactlyInAnyOrderElementsOf(shown);
  }

  /** A dotted name in code whose first part is a section of settings is a key or a section. */
  @ParameterizedTest
  @MethodSource("pages")
  void keysAreSettings(Path page) throws IOException {
    Set<String> known = new HashSet<>();
    for (Setting setting : Setting.of(Settings.class, "")) {
      for (String path = setting.path(); ; path = path.substring(0, path.lastIndexOf('.'))) {
        known.add(path);
        if (!path.contains(".")) {
          break;
        }
      }
    }
    Set<String> packages = packages();
    List<String> unknown = new ArrayList<>();
    Matcher names = KEY.matcher(Files.readString(page));
    while (names.find()) {
      String key = names.group(1);
      String section = key.substring(0, key.indexOf('.'));
      if (known.contains(section)
          && !known.contains(key)
          && SettingsReference.defaultOf(key).isEmpty()
          && !FILE.matcher(key).matches()
          && !packages.contains(key)) {
        unknown.add(key);
      }
    }
    assertThat(unknown).isEmpty();
  }

  /** Packages of the program, without what they all begin with. */
  private static Set<String> packages() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT.resolve("pipeline"), 12)) {
      return files
          .map(Path::toString)
          .filter(file -> file.contains("src/main/java/io/github/lsgspark/"))
          .map(file -> file.replaceFirst(".*/lsgspark/", "").replace('/', '.'))
          .collect(Collectors.toSet());
    }
  }

  private static List<String> commands(Path page) throws IOException {
    List<String> commands = new ArrayList<>();
    List<String> lines = Files.readAllLines(page);
    for (int i = 0; i < lines.size(); i++) {
      Matcher command = COMMAND.matcher(lines.get(i));
      if (command.matches()) {
        StringBuilder whole = new StringBuilder(command.group(1));
        while (whole.charAt(whole.length() - 1) == '\\' && i + 1 < lines.size()) {
          whole.setLength(whole.length() - 1);
          whole.append(lines.get(++i).strip());
        }
        commands.add(whole.toString());
      }
    }
    return commands;
  }

  private static void require(String shown) {
    List<String> words = words(shown);
    // What stands for more options may stand for those that a command must have.
    if (words.removeIf(word -> word.matches("\\.\\.\\.|…|\\$[A-Z]+"))
        && !words.contains("--config")) {
      words.addAll(List.of("--config", "mine.conf"));
    }
    words.remove("--offline");
    if (words.get(0).equals("java")) {
      return;
    }
    CommandLine.ParseResult parsed =
        Lsg.commandLine().parseArgs(words.toArray(String[]::new)).subcommand();
    assertThat(parsed).isNotNull();
    Map<String, String> keys = new LinkedHashMap<>();
    if (parsed.hasMatchedOption("-D")) {
      Map<String, String> given = parsed.matchedOptionValue("-D", Map.of());
      given.forEach(
          (key, value) -> {
            if (!PLACEHOLDER.matcher(value).find()) {
              keys.put(key, value);
            }
          });
    }
    String config =
        parsed.hasMatchedOption("--config") ? parsed.matchedOptionValue("--config", "") : "";
    if (config.startsWith("conf/")) {
      SettingsLoader.load(ROOT.resolve(config), keys);
    } else {
      SettingsLoader.load("", keys);
    }
  }

  /** The words of a line, without quotes, up to its remark. */
  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(line);
    while (word.find() && !word.group().startsWith("#") && !word.group().matches("[|>&;].*")) {
      words.add(word.group().replaceAll("['\"]", ""));
    }
    return words;
  }
}
