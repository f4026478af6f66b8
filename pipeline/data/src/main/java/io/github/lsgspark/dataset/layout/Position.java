package io.github.lsgspark.dataset.layout;

import java.util.Optional;

/**
 * What the folders above a file say of it.
 *
 * @param split train, validation, test or unlabelled; empty where no split folder says so
 * @param label name of the class folder; empty below an unlabelled split
 * @param depth folders above the file down to its class folder, or to the unlabelled split
 * @param leftOut why it is no sample
 */
public record Position(String split, String label, int depth, Optional<LeftOut> leftOut) {

  static Position of(String split, String label, int depth) {
    return new Position(split, label, depth, Optional.empty());
  }

  static Position none(LeftOut leftOut) {
    return new Position("", "", 0, Optional.of(leftOut));
  }
}
