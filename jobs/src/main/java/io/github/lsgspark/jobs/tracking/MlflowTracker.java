package io.github.lsgspark.jobs.tracking;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.TrackingSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.mlflow.api.proto.Service.CreateRun;
import org.mlflow.api.proto.Service.Experiment;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.RunInfo;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowClientException;
import org.mlflow.tracking.creds.BasicMlflowHostCreds;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells an MLflow tracking server of runs, by MLflow's own client. Credentials are those of its
 * environment variables: MLFLOW_TRACKING_USERNAME and _PASSWORD, or MLFLOW_TRACKING_TOKEN. Not safe
 * for several threads.
 */
public final class MlflowTracker implements RunTracker {
  private static final Logger LOG = LoggerFactory.getLogger(MlflowTracker.class);

  /** Tag of what was told already. */
  static final String FINGERPRINT = "lsg.fingerprint";

  private static final String PARENT = "mlflow.parentRunId";
  private static final String NAME = "mlflow.runName";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What one request may hold, by MLflow's limits. */
  private static final int METRICS_AT_ONCE = 1000;

  private static final int PARAMS_AT_ONCE = 100;
  private static final int LONGEST_PARAM = 6000;

  private final TrackingSettings settings;
  private final Duration patience;
  private final BasicMlflowHostCreds credentials;
  private final MlflowClient client;
  private final MlflowFiles files;

  /** Opens one where {@code tracking.mlflow} has an address. */
  public static final class Kind implements RunTracker.Kind {
    @Override
    public Optional<RunTracker> open(Settings settings) {
      return settings.tracking().mlflow().isEmpty()
          ? Optional.empty()
          : Optional.of(new MlflowTracker(settings.tracking(), PATIENCE));
    }
  }

  /**
   * @param patience for the answers of one run
   * @throws LsgException exit 2 if the address is none
   */
  MlflowTracker(TrackingSettings settings, Duration patience) {
    String address = settings.mlflow();
    if (!address.matches("https?://[^\\s@]+")) {
      throw LsgException.usage(
          "tracking.mlflow must be an address like http://host:5000, without spaces and without a"
              + " user (MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD are for that)");
    }
    this.settings = settings;
    this.patience = patience;
    this.credentials =
        new BasicMlflowHostCreds(
            address.replaceFirst("/+$", ""),
            System.getenv("MLFLOW_TRACKING_USERNAME"),
            System.getenv("MLFLOW_TRACKING_PASSWORD"),
            System.getenv("MLFLOW_TRACKING_TOKEN"),
            "true".equals(System.getenv("MLFLOW_TRACKING_INSECURE_TLS")));
    this.client = new MlflowClient(credentials);
    this.files = new MlflowFiles(credentials);
  }

  @Override
  public void check() {
    experiment();
  }

  /** The experiment's number; it is made if it is not there. */
  private String experiment() {
    return inTime("the experiment " + settings.experiment(), patience, this::found);
  }

  private String found() {
    Optional<Experiment> found = client.getExperimentByName(settings.experiment());
    if (found.isPresent() && found.get().getLifecycleStage().equals("deleted")) {
      throw LsgException.environment(
          "the experiment "
              + settings.experiment()
              + " (tracking.experiment) was deleted on the MLflow server at "
              + credentials.getHost()
              + ": restore it there, or name another",
          null);
    }
    return found
        .map(Experiment::getExperimentId)
        .orElseGet(() -> client.createExperiment(settings.experiment()));
  }

  @Override
  public void tell(TrackedRun whole, List<TrackedRun> parts) {
    String experiment = experiment();
    inTime(
        whole.name(),
        patience.multipliedBy(2 + parts.size()),
        () -> {
          String parent = tell(experiment, whole, Optional.empty());
          for (TrackedRun part : parts) {
            tell(experiment, part, Optional.of(parent));
          }
          return parent;
        });
    LOG.info(
        "{} and {} runs below it are in {}/#/experiments/{}",
        whole.name(),
        parts.size(),
        credentials.getHost(),
        experiment);
  }

