package io.github.lsgspark.gcn;

import io.github.lsgspark.config.GcnSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Setting;
import io.github.lsgspark.torch.Dtype;
import java.util.function.BooleanSupplier;

/**
 * How the GCN is trained, every setting that is left to the schedule decided. The official schedule
 * is the reference's (docs/method.md, section 3).
 *
 * @param early whether training ends where the held-out loss gets no better, with the best weights;
 *     otherwise after all iterations with the last ones
 * @param optimizer SGD or ADAM
 * @param evaluateEvery iterations between two looks at the held-out prompts
 * @param patience looks without a better held-out loss before it ends
 * @param precision BFLOAT16, FLOAT32 or FLOAT64
 * @param classMeans whether it starts from the class means, otherwise drawn by the seed
 */
public record GcnPlan(
    boolean early,
    GcnSettings.Optimizer optimizer,
    int iterations,
    double learningRate,
    double momentum,
    double weightDecay,
    int evaluateEvery,
    int patience,
    GcnSettings.Precision precision,
    boolean classMeans) {

  /**
   * What {@code gcn.precision} comes to. AUTO is bfloat16 with the fast schedule on a GPU, and on a
   * processor that is faster at it, else float32.
   *
   * @param gpu whether the driver computes on a GPU
   * @param faster whether its processor multiplies bfloat16 faster than float32; asked only where
   *     it counts
   */
  public static GcnSettings.Precision precision(
      GcnSettings settings, boolean gpu, BooleanSupplier faster) {
    if (settings.precision() != GcnSettings.Precision.AUTO) {
      return settings.precision();
    }
    return settings.isFast() && (gpu || faster.getAsBoolean())
        ? GcnSettings.Precision.BFLOAT16
        : GcnSettings.Precision.FLOAT32;
  }

  /**
   * The plan of the settings.
   *
   * @param precision what {@link #precision} says
   * @param heldout whether there are held-out prompts; the fast schedule makes fewer iterations
   *     without them, since nothing tells when to end
   * @throws LsgException exit 2 if early stopping is asked for by name and there are none
   */
  static GcnPlan of(GcnSettings settings, GcnSettings.Precision precision, boolean heldout) {
    if (settings.schedule() == GcnSettings.Schedule.EARLY_STOPPING && !heldout) {
      throw LsgException.usage(
          "gcn.schedule = early-stopping needs held-out prompts, but prompts.heldout = 0");
    }
    boolean fast = settings.isFast();
    return new GcnPlan(
        heldout && settings.schedule() != GcnSettings.Schedule.OFFICIAL,
        settings.optimizer() != GcnSettings.Optimizer.AUTO
            ? settings.optimizer()
            : fast ? GcnSettings.Optimizer.ADAM : GcnSettings.Optimizer.SGD,
        settings.iterationsOr(fast ? heldout ? 1000 : 300 : 5005),
        settings.learningRateOr(fast ? 0.0003 : 0.01),
        settings.momentum(),
        settings.weightDecay(),
        settings.evaluateEveryOr(fast ? 10 : 500),
        settings.patienceOr(fast ? 5 : 3),
        precision,
        settings.start() != GcnSettings.Start.AUTO
            ? settings.start() == GcnSettings.Start.CLASS_MEANS
            : fast);
  }

  @Override
  public String toString() {
    return "%s%d iterations of %s, learning rate %s, %s, from %s"
        .formatted(
            early ? "at most " : "",
            iterations,
            optimizer == GcnSettings.Optimizer.ADAM ? "Adam" : "SGD",
            learningRate,
            Setting.text(precision),
            classMeans ? "the class means" : "a random start");
  }

  /** The element type of weights and nodes. */
  Dtype dtype() {
    return precision == GcnSettings.Precision.FLOAT64 ? Dtype.FLOAT64 : Dtype.FLOAT32;
  }
}
