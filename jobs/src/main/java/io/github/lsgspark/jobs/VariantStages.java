package io.github.lsgspark.jobs;

import java.util.Map;

/** What one variant's stages came to, in the order in which they ran. */
record VariantStages(String method, long seed, Map<Stage, StageRecord> stages) {}
