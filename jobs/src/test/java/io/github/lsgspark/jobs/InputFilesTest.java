package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.storage.HadoopFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that a list or a table names is noticed when it changes; each run looks anew. */
class InputFilesTest {
  private static final String NAMES = "message t { optional binary path (STRING); %s }";

  @TempDir Path folder;

  @BeforeEach
  void files() throws IOException {
    Files.createDirectories(folder.resolve("pictures/frames"));
    for (int i = 0; i < 6; i++) {
      Files.writeString(folder.resolve("pictures/" + i + ".png"), "picture " + i);
    }
    Files.writeString(folder.resolve("pictures/frames/1.png"), "frame");
  }

  private static String look(String path, Map<String, String> settings) {
    return look(path, settings, new Configuration());
  }

  private static String look(String path, Map<String, String> settings, Configuration hadoop) {
    DataSettings data = SettingsLoader.load("", settings).settings().data();
    return new InputFiles(new HadoopFiles(hadoop)).named("data.train", path, data);
  }

  /** That each change of the files gives another identity, and taking it back the first. */
  private void assertNoticed(String path, Map<String, String> settings) throws IOException {
    Path picture = folder.resolve("pictures/3.png");
    Path missing = folder.resolve("pictures/missing.png");
    Path frame = folder.resolve("pictures/frames/1.png");
    String first = look(path, settings);
    assertThat(look(path, settings)).isEqualTo(first);
    Files.writeString(missing, "it appears");
    assertThat(look(path, settings)).as("a missing file appears").isNotEqualTo(first);
    Files.delete(missing);
    assertThat(look(path, settings)).isEqualTo(first);

    var time = Files.getLastModifiedTime(picture);
    Files.writeString(picture, "another picture");
    Files.setLastModifiedTime(picture, time);
    assertThat(look(path, settings)).as("another length").isNotEqualTo(first);
    Files.writeString(picture, "picture 3");
    Files.setLastModifiedTime(picture, java.nio.file.attribute.FileTime.fromMillis(1));
    assertThat(look(path, settings)).as("another time").isNotEqualTo(first);
    Files.delete(picture);
    assertThat(look(path, settings)).as("it is deleted").isNotEqualTo(first);
    Files.writeString(picture, "picture 3");
    Files.setLastModifiedTime(picture, time);
    assertThat(look(path, settings)).isEqualTo(first);

    Files.writeString(frame, "another frame");
    assertThat(look(path, settings)).as("a frame of a folder").isNotEqualTo(first);
    Files.writeString(frame, "frame");
  }

