package io.github.lsgspark.dataset;

import java.io.Serializable;

/**
 * One row of the sample table.
 *
 * @param label class number, -1 if unknown
 * @param bytes the encoded image, or null
 * @param reference path of the file, if the table does not hold the bytes
 */
@SuppressWarnings("ArrayRecordComponent")
public record Sample(String id, int label, byte[] bytes, String reference)
    implements Serializable {}
