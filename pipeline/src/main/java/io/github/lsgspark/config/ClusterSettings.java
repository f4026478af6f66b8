package io.github.lsgspark.config;

import java.io.Serializable;

/**
 * @param gpusPerExecutor GPUs of one executor
 * @param bindAddress address replicas listen on; empty: the executor's own
 * @param uploadLimit bytes of one input of the submitting machine that the launcher brings to the
 *     work directory, at most
 */
public record ClusterSettings(
    @Range(min = 0, max = 64) int gpusPerExecutor,
    String bindAddress,
    @Range(min = 0) long uploadLimit)
    implements Serializable {}
