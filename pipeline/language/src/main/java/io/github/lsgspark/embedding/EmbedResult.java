package io.github.lsgspark.embedding;

/**
 * What the embedding stage wrote.
 *
 * @param labels classes: C
 * @param trainPrompts prompts per class for training: P
 * @param heldoutPrompts held-out prompts per class
 * @param dimension length of a vector: D
 */
public record EmbedResult(int labels, int trainPrompts, int heldoutPrompts, int dimension) {}
