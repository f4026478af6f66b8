package io.github.lsgspark.head;

import java.io.Serializable;

/**
 * A candidate, and what the labelled samples say of it when each is scored by a head that did not
 * see it.
 *
 * @param layers whose features it takes
 * @param parameter λ of ridge and logistic, the shrinkage of gda, 0 where there is none
 * @param temperature of the smallest cross entropy, or the given one
 * @param accuracy share of samples whose largest score is that of their label
 * @param crossEntropy mean −log probability of the label, at the temperature, in nats
 */
public record HeadChoice(
    LayerSet layers, double parameter, double temperature, double accuracy, double crossEntropy)
    implements Serializable {}
