package io.github.lsgspark.config;

import java.io.Serializable;

/**
 * How samples are ingested.
 *
 * @param store where the encoded bytes of samples are kept
 * @param maxBadFraction share of unreadable files above which the stage fails
 * @param maxFileBytes a larger file is set aside
 * @param cropBottom rows of pixels cut off below, when a picture is prepared and whenever it is
 *     read
 * @param maxPixels an image with more pixels is set aside before it is decoded
 */
public record PrepareSettings(
    Store store,
    @Range(min = 0, max = 1) double maxBadFraction,
    @Range(min = 1) long maxFileBytes,
    @Range(min = 1) long maxPixels,
    @Range(min = 0, max = 10000) int cropBottom,
    @RuntimeOnly("how many tasks read the samples; each is judged alone, and rows lie by their ids")
        @Range(min = 1, max = 100000)
        int partitions)
    implements Serializable {

  /** Where a row of the sample table points to. */
  public enum Store {
    /** Packs for zips, tables and drawn pictures; files stay where they are. */
    AUTO,
    /** Packs beside the table, for all samples. */
    PACKED,
    /** The original files; what is no file of its own is packed all the same. */
    REFERENCE
  }
}
