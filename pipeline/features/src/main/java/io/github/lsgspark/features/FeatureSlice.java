package io.github.lsgspark.features;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.Serializable;

/**
 * Where a layer's features stand in a row.
 *
 * @param layer its name in the network
 * @param name as people call it: its alias, or the same
 * @param from place of the first
 * @param length how many
 */
public record FeatureSlice(
    @JsonProperty("layer") String layer,
    @JsonProperty("name") String name,
    @JsonProperty("from") int from,
    @JsonProperty("length") int length)
    implements Serializable {}
