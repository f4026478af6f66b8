package io.github.lsgspark.config;

import java.io.Serializable;

/**
 * What the columns of tables, and of lists with a header, are called; empty: told by the usual
 * names.
 *
 * @param content encoded samples in a Parquet table: binary, or a struct with {@code bytes}
 * @param path where a sample lies
 * @param label its class
 * @param id its name within a Parquet table
 * @param split the split it belongs to
 */
public record ColumnSettings(String content, String path, String label, String id, String split)
    implements Serializable {

  /** Columns by their usual names. */
  public static final ColumnSettings USUAL = new ColumnSettings("", "", "", "", "");
}
