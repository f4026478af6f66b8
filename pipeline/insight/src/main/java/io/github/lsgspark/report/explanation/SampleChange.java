package io.github.lsgspark.report.explanation;

import java.util.List;

/**
 * Test samples that change sides with every seed.
 *
 * @param samples that all runs of both methods have predictions of
 * @param fixed wrong in every run of the baseline, right in every run of the method
 * @param broken the reverse
 * @param fixedIds names of some of those that were fixed; the same ones every time
 * @param brokenIds of those that were broken
 */
public record SampleChange(
    long samples, long fixed, long broken, List<String> fixedIds, List<String> brokenIds) {}
