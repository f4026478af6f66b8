package io.github.lsgspark.config;

import java.io.Serializable;

/**
 * Soft labels of the unlabelled samples by a vote of several frozen heads, which {@link
 * VoteMembers} names (docs/semi-supervised.md).
 *
 * @param ballots what is averaged over the heads
 * @param balance whether the classes get the shares that {@code head.marginal} says
 * @param sweeps scalings of rows and columns that balance takes
 */
public record VoteSettings(
    Ballots ballots, boolean balance, @Range(min = 1, max = 10000) int sweeps)
    implements Serializable {

  /** What is averaged over the heads. */
  public enum Ballots {
    /** One-hot vectors of the classes that they predict. */
    LABELS,
    /** Their probabilities, each at its own temperature. */
    PROBABILITIES
  }
}
