/**
 * Public networks of images as their own files describe them: transformers' and timm's directories.
 *
 * <p>A family of networks is one class, {@link io.github.lsgspark.tower.TowerFamily}, which reads
 * the file's keys and says how the network is built and what its tensors are called.
 */
package io.github.lsgspark.tower;
