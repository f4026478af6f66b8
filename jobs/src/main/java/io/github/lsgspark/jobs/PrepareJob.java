package io.github.lsgspark.jobs;

import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.dataset.PrepareStage;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.spark.sql.SparkSession;

/** Samples into one table: which there are, which are sound, and whose labels are kept. */
final class PrepareJob implements Stage {
  private static final StageReads<?> READS = declared();

  @Override
  public String name() {
    return "prepare";
  }

  @Override
  public int version() {
    return 5;
  }

  @Override
  public String help() {
    return "Samples into one table: labels, splits, the label budget, unreadable files set aside.";
  }

  @Override
  public String work() {
    return "read, check and split the samples";
  }

  @Override
  public List<StageInput> inputs() {
    return List.of();
  }

  @Override
  public List<StageReads<?>> reads() {
    return List.of(READS);
  }

  @Override
  public Map<String, String> writes() {
    return StageOutputs.of(
        "samples/", "the table of samples",
        "packs/", "the encoded samples, where prepare.store keeps them so",
        "rejected/", "what was set aside, and why",
        "labels.json", "the classes",
        "metrics.json", "counts");
  }

  @Override
  public void check(Loaded loaded) {
    if (loaded.settings().data().train().isEmpty()) {
      throw LsgException.usage("data.train must say where the training samples are");
    }
  }

  @Override
  public void run(SparkSession session, StageInputs inputs, StageTarget target) {
    PrepareStage.run(session, inputs.settings(), target.folder());
  }

  private static StageReads<?> declared() {
    Predicate<Settings> unseen = all -> all.data().unseenClasses().any();
    return StageReads.settings()
        .reads("seed", "data.modality", "data.format", "data.root")
        .locates(all -> all.data().isGeneric(), Settings::data, "data.train", "data.test")
        .reads("data.layout", "data.test-split", "data.duplicates")
        .reads("data.test-fraction", "data.test-seed", "data.validation-fraction")
        .reads("data.label-budget", "data.fold", "data.fold-pattern")
        .readsIf(all -> all.data().isGeneric(), "data.columns")
        .contents("labels.file", "labels.names")
        .readsIf(
            all -> all.labels().file().isEmpty() && all.labels().names().isEmpty(), "labels.words")
        .reads("prepare.store", "prepare.max-bad-fraction", "prepare.max-file-bytes")
        .reads("prepare.max-pixels", "prepare.crop-bottom")
        // A sound is judged when it is resampled, a video by the frames that are kept.
        .readsIf(
            Conditions.of(Modality.AUDIO), "audio.rate", "audio.min-seconds", "audio.max-seconds")
        .readsIf(Conditions.of(Modality.AUDIO), "audio.silence")
        .readsIf(
            Conditions.of(Modality.VIDEO),
            "video.max-seconds",
            "video.frame-rate",
            "video.max-frames")
        .readsIf(Conditions.of(Modality.VIDEO), "video.hardware")
        .readsIf(unseen, "data.unseen-classes.count", "data.unseen-classes.keep-unlabelled")
        .readsIf(all -> all.data().unseenClasses().count() > 0, "data.unseen-classes.seed")
        .contents("data.unseen-classes.file")
        .readsIf(drawsSamples(), "data.drawn")
        .build();
  }

  private static Predicate<Settings> drawsSamples() {
    return all ->
        all.data().train().startsWith(Conditions.DRAWN)
            || all.data().test().startsWith(Conditions.DRAWN);
  }
}
