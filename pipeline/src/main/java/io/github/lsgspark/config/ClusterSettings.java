package io.github.lsgspark.config;

import java.io.Serializable;

/**
 * @param gpusPerExecutor GPUs of one executor
 * @param bindAddress address replicas listen on; empty: the executor's own
 */
public record ClusterSettings(@Range(min = 0, max = 64) int gpusPerExecutor, String bindAddress)
    implements Serializable {}
