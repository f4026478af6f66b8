package io.github.lsgspark.jobs;

import io.github.lsgspark.config.SettingsReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What the help of a stage's command says of the stage: what it takes, writes and reads. */
final class StageHelp {
  private static final int WIDTH = 32;

  /** At the end of every command's help. */
  static final String EXIT_CODES =
      "Exit codes: 0 done, 2 wrong usage or configuration, 3 bad input data, 4 the environment lacks"
          + " something, 1 anything else.";

  private StageHelp() {}

  /** Lines with a line break at the end of each. */
  static String text(Stage stage) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add("Takes:");
    for (StageInput input : stage.inputs()) {
      String name =
          input.name().equals(input.stage())
              ? input.name()
              : input.name() + " (another " + input.stage() + ")";
      lines.add(line(name, input.condition().isEmpty() ? "" : "if " + input.condition()));
    }
    for (StageReads<?> reads : stage.reads()) {
      reads.files().forEach(path -> lines.add(line("what " + path + " names", "")));
    }
    if (lines.size() == 2) {
      lines.add("  nothing but settings");
    }
    lines.add("");
    lines.add("Writes, in the folder " + stage.name() + " of the work directory:");
    stage.writes().forEach((name, content) -> lines.add(line(name, content)));
    lines.add("");
    lines.add(
        "Settings that make it anew when they change, and their defaults (docs/settings.md says all of"
            + " each):");
    for (StageReads<?> reads : stage.reads()) {
      Set<String> paths = new TreeSet<>(reads.paths());
      paths.forEach(path -> lines.add(setting(path)));
    }
    lines.add("");
    lines.add("Example:");
    lines.add("  submit/lsg " + stage.name() + " --config mine.conf" + stage.exampleOptions());
    lines.add("");
    lines.add(EXIT_CODES);
    return String.join(System.lineSeparator(), lines) + System.lineSeparator();
  }

  private static String setting(String path) {
    String words = path + " = " + SettingsReference.defaultOf(path).orElse("");
    return line(words, SettingsReference.summary(path).orElse(""));
  }

  private static String line(String name, String words) {
    String first = "  " + String.format("%-" + WIDTH + "s", name);
    if (words.isEmpty()) {
      return first.stripTrailing();
    }
    // What is longer than the column has its words on the next line.
    String gap = name.length() > WIDTH ? System.lineSeparator() + " ".repeat(WIDTH + 2) : "";
    return first + gap + " " + words;
  }
}
