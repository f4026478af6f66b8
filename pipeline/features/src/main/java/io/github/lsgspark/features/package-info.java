/**
 * Frozen features: what a network that is not trained gives for every sample, as a table. One
 * forward pass over the data; everything that is fitted on top takes seconds.
 */
package io.github.lsgspark.features;
