package io.github.lsgspark.training.ssl;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.torch.Collective;
import io.github.lsgspark.torch.ComputeDevice;

/** What a strategy is made for: the training on one replica. */
public interface StrategyContext {

  /** Of the run. */
  Settings settings();

  /** Number of classes. */
  int classes();

  /** Each class's part of the labelled samples; their sum is 1. */
  double[] classShares();

  /** Number of unlabelled samples. */
  int unlabelled();

  /** Unlabelled images of a step for each labelled one. */
  int batchRatio();

  /** Steps of the training. */
  int iterations();

  /** The other replicas. */
  Collective collective();

  /** Where this replica computes. */
  ComputeDevice device();

  /**
   * What {@linkplain StrategyKind#softLabelsOf another stage} takes an unlabelled sample for, of a
   * strategy that needs it: probabilities [classes] times the sample's weight.
   *
   * @param sample its place in the list of unlabelled samples
   */
  float[] softLabel(int sample);

  /** Labels from passes over all unlabelled samples, of which all are taken. */
  PseudoLabelling passes(Renewals renewals);

  /** The same, of which each pass takes the share of the most confident of each class. */
  PseudoLabelling confidentPasses(Renewals renewals);
}
