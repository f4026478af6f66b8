/** Pretrained language models from Hub directories: tokens in, pooled vectors out. */
package io.github.lsgspark.embedding.transformer;
