package io.github.lsgspark.training;

import io.github.lsgspark.config.LsgSettings;
import io.github.lsgspark.torch.Collective;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.Tensors;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * Numbers of one step, each replica's contributions added up over its parts and then over the
 * replicas: what decides about the step is the same everywhere.
 */
final class StepMetrics {
  private static final int CROSS_ENTROPY = 0;
  private static final int HITS = 1;
  private static final int ALIGN = 2;
  private static final int REGULARIZATION = 3;
  private static final int UNLABELLED_ALIGN = 4;
  private static final int UNLABELLED_REGULARIZATION = 5;
  private static final int UNLABELLED = 6;
  private static final int SHRINKAGE = 7;
  private static final int PROTOTYPES = 8;
  private static final int UNLABELLED_PROTOTYPES = 9;
  private static final int STOP = 10;

  private double[] sums = new double[STOP + 1];
  private final LsgSettings lsg;
  private final double guidance;
  private double l2Sp;

  /**
   * @param guidance factor of the terms of the guidance in this step
   */
  StepMetrics(LsgSettings lsg, double guidance) {
    this.lsg = lsg;
    this.guidance = guidance;
  }

  /**
   * @param share of the replica's part in the global batch
   */
  void labelled(double crossEntropy, double hits, double share) {
    sums[CROSS_ENTROPY] += share * crossEntropy;
    sums[HITS] += hits;
  }

  /**
   * @param part that they are of the step; with {@code unlabelled}, times the weight of their terms
   */
  void guided(LsgObjective.Losses losses, boolean unlabelled, double part) {
    double share = part * losses.share();
    int first = unlabelled ? UNLABELLED_ALIGN : ALIGN;
    sums[first] += share * Tensors.item(losses.align().detach());
    sums[first + 1] += share * Tensors.item(losses.regularization().detach());
    if (losses.prototypes().isPresent()) {
      sums[unlabelled ? UNLABELLED_PROTOTYPES : PROTOTYPES] +=
          share * Tensors.item(losses.prototypes().get().detach());
    }
  }

  /**
   * Counts other terms of unlabelled samples.
   *
   * @param loss of this replica, weighted
   */
  void unlabelled(double loss) {
    sums[UNLABELLED] += loss;
  }

  /**
   * @param term of batch spectral shrinkage, as it enters the loss
   */
  void shrunk(double term) {
    sums[SHRINKAGE] += term;
  }

  /**
   * @param penalty of L2-SP, which is the same on all replicas
   */
  void l2Sp(double penalty) {
    l2Sp = penalty;
  }

  /** Says that this replica was asked to stop. */
  void stop() {
    sums[STOP] = 1;
  }

  /** Adds the other replicas' numbers. */
  void reduce(Collective collective, ComputeDevice device, String what) {
    if (collective.worldSize() > 1) {
      Tensor all = Tensors.to(Tensors.of(sums, sums.length), Dtype.FLOAT64, device);
      collective.allReduceSum(all, what);
      sums = Tensors.doubles(all);
    }
  }

  double crossEntropy() {
    return sums[CROSS_ENTROPY];
  }

  double align() {
    return sums[ALIGN];
  }

  double regularization() {
    return sums[REGULARIZATION];
  }

  double shrinkage() {
    return sums[SHRINKAGE];
  }

  double l2Sp() {
    return l2Sp;
  }

  /** Rows whose label the classifier found. */
  double hits() {
    return sums[HITS];
  }

  boolean stopped() {
    return sums[STOP] > 0;
  }

  /** The cross entropy against the class prototypes. */
  double prototypes() {
    return sums[PROTOTYPES];
  }

  /** The terms of unlabelled samples, weighted. */
  double unlabelled() {
    return sums[UNLABELLED]
        + guided(UNLABELLED_ALIGN, UNLABELLED_REGULARIZATION, UNLABELLED_PROTOTYPES);
  }

  /** The terms of the loss, as they enter it, by the names that people know them by. */
  Map<String, Double> terms() {
    Map<String, Double> terms = new LinkedHashMap<>();
    terms.put("cross-entropy", sums[CROSS_ENTROPY]);
    terms.put("alignment loss", sums[ALIGN]);
    terms.put("regularization loss", sums[REGULARIZATION]);
    terms.put("prototype loss", sums[PROTOTYPES]);
    terms.put("terms of unlabelled samples", unlabelled());
    terms.put("spectral shrinkage (bss)", sums[SHRINKAGE]);
    terms.put("distance from the start (l2-sp)", l2Sp);
    return terms;
  }

  /** The loss of the step. */
  double loss() {
    return sums[CROSS_ENTROPY]
        + guided(ALIGN, REGULARIZATION, PROTOTYPES)
        + unlabelled()
        + sums[SHRINKAGE]
        + l2Sp;
  }

  private double guided(int align, int regularization, int prototypes) {
    return guidance
        * (lsg.alignWeight() * sums[align]
            + lsg.regularizationWeight() * sums[regularization]
            + lsg.prototypeFactor() * sums[prototypes]);
  }
}
