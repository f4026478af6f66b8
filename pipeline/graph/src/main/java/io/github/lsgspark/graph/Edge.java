package io.github.lsgspark.graph;

import java.io.Serializable;

/**
 * One direction of an edge between two text nodes.
 *
 * @param weight similarity, or 1 where the selection is binary
 */
public record Edge(int source, int target, double weight) implements Serializable {}
