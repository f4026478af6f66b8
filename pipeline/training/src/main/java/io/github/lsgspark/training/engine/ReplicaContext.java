package io.github.lsgspark.training.engine;

import io.github.lsgspark.torch.Collective;
import io.github.lsgspark.torch.ComputeDevice;
import java.util.function.BooleanSupplier;

/**
 * Where a replica runs.
 *
 * @param collective what replicas do together
 * @param device the GPU that Spark gave to the task, or the CPU
 * @param threads cores of this replica
 * @param attempt from 1
 * @param stopWanted whether this JVM is being ended: save, and throw {@link StoppedException}
 */
public record ReplicaContext(
    Collective collective,
    ComputeDevice device,
    int threads,
    int attempt,
    BooleanSupplier stopWanted) {}
