package io.github.lsgspark.config;

import java.io.Serializable;

/**
 * What executors are asked for, and how replicas find each other.
 *
 * @param gpusPerExecutor GPUs of one executor
 * @param bindAddress address replicas listen on; empty: the executor's own
 * @param uploadLimit bytes of one input of the submitting machine that the launcher brings to the
 *     work directory, at most
 */
public record ClusterSettings(
    @RuntimeOnly("what Spark is asked for; where replicas and tasks compute enters as train.device")
        @Range(min = 0, max = 64)
        int gpusPerExecutor,
    @RuntimeOnly("by which address replicas meet") String bindAddress,
    @RuntimeOnly("how large an input may be that is brought to a cluster; its content enters")
        @Range(min = 0)
        long uploadLimit)
    implements Serializable {}
