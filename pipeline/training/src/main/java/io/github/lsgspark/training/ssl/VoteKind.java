package io.github.lsgspark.training.ssl;

import java.util.Optional;

/**
 * The soft labels of a vote of several frozen heads, kept for one training on labelled and
 * unlabelled samples together; each sample weighs alike (V-PET: Zhang et al., arXiv 2503.09707).
 */
public final class VoteKind implements StrategyKind {

  @Override
  public String label() {
    return "vote";
  }

  @Override
  public String help() {
    return "the soft labels of stage vote, by several frozen heads (vote.members), kept for the training";
  }

  @Override
  public int batchRatio() {
    return 2;
  }

  @Override
  public Optional<String> softLabelsOf() {
    return Optional.of(VOTE);
  }

  @Override
  public PseudoLabelling open(StrategyContext context) {
    return new KeptSoftLabels(context);
  }
}
