package io.github.lsgspark.jobs;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.evaluation.PredictionFile;
import io.github.lsgspark.evaluation.PredictionStream;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.Trigger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command of the stage that labels samples, which can be told which, and writes one file. */
@Command(mixinStandardHelpOptions = true)
final class PredictCommand extends StageCommand {
  /** Predictions shown in a terminal. */
  private static final int SHOWN = 5;

  static final int MOST = 5;

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
              + " replaced. With predict.window-step a window of a sound each, with start and end.")
  private String output;

  @Option(
      names = "--top",
      paramLabel = "K",
      defaultValue = "" + MOST,
      description = "Most probable classes in the file, 1 to 5 (default: ${DEFAULT-VALUE}).")
  private int top;

  @Option(
      names = "--stream",
      description =
          "Labels what comes into the folder --input, each file once, into the folder --output, until"
              + " it is ended; the same command goes on.")
  private boolean stream;

  @Option(
      names = "--every",
      paramLabel = "SECONDS",
      description =
          "How often --stream looks for files (default: 10); 0: once, for what is there, then it"
              + " ends.")
  private Integer every;

  @Option(
      names = "--max-files",
      paramLabel = "N",
      description = "Most files of a batch of --stream (default: 1000).")
  private Integer maxFiles;

  PredictCommand() {
    super(Stages.PREDICT);
  }

  @Override
  public Integer call() {
    if (top < 1 || top > MOST) {
      throw LsgException.usage("--top must be 1 to " + MOST + ", but was: " + top);
    }
    if (stream) {
      return streamed(every == null ? 10 : every, maxFiles == null ? 1000 : maxFiles);
    }
    if (every != null || maxFiles != null) {
      throw LsgException.usage("--every and --max-files are for --stream");
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

  private int streamed(int seconds, int most) {
    if (input == null || output == null) {
      throw LsgException.usage("--stream needs --input FOLDER and --output FOLDER");
    }
    if (seconds < 0 || most < 1) {
      throw LsgException.usage("--every must be at least 0, and --max-files at least 1");
    }
    options().set("predict.input", "");
    Loaded loaded = options().load();
    if (loaded.settings().predict().windowStep() > 0) {
      throw LsgException.usage("predict.window-step is not for --stream");
    }
    try (SparkLauncher spark = options().spark(loaded);
        PipelineRun run = new PipelineRun(loaded, options().workDir(), spark)) {
      run.check(Goal.of(run.stages(), stage()));
      StageInputs taken = run.taken(stage());
      StreamingQuery query =
          PredictionStream.start(
              spark.session(),
              taken.settings(),
              taken.path("prepare"),
              Published.path(taken),
              taken.find("embed"),
              input,
              output,
              seconds == 0
                  ? Trigger.AvailableNow()
                  : Trigger.ProcessingTime(seconds, TimeUnit.SECONDS),
              most);
      query.awaitTermination();
    } catch (StreamingQueryException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
    return 0;
  }

  private void tell(SparkLauncher spark, RunRecord record) {
    tell(spark.session(), record.head().stages().get(Stages.PREDICT).path(), output, top);
  }

  /**
   * Prints the first predictions, and writes all.
   *
   * @param folder where the stage has them
   * @param output null: they are not written
   * @param top classes of each sample
   */
  static void tell(SparkSession session, String folder, String output, int top) {
    System.out.println();
    PredictionFile.lines(session, folder, SHOWN, Math.min(top, 3)).forEach(System.out::println);
    if (output != null) {
      PredictionFile.write(session, folder, output, top);
      System.out.println("written to " + output);
    }
  }
}
