/** Sentence encoders by name, and the folder of this machine that keeps them. */
package io.github.lsgspark.embedding.models;
