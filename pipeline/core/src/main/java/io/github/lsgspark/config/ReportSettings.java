package io.github.lsgspark.config;

import java.io.Serializable;
import java.util.List;

/**
 * What the report page shows.
 *
 * @param samples pictures shown
 * @param graphNodes labels drawn in the graph picture at most
 * @param notes lines that end the summary of a run, and its page
 */
public record ReportSettings(
    @Range(min = 0, max = 10000) int samples,
    @Range(min = 2, max = 10000) int graphNodes,
    List<String> notes)
    implements Serializable {}
