package io.github.lsgspark.jobs.checks;

import com.typesafe.config.Config;
import io.github.lsgspark.config.Settings;
import java.util.Set;

/**
 * One variant of a configuration, or its pretrain block.
 *
 * @param settings of it
 * @param effective the same with the places of the values
 * @param reads parts whose inputs must be there, since they are part of what identifies an output
 * @param makes those of them that are not made yet
 */
public record Planned(Settings settings, Config effective, Set<Part> reads, Set<Part> makes) {}
