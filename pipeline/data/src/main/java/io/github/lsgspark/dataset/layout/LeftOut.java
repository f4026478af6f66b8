package io.github.lsgspark.dataset.layout;

import io.github.lsgspark.storage.FolderWalk.Obstacle;
import io.github.lsgspark.storage.RelativePath;

/**
 * A file or link that is no sample.
 *
 * @param id its path within the source
 * @param sample whether it is, by its name, a file of the modality's types
 */
public record LeftOut(String id, Reason reason, String detail, boolean sample) {

  /** Why. */
  public enum Reason {
    /** Its name, or that of a folder above it, begins with a dot. */
    HIDDEN,
    /** What file managers, cameras and notebooks leave behind. */
    LITTER,
    /** A text, table, archive or sample of another modality. */
    OTHER_TYPE,
    /** In no class folder. */
    NO_CLASS_FOLDER,
    /** In a folder beside the split folders. */
    OTHER_FOLDER,
    /** Of a split that the configuration does not use. */
    OTHER_SPLIT,
    /** Beside a table, no row of which names it. */
    NOT_IN_TABLE,
    /** Beside the samples of a list, no line of which names it. */
    NOT_IN_LIST,
    /** A folder that is entered elsewhere. */
    ENTERED_BEFORE,
    BROKEN_LINK,
    NOT_A_FILE,
    UNREADABLE_NAME,
    /** The archive holds two members of this name. */
    REPEATED_NAME
  }

  /** Holds what may be shown and written. */
  public LeftOut {
    id = RelativePath.printable(id);
    detail = RelativePath.printable(detail);
  }

  static LeftOut unused(String id, Reason reason, String detail) {
    return new LeftOut(id, reason, detail, false);
  }

  /** A file beside the samples of a list, which may be another list's. */
  public static LeftOut unlisted(String id) {
    return unused(id, Reason.NOT_IN_LIST, "no line of the list names it");
  }

  /** What stood in the way of a walk through folders. */
  public static LeftOut of(String id, Obstacle obstacle, String detail, boolean sample) {
    return new LeftOut(id, Reason.valueOf(obstacle.name()), detail, sample);
  }
}
