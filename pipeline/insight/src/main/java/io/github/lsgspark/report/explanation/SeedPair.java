package io.github.lsgspark.report.explanation;

/** A run of the baseline and one of the method with the same seed. */
record SeedPair(long seed, RunErrors baseline, RunErrors method) {}
