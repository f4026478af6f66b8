package io.github.lsgspark.config;

import java.io.Serializable;
import java.util.Locale;

/**
 * What classifies the test samples.
 *
 * @param prototypes classify by the head alone, or by head and GCN class prototypes together
 * @param classifier what classifies, if it is not left to {@code prototypes}
 * @param prototypeScale factor of the cosine to the prototypes before the softmax
 * @param pooling how head and prototypes become one
 * @param seenPenalty subtracted from the cosines to the prototypes of classes with labels, where
 *     there are classes without
 * @param labelMetric how far apart two classes are, for {@link Classifier#LOKI}
 * @param batch images per forward pass of one task
 */
public record EvaluateSettings(
    Prototypes prototypes,
    Choice classifier,
    @Range(min = 0) double prototypeScale,
    Pooling pooling,
    @Range(min = 0, max = 2) double seenPenalty,
    LabelMetric labelMetric,
    @RuntimeOnly("how many samples go through a network at once; each is scored by itself")
        @Range(min = 1, max = 100000)
        int batch,
    @Range(min = 2, max = 1000) int calibrationBins)
    implements Serializable {

  /** Whether the class prototypes have a say beside the head. */
  public enum Prototypes {
    NONE,
    ENSEMBLE
  }

  /** A classifier, or what {@link #prototypes} says. */
  public enum Choice {
    AUTO,
    HEAD,
    PROTOTYPES,
    ENSEMBLE,
    LOKI
  }

  /** What classifies. */
  public enum Classifier {
    /** The classifier that was trained. */
    HEAD,
    /** The class prototype of largest cosine. */
    PROTOTYPES,
    /** Head and class prototypes together. */
    ENSEMBLE,
    /** The Fréchet mean of the head's distribution over the classes with labels. */
    LOKI;

    /** As files and tables name it. */
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How the probabilities of two classifiers become one. */
  public enum Pooling {
    /** Their mean: one that is certain decides. */
    MEAN,
    /** Their geometric mean, scaled to sum 1: both must find a class likely. */
    GEOMETRIC
  }

  /** How far apart two classes are, by the mean vectors of their texts. */
  public enum LabelMetric {
    /** Along the edges that join each class with its nearest. */
    GRAPH,
    /** Straight from one to the other. */
    COSINE
  }

  /** The classifier whose figures head the evaluation and whose predictions are written. */
  public Classifier headline() {
    return switch (classifier) {
      case AUTO -> prototypes == Prototypes.ENSEMBLE ? Classifier.ENSEMBLE : Classifier.HEAD;
      case HEAD -> Classifier.HEAD;
      case PROTOTYPES -> Classifier.PROTOTYPES;
      case ENSEMBLE -> Classifier.ENSEMBLE;
      case LOKI -> Classifier.LOKI;
    };
  }
}
