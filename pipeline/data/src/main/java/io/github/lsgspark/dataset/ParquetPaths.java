package io.github.lsgspark.dataset;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.ParquetFooter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * The paths that a Parquet table of samples names, by its {@link TableColumns}, read from these
 * columns alone and without Spark. Row groups whose pictures all lie in the table name none; of one
 * that mixes both, every path is taken.
 */
final class ParquetPaths {
  private final HadoopFiles files;
  private final String source;
  private final DataSettings data;
  private final Path beside;
  private final Path base;

  ParquetPaths(HadoopFiles files, String source, DataSettings data) {
    this.files = files;
    this.source = source;
    this.data = data;
    this.beside = new Path(source).getParent();
    this.base = data.root().isEmpty() ? beside : new Path(data.root());
  }

  void of(FileStatus part, Consumer<String> found) {
    try (ParquetFileReader reader = ParquetFooter.open(files, part)) {
      MessageType schema = reader.getFileMetaData().getSchema();
      TableColumns all = TableColumns.of(TableField.of(schema), data, source);
      List<String[]> columns = columns(all);
      MessageType wanted = projection(schema, columns);
      String picture = String.join(".", all.content());
      if (columns.isEmpty()) {
        return;
      }
      reader.setRequestedSchema(wanted);
      MessageColumnIO io = new ColumnIOFactory().getColumnIO(wanted);
      for (BlockMetaData block : reader.getRowGroups()) {
        if (holdsAll(block, picture)) {
          reader.skipNextRowGroup();
          continue;
        }
        PageReadStore pages = reader.readNextRowGroup();
        RecordReader<Group> rows = io.getRecordReader(pages, new GroupRecordConverter(wanted));
        for (long row = 0; row < pages.getRowCount(); row++) {
          String path = first(rows.read(), columns);
          if (path != null) {
            found.accept(resolved(path));
          }
        }
      }
    } catch (IOException | RuntimeException e) {
      if (e instanceof LsgException told) {
        throw told;
      }
      throw ParquetFooter.failed(part, e);
    }
  }

  private String resolved(String path) {
    boolean packed = path.matches(PackFolder.REFERENCE);
    return Place.of(ParquetSource.resolved(packed ? beside : base, path)).path();
  }

  /** Whether no row of a row group lacks its picture. */
  private static boolean holdsAll(BlockMetaData block, String picture) {
    for (ColumnChunkMetaData column : block.getColumns()) {
      if (column.getPath().toDotString().equals(picture)) {
        return column.getStatistics() != null
            && column.getStatistics().isNumNullsSet()
            && column.getStatistics().getNumNulls() == 0;
      }
    }
    return false;
  }

  /** The columns of paths, or that of ids if there are none; the first that is not null counts. */
  private static List<String[]> columns(TableColumns all) {
    List<String[]> columns = new ArrayList<>();
    all.paths().forEach(path -> columns.add(path.toArray(String[]::new)));
    if (columns.isEmpty()) {
      all.id().ifPresent(id -> columns.add(new String[] {id.name()}));
    }
    return columns;
  }

  private static MessageType projection(MessageType schema, List<String[]> columns) {
    List<Type> fields = new ArrayList<>();
    for (String[] column : columns) {
      Type field = schema.getType(column[0]);
      fields.add(
          column.length == 1
              ? field
              : field.asGroupType().withNewFields(field.asGroupType().getType(column[1])));
    }
    return new MessageType(schema.getName(), fields);
  }

  private static String first(Group row, List<String[]> columns) {
    for (String[] column : columns) {
      Group group = row;
      for (int i = 0; i < column.length - 1 && group != null; i++) {
        group = group.getFieldRepetitionCount(column[i]) == 0 ? null : group.getGroup(column[i], 0);
      }
      String name = column[column.length - 1];
      if (group != null && group.getFieldRepetitionCount(name) > 0) {
        return group.getValueToString(group.getType().getFieldIndex(name), 0);
      }
    }
    return null;
  }
}
