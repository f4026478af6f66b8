package io.github.lsgspark.training.engine;

import io.github.lsgspark.config.ExchangeSettings;
import io.github.lsgspark.config.TrainSettings;
import java.io.Serializable;
import java.time.Duration;

/**
 * How replicas are placed and watched.
 *
 * @param replicas 0: one in local mode, one per executor (or per GPU of an executor) on a cluster
 * @param device of the replicas
 * @param backend what carries sums between them
 * @param bindAddress on which replicas listen; empty: the executor's own
 * @param timeout longest wait of a replica for another, and of the driver for executors
 * @param maxAttempts how often the program is started at most
 * @param grace how long a JVM that is being ended waits for its replica to save
 * @param stopFile its presence asks all replicas to save and stop; on a file system all share
 */
public record EngineOptions(
    int replicas,
    TrainSettings.Device device,
    ExchangeSettings.Backend backend,
    String bindAddress,
    Duration timeout,
    int maxAttempts,
    Duration grace,
    String stopFile)
    implements Serializable {}