  private Path list(String... names) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (String name : names) {
      lines.append(name).append("\tcat\n");
    }
    return Files.writeString(folder.resolve("list.txt"), lines);
  }

  @Test
  void filesOfAList() throws IOException {
    Path list = list("3.png", "missing.png", "frames", "1.png");
    assertNoticed(list.toString(), Map.of("data.root", folder.resolve("pictures").toString()));
    list = list("pictures/3.png", "pictures/missing.png", "pictures/frames");
    assertNoticed(list.toString(), Map.of());
    String named = look(list.toString(), Map.of());
    Files.writeString(folder.resolve("pictures/5.png"), "not in the list");
    assertThat(look(list.toString(), Map.of())).isEqualTo(named);
  }

  private void table(Path file, String picture, int inline, String... names) throws IOException {
    MessageType schema = MessageTypeParser.parseMessageType(String.format(NAMES, picture));
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
            .withType(schema)
            .build()) {
      for (int i = 0; i < names.length; i++) {
        Group row = new SimpleGroup(schema);
        if (names[i] != null) {
          row.add("path", names[i]);
        }
        if (i < inline) {
          row.add("bytes", Binary.fromString("inside"));
        }
        writer.write(row);
      }
    }
  }

  @Test
  void filesOfATableOfPaths() throws IOException {
    Path table = Files.createDirectories(folder.resolve("table"));
    table(table.resolve("part-0.parquet"), "", 0, "pictures/1.png", null, "pictures/3.png");
    table(table.resolve("part-1.parquet"), "", 0, "pictures/missing.png", "pictures/frames", null);
    assertNoticed(table.toString(), Map.of());
    String mixed = folder.resolve("mixed.parquet").toString();
    table(
        Path.of(mixed),
        "optional binary bytes;",
        1,
        "pictures/1.png",
        "pictures/3.png",
        folder.resolve("pictures/missing.png").toString(),
        folder.resolve("pictures/frames").toUri().toString());
    assertNoticed(mixed, Map.of());
  }

  @Test
  void picturesThatLieInTheTableNeedNoOtherFiles() throws IOException {
    Path table = folder.resolve("all.parquet");
    table(table, "optional binary bytes;", 2, "pictures/1.png", "pictures/3.png");
    String first = look(table.toString(), Map.of());
    Files.writeString(folder.resolve("pictures/3.png"), "where it once was read from");
    assertThat(look(table.toString(), Map.of())).isEqualTo(first);
  }

  @Test
  void aDamagedTableIsToldBeforeAnyWork() throws IOException {
    Path table = folder.resolve("all.parquet");
    table(table, "", 0, "pictures/1.png", "pictures/3.png");
    byte[] whole = Files.readAllBytes(table);
    Files.deleteIfExists(folder.resolve(".all.parquet.crc"));
    for (int length : List.of(0, 3, whole.length / 2, whole.length - 1)) {
      Files.write(table, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> look(table.toString(), Map.of()))
          .as("%d bytes", length)
          .isInstanceOfSatisfying(LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(3))
          .hasMessageContaining("all.parquet: cannot be read as Parquet");
    }
  }

  @Test
  void onARemoteStoreAFolderIsListedOnce() throws IOException {
    Configuration hadoop = new Configuration();
    hadoop.setClass("fs.counted.impl", Counted.class, org.apache.hadoop.fs.FileSystem.class);
    list(
        "pictures/0.png",
        "pictures/1.png",
        "pictures/2.png",
        "pictures/3.png",
        "pictures/missing.png",
        "pictures/frames");
    String list = "counted:" + folder.resolve("list.txt");
    String first = look(list, Map.of(), hadoop);
    Counted.ASKED.clear();
    assertThat(look(list, Map.of(), hadoop)).isEqualTo(first);
    assertThat(Counted.ASKED).noneMatch(path -> path.endsWith(".png"));
    assertThat(Counted.ASKED)
        .contains("list " + folder.resolve("pictures"))
        .doesNotHaveDuplicates();
    Files.writeString(folder.resolve("pictures/missing.png"), "it appears");
    String second = look(list, Map.of(), hadoop);
    assertThat(second).isNotEqualTo(first);
    Files.writeString(folder.resolve("pictures/2.png"), "another picture");
    String third = look(list, Map.of(), hadoop);
    assertThat(third).isNotEqualTo(second);
    Files.writeString(folder.resolve("pictures/frames/1.png"), "another frame");
    assertThat(look(list, Map.of(), hadoop)).isNotEqualTo(third);
  }

  /** Local files under another scheme, which notes what it is asked for. */
  public static final class Counted extends RawLocalFileSystem {
    static final List<String> ASKED = new CopyOnWriteArrayList<>();
    private static final ThreadLocal<Boolean> LISTING = ThreadLocal.withInitial(() -> false);

    @Override
    public URI getUri() {
      return URI.create("counted:///");
    }

    @Override
    public String getScheme() {
      return "counted";
    }

    @Override
    public FileStatus getFileStatus(org.apache.hadoop.fs.Path path) throws IOException {
      if (!LISTING.get() && path.getName().endsWith(".png")) {
        ASKED.add("ask " + path);
      }
      return plain(super.getFileStatus(path));
    }

    @Override
    public FileStatus[] listStatus(org.apache.hadoop.fs.Path path) throws IOException {
      ASKED.add("list " + path.toUri().getPath());
      LISTING.set(true);
      try {
        return Arrays.stream(super.listStatus(path)).map(Counted::plain).toArray(FileStatus[]::new);
      } finally {
        LISTING.set(false);
      }
    }

    /** Without the rights, which are asked for by paths of the scheme file only. */
    private static FileStatus plain(FileStatus found) {
      return new FileStatus(
          found.getLen(), found.isDirectory(), 1, 1, found.getModificationTime(), found.getPath());
    }
  }
}
