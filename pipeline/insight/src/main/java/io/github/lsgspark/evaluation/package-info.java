/** Metrics of a trained model, and its predictions. */
package io.github.lsgspark.evaluation;
