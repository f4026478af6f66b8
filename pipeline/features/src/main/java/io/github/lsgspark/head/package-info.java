/**
 * Closed-form heads on frozen features: their transform, their fit, and what unlabelled samples
 * add.
 */
package io.github.lsgspark.head;
