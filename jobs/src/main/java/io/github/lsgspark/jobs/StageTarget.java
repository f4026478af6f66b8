package io.github.lsgspark.jobs;

/**
 * Where a stage writes.
 *
 * @param folder takes the output, and is published when the stage is done
 * @param running takes what is needed to go on after a break; it is there until the output is
 */
public record StageTarget(String folder, String running) {}
