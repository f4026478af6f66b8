package io.github.lsgspark.config;

import java.io.Serializable;

/**
 * What the report page shows.
 *
 * @param samples pictures shown
 * @param graphNodes labels drawn in the graph picture at most
 */
public record ReportSettings(
    @Range(min = 0, max = 10000) int samples, @Range(min = 2, max = 10000) int graphNodes)
    implements Serializable {}
