package io.github.lsgspark.jobs;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.jobs.submit.Submission;
import io.github.lsgspark.storage.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * Prints the call of spark-submit for a command line of lsg. It is what submit/lsg asks before it
 * hands a command to a cluster, so that one parser knows all options.
 */
public final class SubmitCall {
  private SubmitCall() {}

  /**
   * Prints the call, or says why there is none; ends the process.
   *
   * @param arguments spark-submit, the program's jar, the launcher's folder, and the command line
   */
  public static void main(String[] arguments) {
    System.exit(execute(arguments));
  }

  static int execute(String... arguments) {
    List<String> words = List.of(arguments);
    CommandLine line = Lsg.commandLine();
    line.setExecutionStrategy(
        parsed -> {
          Integer help = CommandLine.executeHelpRequest(parsed);
          try {
            JavaVersion.require();
            return help != null ? help : print(words.get(0), words.get(1), words.get(2), parsed);
          } catch (LsgException e) {
            return Failures.report(e);
          }
        });
    return line.execute(words.subList(3, words.size()).toArray(String[]::new));
  }

  private static int print(String sparkSubmit, String jar, String home, ParseResult parsed) {
    ParseResult command = parsed.hasSubcommand() ? parsed.subcommand() : parsed;
    Optional<CommandSpec> mixin =
        command.commandSpec().mixins().values().stream()
            .filter(spec -> spec.userObject() instanceof RunOptions)
            .findFirst();
    if (mixin.isEmpty()) {
      throw LsgException.usage(
          "lsg " + command.commandSpec().name() + " runs on this machine only");
    }
    if (command.commandSpec().userObject() instanceof ServeCommand) {
      throw LsgException.usage("lsg serve runs on this machine only");
    }
    RunOptions options = (RunOptions) mixin.get().userObject();
    if (options.export()) {
      if (!command.commandSpec().name().equals("run")) {
        throw LsgException.usage(
            "--export goes with run (it prints the calls of all stages), not with "
                + command.commandSpec().name());
      }
      return print(
          Json.text(ExportedCalls.of(options, jar, home, System.getenv(), SubmitCall::tell)));
    }
    List<String> more = new ArrayList<>();
    for (OptionSpec option : command.matchedOptions()) {
      if (!mixin.get().optionsMap().containsKey(option.longestName())) {
        more.add(option.longestName());
        more.addAll(option.originalStringValues());
      }
    }
    String call =
        new Submission(
                options.request(command.commandSpec().name(), trains(command, options), more, jar),
                home,
                System.getenv(),
                SubmitCall::tell)
            .line(sparkSubmit, options.format());
    return print(call);
  }

  /** All commands that are no stage's train. */
  private static boolean trains(ParseResult command, RunOptions options) {
    return command.commandSpec().userObject() instanceof StageCommand stage
        ? ExportedCalls.trains(options.load(), stage.stage())
        : true;
  }

  private static void tell(String message) {
    System.err.println("lsg: " + message);
  }

  private static int print(String call) {
    byte[] bytes = call.getBytes(StandardCharsets.UTF_8);
    System.out.write(bytes, 0, bytes.length);
    System.out.flush();
    return 0;
  }
}
