/** Videos as samples: clips of frames, their sampling and their views. */
package io.github.lsgspark.dataset.video;
