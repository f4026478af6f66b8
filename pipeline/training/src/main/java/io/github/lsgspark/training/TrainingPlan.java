package io.github.lsgspark.training;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.storage.Fingerprint;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.util.SerializableConfiguration;

/**
 * All that a replica needs, equal on every replica; sent to the executors once.
 *
 * @param precision of all replicas; not AUTO
 * @param iterations steps to take
 * @param labels class names, in order of their ids
 * @param labelled the samples of the label budget
 * @param unlabelled the rest; empty unless unlabelled samples are used
 * @param softTargets what stage head takes the unlabelled ones for; NONE unless the strategy asks
 * @param validation samples that choose a checkpoint; may be empty
 * @param weights to start from
 * @param guides one that guides the backbone; none for plain fine-tuning
 * @param outDir where rank 0 writes the model
 * @param runningDir where rank 0 writes checkpoints and logs while it trains
 */
record TrainingPlan(
    Settings settings,
    TrainSettings.Precision precision,
    int iterations,
    List<String> labels,
    List<Sample> labelled,
    List<Sample> unlabelled,
    SoftTargets softTargets,
    List<Sample> validation,
    InitialWeights weights,
    List<GuideInput> guides,
    SerializableConfiguration hadoop,
    String outDir,
    String runningDir)
    implements Serializable {

  /** Tells trainings apart whose checkpoints must not be mixed. */
  String identity() {
    return Fingerprint.builder("training")
        .add("seed", settings.seed())
        .add("iterations", iterations)
        .add("labels", labels)
        .add("labelled", labelled.stream().map(Sample::id).toList())
        .add("unlabelled", unlabelled.stream().map(Sample::id).toList())
        .add("backbone", settings.train().backbone())
        .add("guided", guided())
        .build()
        .hex();
  }

  /**
   * The same training without some of the labelled samples, and without a validation split: as many
   * steps, or as many passes over what is left.
   *
   * @param hidden ids of the samples
   */
  TrainingPlan without(Set<String> hidden) {
    List<Sample> left = labelled.stream().filter(sample -> !hidden.contains(sample.id())).toList();
    return new TrainingPlan(
        settings,
        precision,
        TrainStage.iterations(settings.train(), left.size()),
        labels,
        left,
        unlabelled,
        softTargets,
        List.of(),
        weights,
        guides,
        hadoop,
        outDir,
        runningDir);
  }

  /** Classes that no labelled sample shows. */
  int[] classesWithoutLabels() {
    Set<Integer> seen = labelled.stream().map(Sample::label).collect(Collectors.toSet());
    return IntStream.range(0, labels.size()).filter(label -> !seen.contains(label)).toArray();
  }

  /** What guides the backbone; empty for plain fine-tuning. */
  Optional<GuideInput> guide() {
    return guides.stream().findFirst();
  }

  boolean guided() {
    return guide().isPresent();
  }
}
