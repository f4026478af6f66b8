/** Label encoders, and the stage that turns prompted labels into vectors. */
package io.github.lsgspark.embedding;
