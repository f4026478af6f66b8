package io.github.lsgspark.dataset;

import java.io.Serializable;

/**
 * A file of a source, read and not opened.
 *
 * @param id within the source
 * @param bytes null if it could not be read
 * @param reason why it could not be; null if it could
 * @param detail the same for people
 */
@SuppressWarnings("ArrayRecordComponent")
public record SampleContent(String id, byte[] bytes, String reason, String detail)
    implements Serializable {}
