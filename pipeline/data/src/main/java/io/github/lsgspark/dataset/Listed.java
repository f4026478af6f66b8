package io.github.lsgspark.dataset;

import io.github.lsgspark.dataset.layout.LeftOut;
import java.util.List;

/**
 * What a source holds.
 *
 * @param entries that may become samples
 * @param leftOut every other file
 */
record Listed(List<SourceEntry> entries, List<LeftOut> leftOut) {
  static Listed of(List<SourceEntry> entries) {
    return new Listed(entries, List.of());
  }

  /** How many of the files left out look like samples. */
  long missed() {
    return leftOut.stream().filter(LeftOut::sample).count();
  }
}
