package io.github.lsgspark.head;

import java.util.List;

/**
 * A head that was fitted, and how it was chosen.
 *
 * @param kind its name
 * @param head on what {@code transform} makes of raw features
 * @param transform of the layers chosen
 * @param choice what leave-one-out says of it
 * @param candidates all that were tried, in their order
 * @param leftOut the labelled samples, each scored without it
 */
public record HeadFit(
    String kind,
    LinearHead head,
    FeatureTransform transform,
    HeadChoice choice,
    List<HeadChoice> candidates,
    LeftOutRows leftOut) {}
