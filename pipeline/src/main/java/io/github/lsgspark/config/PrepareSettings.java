package io.github.lsgspark.config;

import java.io.Serializable;

/**
 * How samples are ingested.
 *
 * @param store whether the sample table holds the encoded bytes or a reference to the file
 * @param maxBadFraction share of unreadable files above which the stage fails
 * @param maxFileBytes a larger file is set aside
 * @param maxPixels an image with more pixels is set aside before it is decoded
 */
public record PrepareSettings(
    Store store,
    @Range(min = 0, max = 1) double maxBadFraction,
    @Range(min = 1) long maxFileBytes,
    @Range(min = 1) long maxPixels,
    @Range(min = 1, max = 100000) int partitions)
    implements Serializable {

  /** What a row of the sample table carries. */
  public enum Store {
    /** Bytes for zips and drawn pictures, references for files. */
    AUTO,
    BYTES,
    REFERENCE
  }
}
