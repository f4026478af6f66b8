package io.github.lsgspark.training;

import io.github.lsgspark.graph.TextGraph;
import java.io.Serializable;

/**
 * What guides the backbone: outputs of the stages graph and gcn.
 *
 * @param graph of the texts
 * @param gcn content of the frozen GCN's safetensors file
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
record GuideInput(TextGraph graph, byte[] gcn) implements Serializable {}
