package io.github.lsgspark.training;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.TrainSettings;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in a sentence what a card's memory does not hold, and what of a step it would. */
final class DeviceMemory {
  private static final Pattern SHORT =
      Pattern.compile(
          "CUDA out of memory\\. Tried to allocate ([0-9.]+ [KMGT]iB).*?"
              + "total capacity of ([0-9.]+ [KMGT]iB)(?: of which ([0-9.]+ (?:bytes|[KMGT]iB)) is free)?");

  private DeviceMemory() {}

  /** The failure of a step as a sentence if it was that, else as it is. */
  static RuntimeException explained(RuntimeException failure, TrainSettings train, int replicas) {
    Optional<LsgException> lacking = lacking(failure, train, replicas);
    return lacking.isPresent() ? lacking.get() : failure;
  }

  /**
   * The failure of a step, if it was that.
   *
   * @param replicas of the training
   */
  static Optional<LsgException> lacking(
      RuntimeException failure, TrainSettings train, int replicas) {
    Matcher matcher = SHORT.matcher(String.valueOf(failure.getMessage()));
    if (!matcher.find()) {
      return Optional.empty();
    }
    int parts = train.accumulation();
    int images = (train.globalBatch() + replicas * parts - 1) / (replicas * parts);
    String free = matcher.group(3) == null ? "" : ", of which " + matcher.group(3) + " were free";
    String remedy =
        images > 1
            ? "set train.accumulation = " + 2 * parts + " for parts of " + (images + 1) / 2
            : "one is the least";
    return Optional.of(
        LsgException.environment(
            String.format(
                "the GPU's memory (%s%s) does not hold a part of %d labelled images (train.views = %d"
                    + " of each, with the unlabelled ones if there are any): %s more were asked for;"
                    + " %s, or make networks or images smaller (train.precision = bfloat16,"
                    + " train.image-size, train.tuning.recompute)",
                matcher.group(2), free, images, train.views(), matcher.group(1), remedy),
            failure));
  }
}
