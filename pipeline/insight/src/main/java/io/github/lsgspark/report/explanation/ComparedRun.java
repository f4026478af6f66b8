package io.github.lsgspark.report.explanation;

import java.util.Optional;

/**
 * One evaluated run that takes part in a comparison.
 *
 * @param method name of the variant, such as plain or lsg
 * @param trainDir output of the train stage
 * @param evaluateDir output of the evaluate stage
 * @param embedDir output of the embed stage: the true label texts, whatever guided the training
 * @param guidance the semantic graph that guided the training; empty without one
 */
public record ComparedRun(
    String method,
    long seed,
    String trainDir,
    String evaluateDir,
    String embedDir,
    Optional<Guidance> guidance) {}
