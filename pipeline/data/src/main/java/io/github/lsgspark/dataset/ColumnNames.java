package io.github.lsgspark.dataset;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What columns of tables and lists are usually called; the first names go before the last. Case,
 * underscores, dashes, blanks and a # do not count.
 */
final class ColumnNames {
  static final List<String> PATHS =
      names(
          "path, reference, file, filename, filepath, image, imagepath, imagefile, imagename, img,"
              + " imgpath, imgname, picture, audio, audiopath, audiofile, sound, soundfile, wav,"
              + " video, videopath, videofile, clip, clippath");

  /** Names that mean a path in a list whose header has none of the others, beside a label. */
  static final List<String> IDS =
      names(
          "id, imageid, imgid, fileid, audioid, videoid, clipid, sampleid, uid, uuid, name, fname,"
              + " basename, fullpath, relpath, relativepath, uri, images, filenames, imageurl,"
              + " slicefilename, recording, track, trackid");

  static final List<String> LABELS =
      names(
          "label, finelabel, labels, labelname, class, classname, classlabel, category,"
              + " categoryname, target, targetname, species, speciesname");

  /** Names that mean a label in a list or table that has none of the others. */
  static final List<String> OTHER_LABELS =
      names("labelid, classid, categoryid, breed, genre, variant");

  static final List<String> SPLITS = names("split");

  private ColumnNames() {}

  private static List<String> names(String all) {
    return List.of(all.split(",\\s*"));
  }

  /** A name without what does not count. */
  static String plain(String name) {
    return name.strip().toLowerCase(Locale.ROOT).replaceAll("[#_\\s-]", "");
  }

  /**
   * Places of the columns that are meant.
   *
   * @param set name that a setting gives; empty: the usual ones
   */
  static List<Integer> matching(List<String> columns, String set, List<String> usual) {
    List<String> wanted = set.isEmpty() ? usual : List.of(plain(set));
    return IntStream.range(0, columns.size())
        .filter(column -> wanted.contains(plain(columns.get(column))))
        .boxed()
        .toList();
  }
}
