/** Sounds: their log-mel spectrograms, and the views of them that networks see. */
package io.github.lsgspark.dataset.audio;
