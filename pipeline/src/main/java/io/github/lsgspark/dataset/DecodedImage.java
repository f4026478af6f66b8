package io.github.lsgspark.dataset;

/**
 * Pixels of an image.
 *
 * @param rgb row-major, three bytes per pixel
 */
@SuppressWarnings("ArrayRecordComponent")
public record DecodedImage(int width, int height, byte[] rgb) {}
