package io.github.lsgspark.training;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.graph.TextGraph;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.util.SerializableConfiguration;

/**
 * All that a replica needs, equal on every replica; sent to the executors once.
 *
 * @param iterations steps to take
 * @param labels class names, in order of their ids
 * @param labelled the samples of the label budget
 * @param unlabelled the rest; empty unless unlabelled samples are used
 * @param validation samples that choose a checkpoint; may be empty
 * @param weights content of the safetensors file to start from; null: drawn by the seed
 * @param weightsName what to call that file in errors
 * @param graph guides the backbone; null for plain fine-tuning
 * @param gcn content of the GCN's weights.safetensors; null for plain fine-tuning
 * @param outDir where rank 0 writes the model
 */
record TrainingPlan(
    Settings settings,
    int iterations,
    List<String> labels,
    List<Sample> labelled,
    List<Sample> unlabelled,
    List<Sample> validation,
    byte[] weights,
    String weightsName,
    TextGraph graph,
    byte[] gcn,
    SerializableConfiguration hadoop,
    String outDir)
    implements Serializable {

  boolean guided() {
    return graph != null;
  }
}