  /** MLflow's client waits for ever. */
  private <T> T inTime(String what, Duration most, Callable<T> conversation) {
    ExecutorService thread =
        Executors.newSingleThreadExecutor(
            work -> {
              Thread made = new Thread(work, "mlflow");
              made.setDaemon(true);
              return made;
            });
    try {
      return thread.submit(conversation).get(most.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof LsgException foreseen) {
        throw foreseen;
      }
      throw failed(what, e.getCause().toString(), e.getCause());
    } catch (TimeoutException e) {
      throw failed(what, "no answer in " + most.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(what, "interrupted", e);
    } finally {
      thread.shutdownNow();
    }
  }

  private LsgException failed(String what, String why, Throwable cause) {
    return LsgException.environment(
        "the MLflow server at "
            + credentials.getHost()
            + " (tracking.mlflow) could not be told of "
            + what
            + ": "
            + why
            + "; what was made is whole, and a repeated run tells it",
        cause);
  }

  /** The number of the run, whether it was there or not. */
  private String tell(String experiment, TrackedRun run, Optional<String> parent)
      throws IOException, InterruptedException {
    String same =
        "tags.\"%s\" = '%s' and attributes.status = 'FINISHED'"
            .formatted(FINGERPRINT, run.fingerprint());
    List<RunInfo> there = client.searchRuns(List.of(experiment), same);
    if (!there.isEmpty()) {
      return there.get(0).getRunId();
    }
    CreateRun.Builder request =
        CreateRun.newBuilder()
            .setExperimentId(experiment)
            .setRunName(run.name())
            .setStartTime(System.currentTimeMillis())
            .addTags(tag(NAME, run.name()))
            .addTags(tag(FINGERPRINT, run.fingerprint()));
    parent.ifPresent(id -> request.addTags(tag(PARENT, id)));
    run.tags().forEach((name, value) -> request.addTags(tag(name, value)));
    RunInfo made = client.createRun(request.build());
    try {
      params(made.getRunId(), run.params());
      metrics(made.getRunId(), run);
      for (Map.Entry<String, byte[]> file : run.files().entrySet()) {
        files.upload(made, file.getKey(), file.getValue());
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      try {
        client.setTerminated(made.getRunId(), RunStatus.FAILED);
      } catch (MlflowClientException gone) {
        e.addSuppressed(gone);
      }
      throw e;
    }
    client.setTerminated(made.getRunId(), RunStatus.FINISHED);
    return made.getRunId();
  }

  private static RunTag tag(String name, String value) {
    return RunTag.newBuilder().setKey(name).setValue(value).build();
  }

  private void params(String run, Map<String, String> params) {
    List<Param> all = new ArrayList<>();
    params.forEach(
        (name, value) ->
            all.add(
                Param.newBuilder()
                    .setKey(MlflowNames.named(name))
                    .setValue(value.substring(0, Math.min(LONGEST_PARAM, value.length())))
                    .build()));
    for (List<Param> some : parts(all, PARAMS_AT_ONCE)) {
      client.logBatch(run, List.of(), some, List.of());
    }
  }

  private void metrics(String run, TrackedRun of) {
    List<Metric> all = new ArrayList<>();
    of.metrics().forEach((name, value) -> add(all, name, value, 0));
    for (TrackedRun.Step step : of.history()) {
      step.metrics().forEach((name, value) -> add(all, name, value, step.step()));
    }
    for (List<Metric> some : parts(all, METRICS_AT_ONCE)) {
      client.logBatch(run, some, List.of(), List.of());
    }
  }

  private static <T> List<List<T>> parts(List<T> all, int size) {
    List<List<T>> parts = new ArrayList<>();
    for (int from = 0; from < all.size(); from += size) {
      parts.add(all.subList(from, Math.min(all.size(), from + size)));
    }
    return parts;
  }

  private static void add(List<Metric> all, String name, double value, long step) {
    if (Double.isFinite(value)) {
      all.add(
          Metric.newBuilder()
              .setKey(MlflowNames.named(name))
              .setValue(value)
              .setStep(step)
              .setTimestamp(System.currentTimeMillis())
              .build());
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
