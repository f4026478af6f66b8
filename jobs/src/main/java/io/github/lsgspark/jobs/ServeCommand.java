package io.github.lsgspark.jobs;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Setting;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.evaluation.LiveClassifier;
import io.github.lsgspark.jobs.serve.PredictionServer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Labels what is dropped on a web page, or sent to it. */
@Command(
    name = "serve",
    footer = {
      "",
      "Example:",
      "  submit/lsg serve --config mine.conf",
      "  curl --data-binary @photo.jpg http://127.0.0.1:8080/api/predictions",
      "",
      StageHelp.EXIT_CODES
    },
    mixinStandardHelpOptions = true,
    description = {
      "A web page on this machine: drop an image, a sound or a video, and see its class, how sure the",
      "model is, and the labelled samples that it is most like. The same as REST, described by",
      "/openapi.json. Makes the model first if it is not there. Ends with Ctrl-C."
    })
final class ServeCommand implements Callable<Integer> {
  @Mixin private RunOptions options;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8080",
      description = "Where it listens; 0: any free port (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description =
          "An address of this machine (default: ${DEFAULT-VALUE}). Any other than a loopback address"
              + " lets other machines ask, without a password.")
  private String host;

  @Override
  public Integer call() throws InterruptedException {
    if (port < 0 || port > 65535) {
      throw LsgException.usage("--port must be 0 to 65535, but was: " + port);
    }
    // Nothing of it is read here, so it need not be there.
    options.set("predict.input", "");
    Loaded loaded = options.load();
    try (SparkLauncher spark = options.spark(loaded)) {
      if (!spark.master().startsWith("local") || spark.master().contains("cluster")) {
        throw LsgException.usage(
            "lsg serve runs on this machine, but --master was: " + spark.master());
      }
      try (Served served = served(loaded, options.workDir(), spark);
          PredictionServer server = served.start(host, port)) {
        System.out.println("serves " + server.address() + " (Ctrl-C ends it)");
        System.out.flush();
        new CountDownLatch(1).await();
      }
    }
    return 0;
  }

  /**
   * A model that is ready to label.
   *
   * @param settings that it was made by
   */
  record Served(LiveClassifier classifier, Settings settings) implements AutoCloseable {
    PredictionServer start(String host, int port) {
      Map<String, Object> facts = new LinkedHashMap<>();
      facts.put("modality", Setting.text(settings.data().modality()));
      facts.put("backbone", settings.train().backbone());
      facts.put("model", Published.stage(settings).name());
      facts.put("unlike_quantile", settings.predict().unlikeQuantile());
      return PredictionServer.start(
          classifier, facts, host, port, settings.prepare().maxFileBytes());
    }

    @Override
    public void close() {
      classifier.close();
    }
  }

  /** The model of a configuration, made if it is not there. */
  static Served served(Loaded loaded, String workDir, SparkLauncher spark) {
    try (PipelineRun run = new PipelineRun(loaded, workDir, spark)) {
      run.check(Goal.of(run.stages(), Stages.PREDICT));
      StageInputs taken = run.taken(Stages.PREDICT);
      LiveClassifier classifier =
          LiveClassifier.of(
              spark.session(),
              taken.settings(),
              taken.path("prepare"),
              Published.path(taken),
              taken.find("embed"));
      return new Served(classifier, taken.settings());
    }
  }
}
