/** Watching a training: its log line, TensorBoard event files, metrics as JSON lines. */
package io.github.lsgspark.training.metrics;
