package io.github.lsgspark.dataset;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.DataSettings.Layout;
import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.dataset.modality.FileEndings;
import io.github.lsgspark.storage.FolderWalk;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.ParquetFooter;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;

/**
 * What the samples of a source most likely are: by the endings of its files, by the words of a
 * list, by the columns of a table. Pictures where nothing says otherwise.
 */
final class ModalityGuess {
  private static final int MOST_TEXT = 1 << 20;

  private ModalityGuess() {}

  /**
   * Guesses.
   *
   * @throws java.io.FileNotFoundException if there is no such source
   */
  static Modality of(Configuration hadoop, DataSettings data) throws IOException {
    HadoopFiles files = new HadoopFiles(hadoop);
    String source = data.train();
    return switch (SourceKind.of(hadoop, Modality.IMAGE, source)) {
      case TABLE -> ofTable(files, source, data.layout());
      case FOLDER ->
          byEndings(FolderWalk.of(files, source).files().stream().map(FolderWalk.Found::relative));
      case ZIP -> ofZip(hadoop, source);
      case LIST -> ofList(hadoop, source);
      case DRAWN, SAMPLE -> Modality.IMAGE;
    };
  }

  private static Modality ofZip(Configuration hadoop, String source) throws IOException {
    try (ZipFile archive = LocalArchives.open(source, hadoop)) {
      return byEndings(archive.stream().map(ZipEntry::getName));
    } catch (java.util.zip.ZipException e) {
      return Modality.IMAGE; // What is wrong with it is said when it is listed.
    }
  }

  private static Modality ofList(Configuration hadoop, String source) throws IOException {
    try (PlaceReader reader = new PlaceReader(hadoop);
        java.io.InputStream in = reader.open(source)) {
      String text = new String(in.readNBytes(MOST_TEXT), java.nio.charset.StandardCharsets.UTF_8);
      return byEndings(Stream.of(text.split("[\\s,;\"]+")));
    }
  }

  /** By the columns that hold samples; the first of a table that has several kinds. */
  private static Modality ofTable(HadoopFiles files, String source, Layout layout)
      throws IOException {
    Path path = new Path(source);
    TableFiles table = TableFiles.of(files.fileSystem(source), path, layout);
    List<TableField> fields;
    try (ParquetFileReader reader = ParquetFooter.open(files, table.files().get(0))) {
      fields = TableField.of(reader.getFileMetaData().getSchema());
    }
    return fields.stream()
        .filter(TableField::holdsContent)
        .flatMap(field -> TableColumns.modalityOf(field.name()).stream())
        .findFirst()
        .orElse(Modality.IMAGE);
  }

  /** Films are no sounds here, and pictures no frames. */
  private static Modality byEndings(Stream<String> names) {
    Map<Modality, Long> counts = new EnumMap<>(Modality.class);
    names
        .map(name -> name.toLowerCase(Locale.ROOT))
        .forEach(
            name -> {
              if (FileEndings.isPicture(name)) {
                counts.merge(Modality.IMAGE, 1L, Long::sum);
              } else if (FileEndings.isOf(Modality.VIDEO, name) && !name.endsWith(".zip")) {
                counts.merge(Modality.VIDEO, 1L, Long::sum);
              } else if (FileEndings.isOf(Modality.AUDIO, name)) {
                counts.merge(Modality.AUDIO, 1L, Long::sum);
              }
            });
    return counts.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElse(Modality.IMAGE);
  }
}
