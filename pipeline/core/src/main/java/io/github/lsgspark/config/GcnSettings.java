package io.github.lsgspark.config;

import java.io.Serializable;

/**
 * Training of the two-layer GCN (docs/method.md, section 3). What is {@code auto} is by the
 * schedule.
 *
 * @param iterations auto, or at least 1
 * @param learningRate auto, or above 0
 * @param evaluateEvery iterations between two looks at the held-out prompts
 * @param patience looks without a better held-out loss, where training ends by it
 * @param start weights to start from, where {@code init} names none
 * @param init safetensors with gc1.weight and gc2.weight to start from; empty: as {@code start}
 *     says
 * @param device where the driver computes; auto: the GPU that Spark gave the driver, if any
 */
public record GcnSettings(
    Schedule schedule,
    Optimizer optimizer,
    String iterations,
    String learningRate,
    @Range(min = 0, max = 1) double momentum,
    @Range(min = 0, max = 1) double weightDecay,
    String evaluateEvery,
    String patience,
    Precision precision,
    Start start,
    @InputPath String init,
    TrainSettings.Device device)
    implements Serializable {

  /** Refuses what is neither auto nor a number. */
  public GcnSettings {
    AutoNumber.count("iterations", iterations, 1);
    AutoNumber.of("learning-rate", learningRate, 1e-12, 1000);
    AutoNumber.count("evaluate-every", evaluateEvery, 1);
    AutoNumber.count("patience", patience, 1);
  }

  /** When training ends, and what is set where a key says auto. */
  public enum Schedule {
    /** Adam from the class means, the best weights on held-out prompts. */
    FAST,
    /** The reference's: 5,005 iterations of SGD, the last weights. */
    OFFICIAL,
    /** The reference's, but the best weights on held-out prompts. */
    EARLY_STOPPING
  }

  /** How weights follow their gradients. */
  public enum Optimizer {
    /** ADAM with the fast schedule, else SGD. */
    AUTO,
    /** With Nesterov momentum, as the reference. */
    SGD,
    ADAM
  }

  /** Arithmetic of the GCN. */
  public enum Precision {
    /** With the fast schedule BFLOAT16 where the driver is fast at it, else FLOAT32. */
    AUTO,
    /** Large products in bfloat16, everything else in float32. */
    BFLOAT16,
    FLOAT32,
    FLOAT64
  }

  /** Weights before the first iteration. */
  public enum Start {
    /** CLASS_MEANS with the fast schedule, else RANDOM. */
    AUTO,
    /** As the reference: all drawn by the seed. */
    RANDOM,
    /** The second layer holds the class means of what the first gives. */
    CLASS_MEANS
  }

  /** Whether it is the fast schedule. */
  public boolean isFast() {
    return schedule == Schedule.FAST;
  }

  /** Iterations, those of auto given. */
  public int iterationsOr(int auto) {
    return AutoNumber.count("iterations", iterations, auto);
  }

  /** The learning rate, that of auto given. */
  public double learningRateOr(double auto) {
    return AutoNumber.of("learning-rate", learningRate, 1e-12, 1000).orElse(auto);
  }

  /** Iterations between two looks, those of auto given. */
  public int evaluateEveryOr(int auto) {
    return AutoNumber.count("evaluate-every", evaluateEvery, auto);
  }

  /** Looks without a better held-out loss, those of auto given. */
  public int patienceOr(int auto) {
    return AutoNumber.count("patience", patience, auto);
  }
}
