/** The only package that touches FFmpeg: encoded sounds and videos in memory, opened. */
package io.github.lsgspark.dataset.media;
