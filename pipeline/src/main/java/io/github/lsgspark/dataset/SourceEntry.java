package io.github.lsgspark.dataset;

import java.io.Serializable;

/**
 * One file that may become a sample, before it is opened.
 *
 * @param id name within the data set, unique
 * @param label class as the source names it; empty if it names none
 * @param split train, validation or test
 * @param location file, archive, or drawn: source
 * @param member path within the archive, or number of a drawn picture; empty for a file
 */
record SourceEntry(String id, String label, String split, String location, String member)
    implements Serializable {

  SourceEntry withSplit(String other) {
    return new SourceEntry(id, label, other, location, member);
  }

  /** Whether {@link #location} is itself the image file. */
  boolean isFile() {
    return member.isEmpty();
  }
}
