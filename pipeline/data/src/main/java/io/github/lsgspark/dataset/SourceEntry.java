package io.github.lsgspark.dataset;

import java.io.Serializable;

/**
 * One picture that may become a sample, before it is opened.
 *
 * @param id name within the data set, unique
 * @param label class as the source names it; empty if it names none
 * @param split train, unlabelled, validation or test
 * @param kind where the bytes are
 * @param location file, folder of frames, archive, Parquet table, drawn: source or place in a pack
 * @param member path within the archive, file and row within the table, number of a drawn picture;
 *     empty for a file
 */
record SourceEntry(String id, String label, String split, Kind kind, String location, String member)
    implements Serializable {

  /** Where the bytes of a picture are. */
  enum Kind {
    FILE,
    ARCHIVE_MEMBER,
    TABLE_ROW,
    DRAWN,
    /** A folder of pictures that is a video. */
    FRAMES,
    /** A piece of a file that is deleted when the samples have been written. */
    SCRATCH,
    /** Nowhere. */
    MISSING
  }

  static SourceEntry file(String id, String label, String split, String location) {
    return new SourceEntry(id, label, split, Kind.FILE, location, "");
  }

  static SourceEntry member(String id, String label, String split, String archive, String member) {
    return new SourceEntry(id, label, split, Kind.ARCHIVE_MEMBER, archive, member);
  }

  static SourceEntry frames(String id, String label, String split, String folder) {
    return new SourceEntry(id, label, split, Kind.FRAMES, folder, "");
  }

  static SourceEntry drawn(String id, String label, String split, String source, int number) {
    return new SourceEntry(id, label, split, Kind.DRAWN, source, Integer.toString(number));
  }

  SourceEntry withSplit(String other) {
    return new SourceEntry(id, label, other, kind, location, member);
  }

  SourceEntry withLabel(String other) {
    return new SourceEntry(id, other, split, kind, location, member);
  }

  SourceEntry withId(String other) {
    return new SourceEntry(other, label, split, kind, location, member);
  }

  /** Whether it lies among the unlabelled samples and names no class. */
  boolean isUnlabelled() {
    return label.isEmpty() && split.equals(SampleTable.UNLABELLED);
  }
}
