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
 * @param fold the number of the fold it belongs to, where {@code data.fold} is set
 */
public record ColumnSettings(
    String content, String path, String label, String id, String split, String fold)
    implements Serializable {

  /** Columns by their usual names. */
  public static final ColumnSettings USUAL = new ColumnSettings("", "", "", "", "", "");

  /** Folds take the place of splits. */
  public ColumnSettings withFolds() {
    return new ColumnSettings(content, path, label, id, fold, "");
  }
}
