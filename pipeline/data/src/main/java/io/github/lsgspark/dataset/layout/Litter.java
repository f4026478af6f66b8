package io.github.lsgspark.dataset.layout;

import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.dataset.modality.FileEndings;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Files that lie beside samples and were never meant to be any. */
public final class Litter {
  private static final Set<String> FOLDERS =
      Set.of(
          "@eadir",
          "#recycle",
          "#snapshot",
          "@recycle",
          "__macosx",
          "__pycache__",
          "$recycle.bin",
          "system volume information",
          "lost+found",
          "network trash folder",
          "temporary items");

  private static final Set<String> FILES =
      Set.of(
          "thumbs.db",
          "ehthumbs.db",
          "desktop.ini",
          "icon\r",
          "readme",
          "license",
          "licence",
          "copying",
          "notice",
          "authors",
          "changelog",
          "makefile",
          "_success",
          "_metadata",
          "_common_metadata");

  private static final Set<String> OTHER =
      Set.of(
          ("txt text csv tsv tab json jsonl ndjson xml html htm md rst yaml yml toml ini cfg conf log"
                  + " pdf doc docx odt xls xlsx ods ppt pptx rtf tex bib py pyc ipynb sh bat js c"
                  + " h cpp java class jar r m mat npy npz pkl pickle pt pth ckpt onnx safetensors h5"
                  + " hdf5 tfrecord tfrecords lmdb mdb db sqlite sqlite3 parquet arrow feather orc avro"
                  + " gz tgz bz2 xz zst tar rar 7z sha256 sha1 md5 sum sig asc torrent url lnk webloc"
                  + " srt vtt ass exe dll so part crdownload tmp bak swp xmp aae thm crc info cache ffs_db"
                  + " pto picasa nomedia")
              .split(" "));

  private Litter() {}

  /**
   * Why a file is no candidate for a sample; empty if it is one. A name without an ending, or with
   * one that nobody knows, is: its first bytes decide.
   *
   * @param path within the source, separated by slashes
   */
  public static Optional<LeftOut> of(Modality modality, String path) {
    String[] parts = path.split("/");
    for (int i = 0; i < parts.length; i++) {
      boolean file = i == parts.length - 1;
      String name = parts[i].toLowerCase(Locale.ROOT);
      if (name.startsWith(".") && name.length() > 1) {
        return Optional.of(
            LeftOut.unused(
                path, LeftOut.Reason.HIDDEN, "the name \"" + parts[i] + "\" begins with a dot"));
      }
      if ((file ? FILES : FOLDERS).contains(name) || (file && name.startsWith("thumbs.db:"))) {
        return Optional.of(
            LeftOut.unused(
                path, LeftOut.Reason.LITTER, "\"" + parts[i] + "\" never holds samples"));
      }
    }
    return isOtherType(modality, parts[parts.length - 1])
        ? Optional.of(
            LeftOut.unused(
                path,
                LeftOut.Reason.OTHER_TYPE,
                "no file of " + modality.name().toLowerCase(Locale.ROOT) + " data by its name"))
        : Optional.empty();
  }

  private static boolean isOtherType(Modality modality, String name) {
    if (FileEndings.isOf(modality, name)) {
      return false;
    }
    int dot = name.lastIndexOf('.');
    String ending = dot <= 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
    return OTHER.contains(ending)
        || ending.equals("zip")
        || Arrays.stream(Modality.values()).anyMatch(other -> FileEndings.isOf(other, name));
  }
}
