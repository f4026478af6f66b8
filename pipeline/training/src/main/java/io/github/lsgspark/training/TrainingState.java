package io.github.lsgspark.training;

import com.fasterxml.jackson.core.type.TypeReference;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.torch.FlatParameters;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Tensors;
import io.github.lsgspark.training.checkpoint.Checkpoint;
import io.github.lsgspark.training.metrics.TrainingProgress;
import io.github.lsgspark.training.ssl.PseudoLabelling;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * All that changes in a training, to and from a checkpoint: weights and running statistics, the
 * optimiser's momentum, pseudo-labels, the best weights so far and the course. The rest (order of
 * samples, views, learning rate) follows from the seed and the step.
 *
 * @param average of the weights, where there is one
 * @param pseudoLabels of unlabelled samples, where there are some
 */
record TrainingState(
    Network network,
    Optimizer optimizer,
    Optional<ModelEma> average,
    Optional<PseudoLabelling> pseudoLabels,
    BestCheckpoint best,
    TrainingProgress progress) {
  /** Name of the fact that tells trainings apart. */
  static final String PLAN = "plan";

  private static final String VELOCITY = "velocity/";
  private static final String AVERAGE = "average/";
  private static final String PSEUDO_LABELS = "pseudo_labels/";
  private static final String BEST = "best/";
  private static final String BEST_ACCURACY = "best.accuracy";
  private static final String BEST_STEP = "best.step";
  private static final String LOSSES = "progress.losses";
  private static final String CROSS_ENTROPIES = "progress.cross_entropies";
  private static final String LINES = "progress.lines";

  /**
   * @param step steps taken
   * @param plan tells this training from others
   */
  Checkpoint save(long step, String plan) {
    Map<String, HostArray> arrays = new LinkedHashMap<>(network.changing());
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put(PLAN, plan);
    putAll(arrays, VELOCITY, optimizer.velocity());
    average.ifPresent(ema -> putAll(arrays, AVERAGE, ema.values()));
    pseudoLabels.ifPresent(
        labels -> labels.state().forEach((name, array) -> arrays.put(PSEUDO_LABELS + name, array)));
    if (best.found()) {
      best.weights().forEach((name, array) -> arrays.put(BEST + name, array));
      facts.put(BEST_ACCURACY, Double.toString(best.accuracy()));
      facts.put(BEST_STEP, Integer.toString(best.step()));
    }
    TrainingProgress.State course = progress.state();
    arrays.put(LOSSES, HostArray.of(course.losses(), course.losses().length));
    arrays.put(
        CROSS_ENTROPIES, HostArray.of(course.crossEntropies(), course.crossEntropies().length));
    facts.put(LINES, Json.text(course.lines()));
    return new Checkpoint(step, arrays, facts);
  }

  void restore(Checkpoint checkpoint) {
    Map<String, HostArray> arrays = checkpoint.arrays();
    network.load(arrays);
    fill(optimizer.velocity(), below(arrays, VELOCITY));
    average.ifPresent(ema -> fill(ema.values(), below(arrays, AVERAGE)));
    pseudoLabels.ifPresent(labels -> labels.restore(below(arrays, PSEUDO_LABELS)));
    if (checkpoint.facts().containsKey(BEST_STEP)) {
      best.restore(
          below(arrays, BEST),
          Double.parseDouble(checkpoint.facts().get(BEST_ACCURACY)),
          Integer.parseInt(checkpoint.facts().get(BEST_STEP)));
    }
    progress.restore(
        new TrainingProgress.State(
            arrays.get(LOSSES).doubles(),
            arrays.get(CROSS_ENTROPIES).doubles(),
            Json.parse(
                checkpoint.facts().get(LINES),
                new TypeReference<List<TrainingProgress.Line>>() {})));
  }

  /** Adds a tensor in the flat order of the trained parameters, one array for each of them. */
  private void putAll(Map<String, HostArray> arrays, String prefix, Tensor flat) {
    FlatParameters trained = network.trained();
    for (String name : trained.names()) {
      Tensor view = trained.view(flat, name);
      arrays.put(prefix + name, HostArray.of(Tensors.floats(view), trained.shape(name)));
    }
  }

  private void fill(Tensor flat, Map<String, HostArray> arrays) {
    FlatParameters trained = network.trained();
    for (String name : trained.names()) {
      Tensors.fill(trained.view(flat, name), arrays.get(name).floats());
    }
  }

  private static Map<String, HostArray> below(Map<String, HostArray> arrays, String prefix) {
    Map<String, HostArray> found = new LinkedHashMap<>();
    arrays.forEach(
        (name, array) -> {
          if (name.startsWith(prefix)) {
            found.put(name.substring(prefix.length()), array);
          }
        });
    return found;
  }
}
