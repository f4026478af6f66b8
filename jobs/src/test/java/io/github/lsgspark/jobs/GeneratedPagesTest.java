package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.AutoComplete;
import picocli.CommandLine;

/**
 * What is written by the program itself and kept beside it: the help that the launcher prints
 * without a build, the shell's completion and the pages of reference. {@code ./mvnw -B -pl jobs -am
 * test -Dtest=GeneratedPagesTest -Dlsg.write=true -Dsurefire.failIfNoSpecifiedTests=false} writes
 * them anew.
 */
class GeneratedPagesTest {
  private static final Path ROOT = Path.of("..");
  private static final Path HELP = ROOT.resolve("submit/help");
  private static final boolean WRITE = Boolean.getBoolean("lsg.write");

  private static CommandLine commands() {
    return Lsg.commandLine().setUsageHelpAutoWidth(false).setUsageHelpWidth(80);
  }

  private static void require(Path file, String content) throws IOException {
    String text = content.replaceAll("[ \t]+\n", "\n").strip() + "\n";
    if (WRITE) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    }
    assertThat(file).as("%s is not what -Dlsg.write=true writes", file).exists().hasContent(text);
  }

  @Test
  void everyCommandHasItsHelp() throws IOException {
    Map<String, CommandLine> all = commands().getSubcommands();
    for (Map.Entry<String, CommandLine> command : all.entrySet()) {
      String text =
          command
              .getValue()
              .setUsageHelpAutoWidth(false)
              .setUsageHelpWidth(80)
              .getUsageMessage(CommandLine.Help.Ansi.OFF);
      require(HELP.resolve(command.getKey() + ".txt"), text);
    }
    try (Stream<Path> files = Files.list(HELP)) {
      assertThat(files.map(file -> file.getFileName().toString().replace(".txt", "")))
          .containsExactlyInAnyOrderElementsOf(all.keySet());
    }
  }

  @Test
  void theShellCompletesThem() throws IOException {
    // Its own heading has the date of the run.
    String script =
        AutoComplete.bash("lsg", commands()).replaceFirst("(?s)\\A(#[^\n]*\n)+", "").strip();
    require(
        ROOT.resolve("submit/completion.bash"),
        "# Completion for bash: source submit/completion.bash. Written by the program itself.\n"
            + script);
  }

  @Test
  void everySettingIsInTheReference() throws IOException {
    require(ROOT.resolve("docs/settings.md"), SettingsPage.text(Stages.of(List.of()).commands()));
  }

  @Test
  void everyOutputIsInTheReference() throws IOException {
    StringBuilder page = new StringBuilder();
    page.append("# Outputs\n\n");
    page.append(
        """
        A stage writes into `<work-dir>/<stage>/<fingerprint>/`, beside a `manifest.json` that lists its files, their
        checksums and what it was made of. `run.json` in the work directory names the outputs of the last run and its
        figures. This page is written by the program (`GeneratedPagesTest`).
        """);
    for (Stage stage : Stages.of(List.of()).commands()) {
      page.append("\n## ").append(stage.name()).append("\n\n").append(stage.help()).append("\n\n");
      page.append("| | |\n|---|---|\n");
      stage
          .writes()
          .forEach(
              (name, content) ->
                  page.append("| `%s` | %s |%n".formatted(name, content.replace("|", "\\|"))));
    }
    require(ROOT.resolve("docs/outputs.md"), page.toString());
  }
}
