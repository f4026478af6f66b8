package io.github.lsgspark.jobs.gpucheck;

import io.github.lsgspark.training.OptimizerTrial;

/**
 * Steps of the optimiser on the device: SGD with Nesterov momentum, weight decay and clipping,
 * against the same in plain Java in double precision.
 */
final class OptimizerCheck {
  private static final int SIZE = 100_000;
  private static final int STEPS = 5;
  private static final double RATE = 0.1;
  private static final double MOMENTUM = 0.9;
  private static final double DECAY = 1e-2;

  /** Between the norms of the first gradients and those of the last, so that some are clipped. */
  private static final double CLIP = 200;

  /** Five sums of numbers that are each rounded by 6e-8; the norm has 100 000 terms. */
  private static final double BOUND = 1e-5;

  private final Trial trial;

  OptimizerCheck(Trial trial) {
    this.trial = trial;
  }

  void run(CheckRows rows) {
    float[] weights = Draw.centred(1, SIZE, 1);
    double[] wanted = plain(weights);
    try (OptimizerTrial optimizer =
        new OptimizerTrial(weights, MOMENTUM, DECAY, CLIP, trial.device())) {
      for (int step = 0; step < STEPS; step++) {
        optimizer.step(gradients(step), RATE);
      }
      rows.add(
          CheckRow.atMost(
              "optimiser, " + STEPS + " steps",
              Distance.relative(wanted, trial.result(optimizer.weights())),
              BOUND,
              "sgd with nesterov momentum, decay, clipping"));
    }
  }

  private static float[] gradients(int step) {
    return Draw.centred(10 + step, SIZE, 0.5 + 0.1 * step);
  }

  /** g = grad + decay w; v = momentum v + g; w = w - rate (g + momentum v); grad is clipped. */
  private static double[] plain(float[] initial) {
    double[] weights = new double[SIZE];
    double[] velocity = new double[SIZE];
    for (int i = 0; i < SIZE; i++) {
      weights[i] = initial[i];
    }
    for (int step = 0; step < STEPS; step++) {
      float[] gradients = gradients(step);
      double squares = 0;
      for (float gradient : gradients) {
        squares += (double) gradient * gradient;
      }
      double factor = Math.min(1, CLIP / Math.sqrt(squares));
      for (int i = 0; i < SIZE; i++) {
        double gradient = factor * gradients[i] + DECAY * weights[i];
        velocity[i] = MOMENTUM * velocity[i] + gradient;
        weights[i] -= RATE * (gradient + MOMENTUM * velocity[i]);
      }
    }
    return weights;
  }
}
