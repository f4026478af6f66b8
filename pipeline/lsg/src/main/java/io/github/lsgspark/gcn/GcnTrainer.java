package io.github.lsgspark.gcn;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains the GCN full batch on the driver (docs/method.md, section 3): one iteration is one step
 * over the whole graph.
 */
final class GcnTrainer {
  private static final Logger LOG = LoggerFactory.getLogger(GcnTrainer.class);

  private final GcnPlan plan;
  private final ComputeDevice device;

  GcnTrainer(GcnPlan plan, ComputeDevice device) {
    this.plan = plan;
    this.device = device;
  }

  /** One look at the progress; held-out figures are null where there are no held-out prompts. */
  record Look(
      int iteration, double loss, double accuracy, Double heldoutLoss, Double heldoutAccuracy) {}

  /**
   * The result.
   *
   * @param iterations steps that were made
   * @param chosenIteration step whose weights these are
   */
  record Result(
      GcnWeights weights,
      int iterations,
      int chosenIteration,
      List<Look> looks,
      double secondsPerIteration) {}

  Result train(GcnGraph graph, Optional<GcnGraph> heldout, GcnWeights initial) {
    boolean early = plan.early();
    List<Look> looks = new ArrayList<>();
    GcnWeights best = null;
    int bestIteration = 0;
    double bestLoss = Double.POSITIVE_INFINITY;
    int worse = 0;
    int iteration = 0;
    long start = System.nanoTime();
    try (Gcn gcn = new Gcn(initial, plan, device);
        GcnOptimizer optimizer = new GcnOptimizer(plan)) {
      while (iteration < plan.iterations() && worse < plan.patience()) {
        iteration++;
        double loss;
        double accuracy;
        try (TensorScope scope = new TensorScope()) {
          Gcn.Pass pass = gcn.differentiate(graph);
          loss = pass.loss();
          accuracy = pass.accuracy();
          if (!Double.isFinite(loss)) {
            throw LsgException.input(
                "the GCN's loss is "
                    + loss
                    + " at iteration "
                    + iteration
                    + "; lower gcn.learning-rate ("
                    + plan.learningRate()
                    + ")");
          }
          gcn.step(pass, optimizer);
        }
        if (iteration % plan.evaluateEvery() == 0 || iteration == plan.iterations()) {
          Look look = look(gcn, heldout, iteration, loss, accuracy);
          looks.add(look);
          log(look, start);
          if (early && look.heldoutLoss < bestLoss) {
            bestLoss = look.heldoutLoss;
            best = gcn.weights();
            bestIteration = iteration;
            worse = 0;
          } else if (early) {
            worse++;
          }
        }
      }
      double seconds = (System.nanoTime() - start) / 1e9 / Math.max(1, iteration);
      return best == null
          ? new Result(gcn.weights(), iteration, iteration, looks, seconds)
          : new Result(best, iteration, bestIteration, looks, seconds);
    }
  }

  private static Look look(
      Gcn gcn, Optional<GcnGraph> heldout, int iteration, double loss, double accuracy) {
    if (heldout.isEmpty()) {
      return new Look(iteration, loss, accuracy, null, null);
    }
    try (TensorScope scope = new TensorScope()) {
      Gcn.Pass pass = gcn.evaluate(heldout.get());
      if (!Double.isFinite(pass.loss())) {
        throw LsgException.input(
            "the GCN's loss of the held-out prompts is "
                + pass.loss()
                + " at iteration "
                + iteration
                + "; lower gcn.learning-rate");
      }
      return new Look(iteration, loss, accuracy, pass.loss(), pass.accuracy());
    }
  }

  private void log(Look look, long start) {
    double seconds = (System.nanoTime() - start) / 1e9;
    double rate = look.iteration / seconds;
    LOG.info(
        String.format(
            "gcn %d/%d  loss %.4f  accuracy %.1f%%%s  %.0f it/s  %.0f s left",
            look.iteration,
            plan.iterations(),
            look.loss,
            100 * look.accuracy,
            look.heldoutLoss == null
                ? ""
                : String.format(
                    "  held-out loss %.4f accuracy %.1f%%",
                    look.heldoutLoss, 100 * look.heldoutAccuracy),
            rate,
            (plan.iterations() - look.iteration) / rate));
  }
}
