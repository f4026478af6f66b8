package io.github.lsgspark.jobs;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.evaluation.PredictionFile;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command of the stage that labels samples, which can be told which, and writes one file. */
@Command(mixinStandardHelpOptions = true)
final class PredictCommand extends StageCommand {
  /** Predictions shown in a terminal. */
  private static final int SHOWN = 5;

  private static final int MOST = 5;

  @Option(
      names = "--input",
      paramLabel = "SAMPLES",
      description = "What to label, one file too: the same as -D predict.input=SAMPLES.")
  private String input;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description =
          "Writes path, label, probability, entropy and the most probable classes of each sample, and"
              + " why others could not be read, into a .csv, .jsonl or .parquet; one that is there is"
              + " replaced.")
  private String output;

  @Option(
      names = "--top",
      paramLabel = "K",
      defaultValue = "" + MOST,
      description = "Most probable classes in the file, 1 to 5 (default: ${DEFAULT-VALUE}).")
  private int top;

  PredictCommand() {
    super(Stages.PREDICT);
  }

  @Override
  public Integer call() {
    if (top < 1 || top > MOST) {
      throw LsgException.usage("--top must be 1 to " + MOST + ", but was: " + top);
    }
    if (output != null) {
      PredictionFile.Format.of(output);
    }
    if (input != null) {
      options().set("predict.input", input);
    }
    execute(options(), Optional.of(stage()), this::tell);
    return 0;
  }

  private void tell(SparkLauncher spark, RunRecord record) {
    SparkSession session = spark.session();
    String folder = record.head().stages().get(Stages.PREDICT).path();
    List<String> lines = PredictionFile.lines(session, folder, SHOWN, Math.min(top, 3));
    System.out.println();
    lines.forEach(System.out::println);
    if (output != null) {
      PredictionFile.write(session, folder, output, top);
      System.out.println("written to " + output);
    }
  }
}
