package io.github.lsgspark.training.checkpoint;

import io.github.lsgspark.torch.HostArray;
import java.util.Map;

/**
 * The whole state of a training after some steps.
 *
 * @param step steps taken
 * @param arrays tensors by name
 * @param facts what is not a tensor
 */
public record Checkpoint(long step, Map<String, HostArray> arrays, Map<String, String> facts) {}
