package io.github.lsgspark.backbone;

/** Names of tensors in the files of models that are no public network's. */
public final class FeatureTensors {
  /** Minus the mean over the pool [d]. */
  public static final String SHIFT = "transform.shift";

  /** The whitening: weight [d, d] and bias [d], if there is one. */
  public static final String WHITENING = "transform.whitening";

  /** What frames of a clip are held against [m, d], if some count more than others. */
  public static final String FRAME_TEXTS = "frames.texts";

  /** Before the names of the second network's tensors where two stand side by side. */
  public static final String SECOND = "second.";

  private FeatureTensors() {}
}
