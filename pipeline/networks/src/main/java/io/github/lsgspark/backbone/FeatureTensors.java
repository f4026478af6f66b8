package io.github.lsgspark.backbone;

/** Names of the tensors of a transform of features, in the files of models. */
public final class FeatureTensors {
  /** Minus the mean over the pool [d]. */
  public static final String SHIFT = "transform.shift";

  /** The whitening: weight [d, d] and bias [d], if there is one. */
  public static final String WHITENING = "transform.whitening";

  private FeatureTensors() {}
}
