package io.github.lsgspark.training.ssl;

import java.util.Optional;

/**
 * The soft labels of a closed-form head that unlabelled samples have their part in, kept for the
 * whole training: a sample weighs as much as the head was sure of it.
 */
public final class SoftLabelKind implements StrategyKind {

  @Override
  public String label() {
    return "soft-labels";
  }

  @Override
  public String help() {
    return "the soft labels that stage head has found (head.unlabelled), kept for the whole training";
  }

  @Override
  public int batchRatio() {
    return 2;
  }

  @Override
  public Optional<String> softLabelsOf() {
    return Optional.of(HEAD);
  }

  @Override
  public PseudoLabelling open(StrategyContext context) {
    return new KeptSoftLabels(context);
  }
}
