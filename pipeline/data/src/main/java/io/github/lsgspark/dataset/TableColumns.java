package io.github.lsgspark.dataset;

import io.github.lsgspark.config.ColumnSettings;
import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.TableField.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which columns of a Parquet table hold what, by the keys of {@code data.columns} or by the names
 * that this program, Spark's binaryFile source and the HuggingFace Hub use. A column is given by
 * the names that lead to it: that of a struct and that of its part.
 *
 * @param content encoded samples; empty if the table holds none
 * @param paths where samples lie, the first that is not null counts
 * @param label empty if there is none
 * @param id empty if there is none
 * @param split empty if there is none
 */
record TableColumns(
    List<String> content,
    List<List<String>> paths,
    Optional<TableField> label,
    Optional<TableField> id,
    Optional<TableField> split) {

  private static final List<String> OWN_CONTENTS = List.of("bytes", "content");
  private static final List<String> OWN_PATHS = List.of("reference", "path");
  private static final List<String> IMAGES =
      List.of("image", "img", "picture", "photo", "pic", "jpg", "jpeg", "png", "webp");
  private static final List<String> SOUNDS =
      List.of("audio", "sound", "speech", "wav", "mp3", "flac", "ogg");
  private static final List<String> VIDEOS =
      List.of("video", "clip", "movie", "mp4", "webm", "avi");

  /** Names whose words go before the numbers of a column "label". */
  private static final List<String> WORDS = List.of("labelname", "classname", "categoryname");

  /**
   * Tells the columns.
   *
   * @param source of the table, for errors
   * @throws LsgException exit 3 naming the columns if there is no sample in them, or it is not
   *     clear which is meant
   */
  static TableColumns of(List<TableField> fields, DataSettings data, String source) {
    return of(fields, data, data.columns(), source);
  }

  /** The same by names in the place of those of the settings. */
  static TableColumns of(
      List<TableField> fields, DataSettings data, ColumnSettings set, String source) {
    return new Choice(fields, data, set, source).columns();
  }

  private static List<String> contents(Modality modality) {
    return switch (modality) {
      case IMAGE -> IMAGES;
      case AUDIO -> SOUNDS;
      case VIDEO -> VIDEOS;
    };
  }

  /** What a column of samples is called after. */
  static Optional<Modality> modalityOf(String column) {
    return Arrays.stream(Modality.values())
        .filter(modality -> contents(modality).contains(ColumnNames.plain(column)))
        .findFirst();
  }

  /** The choice for one table. */
  private record Choice(
      List<TableField> fields, DataSettings data, ColumnSettings names, String source) {

    TableColumns columns() {
      Optional<TableField> content = content(names.content());
      List<List<String>> paths = paths(names.path(), content);
      if (content.isEmpty() && paths.isEmpty()) {
        throw refused(
            "needs a column bytes, content, image, audio, video or the like with the sample, or path"
                + " with its place, or data.columns.content or data.columns.path that names it,");
      }
      return new TableColumns(
          content.map(TableField::contentPath).orElse(List.of()),
          paths,
          label(names.label()),
          names.id().isEmpty()
              ? named("id").filter(TableField::isPlain)
              : Optional.of(set("id", names.id(), TableField::isPlain)),
          names.split().isEmpty()
              ? named("split").filter(TableField::isPlain)
              : Optional.of(set(splitKey(), names.split(), TableField::isPlain)));
    }

    /** Folds take the place of splits. */
    private String splitKey() {
      return names.split().equals(data.columns().split()) ? "split" : "fold";
    }

    private Optional<TableField> content(String set) {
      if (!set.isEmpty()) {
        return Optional.of(set("content", set, TableField::holdsContent));
      }
      for (String own : OWN_CONTENTS) {
        Optional<TableField> found = named(own).filter(TableField::holdsContent);
        if (found.isPresent()) {
          return found;
        }
      }
      List<String> usual = contents(data.modality());
      List<TableField> all = fields.stream().filter(TableField::holdsContent).toList();
      List<TableField> called =
          all.stream().filter(field -> usual.contains(ColumnNames.plain(field.name()))).toList();
      List<TableField> found = called.isEmpty() ? all : called;
      if (found.size() > 1 && !names.path().isEmpty()) {
        return Optional.empty();
      }
      if (found.size() > 1) {
        throw ambiguous("content", found);
      }
      return found.stream().findFirst();
    }

    private List<List<String>> paths(String set, Optional<TableField> content) {
      if (!set.isEmpty()) {
        return List.of(List.of(set("path", set, field -> field.kind() == Kind.TEXT).name()));
      }
      List<List<String>> paths = new ArrayList<>();
      for (String own : OWN_PATHS) {
        named(own)
            .filter(field -> field.kind() == Kind.TEXT)
            .ifPresent(field -> paths.add(List.of(field.name())));
      }
      content
          .or(() -> named("image"))
          .filter(field -> field.texts().contains("path"))
          .ifPresent(field -> paths.add(List.of(field.name(), "path")));
      if (!paths.isEmpty()) {
        return paths;
      }
      List<TableField> usual =
          fields.stream()
              .filter(field -> field.kind() == Kind.TEXT)
              .filter(field -> ColumnNames.PATHS.contains(ColumnNames.plain(field.name())))
              .toList();
      if (usual.size() > 1 && content.isEmpty()) {
        throw ambiguous("path", usual);
      }
      return usual.size() == 1 ? List.of(List.of(usual.get(0).name())) : List.of();
    }

    private Optional<TableField> label(String set) {
      if (!set.isEmpty()) {
        return Optional.of(set("label", set, TableField::isPlain));
      }
      List<TableField> usual = called(ColumnNames.LABELS);
      if (usual.isEmpty()) {
        usual = called(ColumnNames.OTHER_LABELS);
      }
      List<TableField> plain = usual.stream().filter(TableField::isPlain).toList();
      if (plain.isEmpty() && !usual.isEmpty()) {
        throw LsgException.input(
            source
                + ": column "
                + usual.get(0).name()
                + " holds several labels for each sample, where one is needed; data.columns.label"
                + " may name another of "
                + TableField.names(fields));
      }
      List<TableField> words =
          plain.stream()
              .filter(field -> field.kind() == Kind.TEXT)
              .filter(field -> WORDS.contains(ColumnNames.plain(field.name())))
              .toList();
      for (String first : List.of("label", "finelabel")) {
        Optional<TableField> found =
            plain.stream()
                .filter(field -> ColumnNames.plain(field.name()).equals(first))
                .findFirst();
        if (found.isPresent()) {
          return found.get().kind() != Kind.TEXT && words.size() == 1
              ? words.stream().findFirst()
              : found;
        }
      }
      List<TableField> texts = plain.stream().filter(field -> field.kind() == Kind.TEXT).toList();
      List<TableField> found = texts.size() == 1 ? texts : plain;
      if (found.size() > 1) {
        throw ambiguous("label", found);
      }
      return found.stream().findFirst();
    }

    private List<TableField> called(List<String> names) {
      return fields.stream()
          .filter(field -> names.contains(ColumnNames.plain(field.name())))
          .toList();
    }

    private Optional<TableField> named(String name) {
      return fields.stream().filter(field -> field.name().equalsIgnoreCase(name)).findFirst();
    }

    private TableField set(String key, String name, Predicate<TableField> fits) {
      TableField field =
          named(name)
              .orElseThrow(() -> refused("has no column data.columns." + key + " = " + name + ","));
      if (!fits.test(field)) {
        throw refused(
            "column data.columns." + key + " = " + name + " is of a type that cannot hold it,");
      }
      return field;
    }

    private LsgException refused(String what) {
      return LsgException.input(source + ": " + what + " but has " + TableField.names(fields));
    }

    private LsgException ambiguous(String key, List<TableField> found) {
      return LsgException.input(
          source
              + ": columns "
              + TableField.names(found)
              + " may all hold the "
              + key
              + ": data.columns."
              + key
              + " says which does");
    }
  }
}
